/** Columns that a report may take. */
export const WIDTH = 96;

/** Rows with aligned columns, two spaces between them; numbers go right, names left. No trailing spaces. */
export function columns(rows: readonly (readonly string[])[], sides: readonly ("left" | "right")[]): string[] {
  const widths = sides.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (sides[i] === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Breaks a sentence into lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A label and what it says, the labels in a column of their own. */
export function fact(label: string, text: string): string {
  return `  ${label.padEnd(17)} ${text}`;
}

/** A bar for a share from 0 to 1: at least one block for anything above 0. */
export function bar(share: number, width: number): string {
  const blocks = share > 0 ? Math.max(1, Math.round(share * width)) : 0;
  return "█".repeat(Math.min(blocks, width)).padEnd(width, "·");
}
