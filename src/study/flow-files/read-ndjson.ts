/** Flow lists as NDJSON: an object on each line, its keys the names of columns. */
import type { FlowTable } from "../../scenario/types/flow-table.js";
import { type Cell, COLUMNS, type ColumnIndex, columnIndex, FlowRows } from "./flow-rows.js";
import { eachLine } from "./lines.js";

/** @throws ScenarioError with every fault, by line */
export async function readNdjson(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  digest: () => string,
): Promise<FlowTable> {
  const rows = new FlowRows(file);
  /** Rows may leave out what others have: columns by the keys of a row, in their order. */
  const known = new Map<string, ColumnIndex>();
  await eachLine(chunks, file, (text, line) => {
    if (text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      return rows.fault(`not JSON: ${(cause as Error).message.slice(0, 80)}`, line);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return rows.fault('not an object; write e.g. {"src": 0, "dst": 1, "bytes": 4096}', line);
    }
    const keys = Object.keys(value);
    const shape = keys.join();
    let columns = known.get(shape);
    if (columns === undefined) {
      columns = columnIndex(file, keys, line);
      // More shapes than orders of the columns in use are no honest file.
      if (known.size < COLUMNS.length ** 2) known.set(shape, columns);
    }
    const cells: unknown[] = Object.values(value);
    const wrong = cells.findIndex((cell) => typeof cell === "object" && cell !== null);
    if (wrong >= 0) return rows.fault(`${keys[wrong]} is a list or an object; write a number or text`, line);
    rows.add(cells as Cell[], columns, line);
  });
  return rows.table(digest());
}
