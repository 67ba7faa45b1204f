import { fileErrorReason, InputError } from "./failures.js";

/**
 * The text of a stream, as long as it is sane.
 * @param advice what to do about one that is longer than `limit` bytes
 * @throws InputError
 */
export async function readAll(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  limit: number,
  advice: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) break;
    }
  } catch (cause) {
    throw new InputError(`cannot read ${name}: ${fileErrorReason(cause)}`);
  }
  if (size > limit) throw new InputError(`${name} is larger than ${limit / 2 ** 20} MiB, ${advice}`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new InputError(`${name} is not UTF-8 text`);
  }
}
