import { WIDTH, wrap } from "../../util/wrap.js";

/**
 * Rows with aligned columns, two spaces between them; numbers go right, names left. No trailing
 * spaces.
 */
export function columns(rows: readonly (readonly string[])[], sides: readonly ("left" | "right")[]): string[] {
  const widths = sides.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (sides[i] === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

const LABEL_WIDTH = 20;

/** A label and what it says, the labels in a column of their own; in as many lines as it takes. */
export function fact(label: string, text: string): string {
  const [first, ...others] = wrap(text, WIDTH - LABEL_WIDTH);
  const indent = " ".repeat(LABEL_WIDTH);
  return [`  ${label.padEnd(LABEL_WIDTH - 3)} ${first}`, ...others.map((line) => `${indent}${line}`)].join("\n");
}

/** A bar for a share from 0 to 1: at least one block for anything above 0. */
export function bar(share: number, width: number): string {
  const blocks = share > 0 ? Math.max(1, Math.round(share * width)) : 0;
  return "█".repeat(Math.min(blocks, width)).padEnd(width, "·");
}
