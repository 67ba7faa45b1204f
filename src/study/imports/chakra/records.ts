/** Records of a Chakra trace: each a length and a protobuf message, the first one of metadata. */
import type { SourceFile } from "../common/source.js";

const LARGEST_FILE = 2 ** 33;
const LARGEST_RECORD = 2 ** 24;

/** A record and where it is. */
export interface TraceRecord {
  readonly bytes: Uint8Array;
  /** From 0; the first one is of metadata. */
  readonly number: number;
  /** First byte of its length. */
  readonly at: number;
}

/**
 * Calls `take` with each record as it comes.
 * @throws ScenarioError where a length makes no sense, or the file ends inside a record
 */
export async function eachRecord(file: SourceFile, take: (record: TraceRecord) => void): Promise<void> {
  let rest: Uint8Array = new Uint8Array(0);
  let at = 0;
  let number = 0;
  const cut = (chunk: Uint8Array) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (;;) {
      const length = lengthAt(bytes, from);
      if (length === undefined) break;
      if (length === null || length.value > LARGEST_RECORD) {
        const what = length === null ? "no length" : `a length of ${length.value}`;
        file.fail(
          `${what} at byte ${at + from}; a record has at most ${LARGEST_RECORD} bytes: is this a Chakra trace?`,
        );
      }
      const { value, next } = length!;
      if (next + value > bytes.length) break;
      take({ bytes: bytes.subarray(next, next + value), number: number++, at: at + from });
      from = next + value;
    }
    rest = bytes.slice(from);
    at += from;
  };
  for await (const chunk of file.bytes(LARGEST_FILE)) cut(chunk);
  if (rest.length > 0) file.fail(`the file ends inside the record at byte ${at}; it was cut off`);
  if (number === 0) file.fail("the file is empty; a trace begins with a record of metadata");
}

/** A varint of 32 bits; undefined where it is not all there, null where it is none. */
function lengthAt(bytes: Uint8Array, from: number): { value: number; next: number } | undefined | null {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return null;
}
