/** Workload files of SimAI (AICB): the header, and a record of twelve columns for each layer. */
import type { CollectiveName } from "../../../plan/collectives.js";
import type { SourceFile } from "../common/source.js";

/** Whose ranks a collective is among. */
export type SimaiGroup = "tp" | "dp" | "ep" | "dp-ep";

/** One of the three columns of a record. */
export interface SimaiWork {
  readonly computeNs: number;
  /** Left out where there is nothing to send. */
  readonly collective?: { readonly name: CollectiveName; readonly group: SimaiGroup; readonly bytes: number };
}

export interface SimaiRecord {
  readonly name: string;
  readonly forward: SimaiWork;
  readonly inputGradient: SimaiWork;
  readonly weightGradient: SimaiWork;
  /** After each collective of the record. */
  readonly updateNs: number;
}

export interface SimaiHeader {
  readonly tp: number;
  readonly ep: number;
  readonly pp: number;
  /** Undefined in old headers. */
  readonly gpus: number | undefined;
}

export interface SimaiFile {
  readonly header: SimaiHeader;
  readonly records: readonly SimaiRecord[];
}

const LARGEST_FILE = 2 ** 28;
const MAX_RECORDS = 2 ** 20;
/** A day. */
const LARGEST_NS = 8.64e13;
const LARGEST_BYTES = 2 ** 43;
const LARGEST_DEGREE = 2 ** 17;
const COLUMNS = 12;

const POLICIES = ["HYBRID_TRANSFORMER_FWD_IN_BCKWD", "HYBRID_TRANSFORMER"];
const COLLECTIVES: ReadonlyMap<string, CollectiveName> = new Map([
  ["ALLREDUCE", "all-reduce"],
  ["ALLGATHER", "all-gather"],
  ["REDUCESCATTER", "reduce-scatter"],
  ["ALLTOALL", "all-to-all"],
]);
/** The longest first. */
const SUFFIXES = [
  ["_DP_EP", "dp-ep"],
  ["_EP", "ep"],
] as const;

/** @throws ScenarioError with the line of what is wrong */
export async function parseSimai(file: SourceFile): Promise<SimaiFile> {
  let header: SimaiHeader | undefined;
  let count: number | undefined;
  const records: SimaiRecord[] = [];
  await file.lines(LARGEST_FILE, (written, line) => {
    const text = written.trim();
    if (text === "") return;
    if (header === undefined) header = parseHeader(file, text, line);
    else if (count === undefined) count = wholeOf(file, text, { what: "number of records", most: MAX_RECORDS, line });
    else {
      if (records.length === count) file.fail(`more than the ${count} records that line 2 states`, { line });
      records.push(parseRecord(file, text, line));
    }
  });
  if (header === undefined) return file.fail(`is empty; the first line is the header, e.g. ${POLICIES[0]}`);
  if (count === undefined) return file.fail("ends after its header; the next line is the number of records");
  if (records.length < count) file.fail(`${records.length} records, and its second line states ${count}`);
  if (count === 0) file.fail("there are no records");
  return { header, records };
}

function parseHeader(file: SourceFile, text: string, line: number): SimaiHeader {
  const [policy, ...words] = text.split(/\s+/);
  if (!POLICIES.includes(policy!)) {
    file.fail(`the policy ${shown(policy!)} is not read; it may be ${POLICIES.join(" or ")}`, { line });
  }
  const values = new Map<string, string[]>();
  let key: string | undefined;
  for (const word of words) {
    // Some generators leave out the colon of pp_comm.
    if (word.endsWith(":") || word === "pp_comm") {
      key = word.replace(/:$/, "");
      if (values.has(key)) file.fail(`${shown(key)} stands there twice`, { line });
      values.set(key, []);
    } else if (key === undefined) file.fail(`${shown(word)} has no key before it`, { line });
    else values.get(key)!.push(word);
  }
  const degree = (name: string): number | undefined => {
    const found = values.get(name);
    if (found === undefined) return undefined;
    const number = wholeOf(file, found.join(" "), { what: name, most: LARGEST_DEGREE, line });
    return number >= 1 ? number : file.fail(`${name} is 0; it is 1 at least`, { line });
  };
  for (const name of ["checkpoints", "checkpoint_initiates"]) {
    const number = values.get(name)?.[0];
    if (number !== undefined && number !== "0") {
      file.fail(`${name}: ${shown(number)}: layers that are computed again are not read; write them as records`, {
        line,
      });
    }
  }
  const tp = degree("model_parallel_NPU_group");
  if (tp === undefined) return file.fail("the header has no model_parallel_NPU_group", { line });
  return { tp, ep: degree("ep") ?? 1, pp: degree("pp") ?? 1, gpus: degree("all_gpus") };
}

function parseRecord(file: SourceFile, text: string, line: number): SimaiRecord {
  const columns = text.split(/\s+/);
  if (columns.length !== COLUMNS) {
    file.fail(`${columns.length} columns; a record has ${COLUMNS}, from the name to the time of the update`, { line });
  }
  const time = (column: number) => wholeOf(file, columns[column]!, { what: "time in ns", most: LARGEST_NS, line });
  const work = (first: number, group: SimaiGroup): SimaiWork => {
    const computeNs = time(first);
    const bytes = wholeOf(file, columns[first + 2]!, { what: "size in bytes", most: LARGEST_BYTES, line });
    const type = columns[first + 1]!;
    if (type === "NONE") return { computeNs };
    const collective = collectiveOf(type, group);
    if (collective === undefined) {
      const known = [...COLLECTIVES.keys()].join(", ");
      return file.fail(`${shown(type)} is no collective that is read; they are ${known}, with _EP or _DP_EP`, { line });
    }
    return bytes === 0 ? { computeNs } : { computeNs, collective: { ...collective, bytes } };
  };
  return {
    name: columns[0]!,
    ...{ forward: work(2, "tp"), inputGradient: work(5, "tp"), weightGradient: work(8, "dp") },
    updateNs: time(11),
  };
}

function collectiveOf(type: string, group: SimaiGroup) {
  const [suffix, own] = SUFFIXES.find(([end]) => type.endsWith(end)) ?? ["", group];
  const name = COLLECTIVES.get(type.slice(0, type.length - suffix.length));
  return name === undefined ? undefined : { name, group: own };
}

interface WholeField {
  readonly what: string;
  readonly most: number;
  readonly line: number;
}

function wholeOf(file: SourceFile, text: string, { what, most, line }: WholeField): number {
  const number = /^\d{1,16}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(number <= most)) file.fail(`${shown(text)} is no ${what}; it is a whole number up to ${most}`, { line });
  return number;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
