/** Rows of a flow list, whatever file they come from: columns, units, and their faults. */
import { LARGEST_START_PS } from "../../scenario/schema/workload.js";
import { ScenarioError } from "../../scenario/types/errors.js";
import type { FlowTable } from "../../scenario/types/flow-table.js";
import { MAX_FLOWS } from "../../scenario/types/patterns.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { type Dimension, parseQuantity } from "../../scenario/types/units.js";
import { MAX_ISSUES, type ScenarioIssue } from "../../util/issue.js";

/** Columns of a flow list; a size is given one way, a start at most one way. */
export const COLUMNS = ["src", "dst", "size", "bytes", "start", "startNs", "startPs", "class"] as const;
export type Column = (typeof COLUMNS)[number];

/** What stands in a row; undefined, null and "" are nothing. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** Finds a row's cell by column; -1 for columns that are not there. */
export type ColumnIndex = Readonly<Record<Column, number>>;

const LARGEST_RANK = 2 ** 20 - 1;
const LONGEST_NAME = 64;
/** Different texts that are kept, so that each is read once. */
const MAX_KEPT = 10_000;
const MAX_CLASSES = 256;

/** A fault that ends reading: the file as a whole is wrong. */
export function flowFileError(file: string, message: string, line?: number): ScenarioError {
  return new ScenarioError([{ message, path: "", file, ...(line === undefined ? {} : { line, column: 1 }) }]);
}

/**
 * Where the columns are.
 * @throws ScenarioError where one is unknown, repeated or missing
 */
export function columnIndex(file: string, names: readonly string[], line?: number): ColumnIndex {
  const index = Object.fromEntries(COLUMNS.map((name) => [name, -1])) as Record<Column, number>;
  const fail = (message: string) => {
    throw flowFileError(file, message, line);
  };
  names.forEach((name, i) => {
    if (!COLUMNS.includes(name as Column)) {
      const known = `columns are ${COLUMNS.join(", ")}`;
      fail(`unknown column ${JSON.stringify(name.slice(0, 60))}${didYouMean(name, COLUMNS)}; ${known}`);
    }
    if (index[name as Column] >= 0) fail(`the column ${name} is there twice`);
    index[name as Column] = i;
  });
  for (const name of ["src", "dst"] as const) if (index[name] < 0) fail(`there is no column ${name}`);
  if (index.size < 0 === index.bytes < 0) {
    fail("write one of the columns size (with a unit, 1MiB) and bytes (a whole number)");
  }
  if ([index.start, index.startNs, index.startPs].filter((at) => at >= 0).length > 1) {
    fail("write at most one of the columns start (with a unit, 10us), startNs and startPs");
  }
  return index;
}

/** Takes rows, checks each, and makes a table of them. */
export class FlowRows {
  #count = 0;
  #capacity = 1024;
  #src = new Int32Array(this.#capacity);
  #dst = new Int32Array(this.#capacity);
  #bytes = new Float64Array(this.#capacity);
  #startPs = new Float64Array(this.#capacity);
  #class = new Int16Array(this.#capacity);
  #line = new Uint32Array(this.#capacity);
  readonly #names = new Names(2 ** 20);
  readonly #classes = new Names(MAX_CLASSES);
  readonly #sizes = new Quantities("size", 1, Number.MAX_SAFE_INTEGER);
  readonly #starts = new Quantities("time", 0, LARGEST_START_PS);
  readonly #issues: ScenarioIssue[] = [];
  #more = 0;

  constructor(private readonly file: string) {}

  get count(): number {
    return this.#count;
  }

  /**
   * A row; faults are noted, and thrown by `table`.
   * @throws ScenarioError where there are more flows than a scenario may have
   */
  add(cells: ArrayLike<Cell>, at: ColumnIndex, line: number): void {
    if (this.#count === this.#capacity) this.#grow();
    const i = this.#count++;
    try {
      this.#src[i] = this.#rank("src", cells[at.src]);
      this.#dst[i] = this.#rank("dst", cells[at.dst]);
      if (this.#src[i] === this.#dst[i]) throw new Fault("a flow from a rank to itself; name two ranks");
      this.#bytes[i] = at.size >= 0 ? this.#sizes.read("size", cells[at.size]) : whole("bytes", cells[at.bytes], 1, 1);
      this.#startPs[i] = this.#start(cells, at);
      const name = at.class < 0 ? "" : (cells[at.class] ?? "");
      this.#class[i] = name === "" ? -1 : this.#classes.indexOf("class", name);
      this.#line[i] = line;
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.fault(cause.message, line);
    }
  }

  /** Notes a row that is wrong as a whole. */
  fault(message: string, line: number): void {
    if (this.#issues.length < MAX_ISSUES) this.#issues.push({ message, path: "", file: this.file, line, column: 1 });
    else this.#more++;
  }

  /** @throws ScenarioError with every fault, by line */
  table(digest: string): FlowTable {
    const count = this.#count;
    if (this.#issues.length > 0) {
      const more = this.#more === 0 ? [] : [{ message: `and ${this.#more} more`, path: "", file: this.file }];
      throw new ScenarioError([...this.#issues, ...more]);
    }
    if (count === 0) throw flowFileError(this.file, "there are no flows");
    return {
      file: this.file,
      digest,
      count,
      src: this.#src.subarray(0, count),
      dst: this.#dst.subarray(0, count),
      names: this.#names.list,
      bytes: this.#bytes.subarray(0, count),
      startPs: this.#startPs.subarray(0, count),
      dataClass: this.#class.subarray(0, count),
      classNames: this.#classes.list,
      line: this.#line.subarray(0, count),
    };
  }

  #rank(column: string, cell: Cell): number {
    if (typeof cell === "number" || typeof cell === "bigint" || (typeof cell === "string" && DIGITS.test(cell))) {
      return whole(column, cell, 0, 1, LARGEST_RANK);
    }
    return -1 - this.#names.indexOf(column, cell);
  }

  #start(cells: ArrayLike<Cell>, at: ColumnIndex): number {
    if (at.start >= 0) return isNothing(cells[at.start]) ? 0 : this.#starts.read("start", cells[at.start]);
    const [column, perUnit] = at.startNs >= 0 ? (["startNs", 1000] as const) : (["startPs", 1] as const);
    const cell = at[column] < 0 ? undefined : cells[at[column]];
    return isNothing(cell) ? 0 : whole(column, cell, 0, perUnit, LARGEST_START_PS);
  }

  #grow(): void {
    if (this.#count >= MAX_FLOWS) {
      throw flowFileError(this.file, `there are more than ${MAX_FLOWS} flows, the most that a scenario may have`);
    }
    this.#capacity = Math.min(MAX_FLOWS, 2 * this.#capacity);
    const grown = <T extends { set(from: T): void }>(to: T, from: T) => {
      to.set(from);
      return to;
    };
    this.#src = grown(new Int32Array(this.#capacity), this.#src);
    this.#dst = grown(new Int32Array(this.#capacity), this.#dst);
    this.#bytes = grown(new Float64Array(this.#capacity), this.#bytes);
    this.#startPs = grown(new Float64Array(this.#capacity), this.#startPs);
    this.#class = grown(new Int16Array(this.#capacity), this.#class);
    this.#line = grown(new Uint32Array(this.#capacity), this.#line);
  }
}

/** What is wrong with a row. */
class Fault extends Error {}

const DIGITS = /^\d{1,16}$/;
const DECIMAL = /^\d{1,16}(?:\.\d{1,6})?$/;

function isNothing(cell: Cell): cell is undefined | null | "" {
  return cell === undefined || cell === null || cell === "";
}

/** A number of units that comes to a whole number of base units. */
function whole(column: string, cell: Cell, least: number, perUnit: number, most = Number.MAX_SAFE_INTEGER): number {
  const isNumber = typeof cell === "number" || typeof cell === "bigint";
  const unit = isNumber || (typeof cell === "string" && DECIMAL.test(cell)) ? Number(cell) : Number.NaN;
  // Decimal fractions are off by less than this.
  const value = perUnit === 1 ? unit : Math.round(unit * perUnit);
  const isExact = Number.isInteger(value) && Math.abs(unit * perUnit - value) < 1e-3;
  if (isExact && value >= least && value <= most) return value;
  const kind = perUnit === 1 ? "a whole number" : "a number with at most three decimals";
  throw new Fault(`${column} ${shown(cell)}; write ${kind} from ${least} to ${Math.floor(most / perUnit)}`);
}

function shown(cell: Cell): string {
  if (isNothing(cell)) return "is missing";
  const text = String(cell);
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `is ${typeof cell === "string" ? JSON.stringify(cut) : cut}, which is not allowed`;
}

/** Names by number, each kept once. */
class Names {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();

  constructor(private readonly most: number) {}

  indexOf(column: string, cell: Cell): number {
    if (typeof cell !== "string" || cell === "" || cell.length > LONGEST_NAME) {
      throw new Fault(`${column} ${shown(cell)}; write ${column === "class" ? "a class" : "a rank's number or name"}`);
    }
    let index = this.#index.get(cell);
    if (index === undefined) {
      index = this.list.push(cell) - 1;
      if (index >= this.most) throw new Fault(`there are more than ${this.most} different names in column ${column}`);
      this.#index.set(cell, index);
    }
    return index;
  }
}

/** Quantities with units: most files have few different ones. */
class Quantities {
  readonly #known = new Map<string, number>();

  constructor(
    private readonly dimension: Dimension,
    private readonly least: number,
    private readonly most: number,
  ) {}

  read(column: string, cell: Cell): number {
    if (typeof cell !== "string") {
      const advice = column === "size" ? "or call the column bytes" : "or call the column startNs";
      throw new Fault(isNothing(cell) ? `${column} is missing` : `${column} ${cell} has no unit; write one, ${advice}`);
    }
    const known = this.#known.get(cell);
    if (known !== undefined) return known;
    const parsed = parseQuantity(this.dimension, cell);
    if (!parsed.ok) throw new Fault(`${column}: ${parsed.message}`);
    if (parsed.value < this.least || parsed.value > this.most) throw new Fault(`${column} ${cell} is out of range`);
    if (this.#known.size < MAX_KEPT) this.#known.set(cell, parsed.value);
    return parsed.value;
  }
}
