/** Neighbours of switch ports, as LLDP tells them, in a CSV file. */
import { HeddleError } from "../../util/heddle-error.js";
import { MAX_ISSUES } from "../../util/issue.js";
import { cellsOf } from "../flow-files/read-csv.js";

/** A cabling file cannot be read. Its message has a line for every fault. */
export class CablingError extends HeddleError {
  override readonly name = "CablingError";
  readonly code = "HEDDLE_CABLING";
}

/** What one switch port says of its neighbour. */
export interface Neighbour {
  readonly line: number;
  readonly device: string;
  readonly port: string;
  readonly peer: string;
  readonly peerPort: string;
}

const COLUMNS = "switch,port,neighbour,port";
const LONGEST_FIELD = 200;
const MAX_ROWS = 2 ** 21;

/**
 * Rows of four fields: switch, port, neighbour, port of the neighbour. A first line of names is
 * skipped; so are lines that are empty or begin with `#`.
 * @throws CablingError with the file and line of each fault
 */
export function readNeighbours(text: string, file: string): readonly Neighbour[] {
  const faults: string[] = [];
  const rows: Neighbour[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    if (content.trim() === "" || content.startsWith("#")) continue;
    if (rows.length >= MAX_ROWS) throw new CablingError(`${file}:${line}: more than ${MAX_ROWS} rows`);
    const cells = cellsOf(content);
    const fault = cells === null ? "not CSV: a quote is not closed, or text follows one" : faultOf(cells);
    if (fault !== undefined) {
      faults.push(`${file}:${line}: ${fault}`);
      if (faults.length === MAX_ISSUES) break;
      continue;
    }
    const [device, port, peer, peerPort] = cells as [string, string, string, string];
    if (rows.length === 0 && /^(switch|device|local)/i.test(device) && /^(neighbou?r|peer|remote)/i.test(peer))
      continue;
    rows.push({ line, device, port, peer, peerPort });
  }
  if (faults.length > 0) throw new CablingError(faults.join("\n"));
  if (rows.length === 0) throw new CablingError(`${file}: there are no rows; write lines of ${COLUMNS}`);
  return rows;
}

function faultOf(cells: readonly string[]): string | undefined {
  if (cells.length !== 4) return `${cells.length} fields; write ${COLUMNS}`;
  const empty = cells.findIndex((cell, i) => cell === "" && i < 3);
  if (empty >= 0) return `field ${empty + 1} is empty; write ${COLUMNS}`;
  const long = cells.findIndex((cell) => cell.length > LONGEST_FIELD);
  return long >= 0 ? `field ${long + 1} is longer than ${LONGEST_FIELD} characters` : undefined;
}
