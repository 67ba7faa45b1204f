/** What the process's output streams are, and what may be printed on a terminal. */
import type { StreamName, StreamTraits } from "./messages.js";

const USUAL_COLUMNS = 80;

export function traitsOf(name: StreamName): StreamTraits {
  const stream = process[name];
  const isTerminal = stream.isTTY === true;
  return { isTerminal, columns: stream.columns ?? USUAL_COLUMNS, hasColor: isTerminal && stream.hasColors() };
}

/**
 * Colours and emphasis as answer/text/style.ts writes them, and the return to a line's beginning
 * that clears it.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const OWN = /\r\u001b\[K|\u001b\[(?:0|[1-4]|2[2-4]|3[0-79]|9[0-7])m/;

/** Controls but tab and line feed; marks that turn the direction of text, or hide it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const PARTS = new RegExp(`(${OWN.source})`);

/**
 * Text as a terminal may have it: raw control characters are written as escapes, so that names and
 * contents of files cannot move the cursor, hide lines or answer for the user. The program's own
 * sequences stay.
 */
export function withoutRawControls(text: string): string {
  return text
    .split(PARTS)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(RAW, escaped)))
    .join("");
}

/** As JSON writes it, so that a document stays one. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
