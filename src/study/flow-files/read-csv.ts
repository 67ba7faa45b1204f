/** Flow lists as CSV (RFC 4180): a first line of column names, a line for each flow. */
import type { FlowTable } from "../../scenario/types/flow-table.js";
import { type ColumnIndex, columnIndex, FlowRows, flowFileError } from "./flow-rows.js";
import { eachLine } from "./lines.js";

/** A field in quotes, or without, and what ends it. */
const FIELD = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;

/** @throws ScenarioError with every fault, by line */
export async function readCsv(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  digest: () => string,
): Promise<FlowTable> {
  const rows = new FlowRows(file);
  let columns: ColumnIndex | undefined;
  let width = 0;
  await eachLine(chunks, file, (text, line) => {
    if (text.trim() === "") return;
    const cells = cellsOf(columns === undefined ? text.replace(/^\uFEFF/, "") : text);
    if (columns === undefined) {
      if (cells === null) throw flowFileError(file, "the names of the columns are not CSV", line);
      columns = columnIndex(file, cells, line);
      width = cells.length;
    } else if (cells === null) {
      rows.fault("not CSV: a quote is not closed, or text follows one; a field holds no line end", line);
    } else if (cells.length !== width) {
      rows.fault(`${cells.length} fields; there are ${width} columns`, line);
    } else {
      rows.add(cells, columns, line);
    }
  });
  if (columns === undefined) throw flowFileError(file, "the file is empty; its first line names the columns");
  return rows.table(digest());
}

/** The fields of a line without the spaces around them, or null where it is no CSV. */
export function cellsOf(text: string): string[] | null {
  if (!text.includes('"')) {
    const cells = text.split(",");
    for (let i = 0; i < cells.length; i++) cells[i] = cells[i]!.trim();
    return cells;
  }
  const cells: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const found = FIELD.exec(text);
    if (found === null) return null;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2]!.trim());
    if (found[3] === "") return cells;
    // At the end of the text an empty field would match again and again.
    if (FIELD.lastIndex === text.length) return [...cells, ""];
  }
}
