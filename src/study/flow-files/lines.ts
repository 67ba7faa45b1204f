/** Text of a stream, line by line. */
import { flowFileError } from "./flow-rows.js";

/** Characters of a line; a file without line ends would otherwise be read whole. */
const LONGEST_LINE = 64 * 1024;

/**
 * Calls `take` with each line and its number, from 1; line ends are cut off.
 * @throws ScenarioError where the bytes are not UTF-8 text, or a line is too long
 */
export async function eachLine(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  take: (text: string, line: number) => void,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  const cut = (text: string) => take(text.endsWith("\r") ? text.slice(0, -1) : text, ++line);
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw flowFileError(file, "the file is not UTF-8 text", line + 1);
    }
  };
  const split = (text: string) => {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      cut(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > LONGEST_LINE)
      throw flowFileError(file, `a line is longer than ${LONGEST_LINE} characters`, line + 1);
  };
  for await (const chunk of chunks) split(rest + decode(chunk));
  split(rest + decode());
  if (rest !== "") cut(rest);
}
