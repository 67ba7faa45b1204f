/** Lines that terminals show whole. */

/**
 * Columns that a report may take: those of the narrowest usual terminal, which breaks words at its
 * edge.
 */
export const WIDTH = 80;

const CODES = new RegExp(`${"\u001b"}\\[[\\d;]*m`, "g");

/** Columns that text takes on a terminal: codes for colours take none. */
export function visibleLength(text: string): number {
  return text.replace(CODES, "").length;
}

/** A line of words in as many lines as it takes, all but the first indented by two columns. */
export function hanging(text: string): string[] {
  return wrap(text, WIDTH - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

/** Spaces at which a line may break: not those in the name of a link, `leaf-0 -> spine-1`. */
const BREAK = / (?!-> )(?<!-> )/;

/**
 * Breaks a sentence into lines of at most `width` characters; a longer word has a line of its own.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(BREAK)) {
    if (line !== "" && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
