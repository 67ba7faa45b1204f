/** Configurations of NCCL's example tuner plugin (ext-tuner, `NCCL_TUNER_CONFIG_FILE`), as CSV. */
import type { CollectiveName } from "../../plan/collectives.js";
import { PROTOCOLS, type Protocol } from "../../plan/protocols.js";
import { listOf } from "../../util/list-of.js";
import type { TunedAlgorithm } from "./constants.js";

/** One line. */
export interface TunerRow {
  readonly collective: CollectiveName;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Null where heddle has none: CollNet. */
  readonly algorithm: TunedAlgorithm | null;
  readonly protocol: Protocol;
  /** Null where NCCL's own number is kept; so below with what a row asks for. */
  readonly channels: number | null;
  readonly nodes: number | null;
  readonly ranks: number | null;
  readonly pipeOps: number | null;
  readonly registered: number | null;
}

/** What a row is looked up by. */
export interface TunerQuery {
  readonly collective: CollectiveName;
  /** As nccl-tests count them. */
  readonly bytes: number;
  readonly nodes: number;
  readonly ranks: number;
}

const COLLECTIVE: Readonly<Record<string, CollectiveName>> = {
  broadcast: "broadcast",
  reduce: "reduce",
  allgather: "all-gather",
  reducescatter: "reduce-scatter",
  allreduce: "all-reduce",
};

const ALGORITHM: Readonly<Record<string, TunedAlgorithm | null>> = {
  tree: "tree",
  ring: "ring",
  collnet_direct: null,
  collnet_chain: null,
  nvls: "nvls",
  nvls_tree: "nvls-tree",
  pat: "pat",
};

const FIELDS = [
  ...["collective_type", "min_bytes", "max_bytes", "algorithm", "protocol", "channels", "nNodes", "nRanks"],
  ...["numPipeOps", "regBuff"],
];
const NEEDED = 8;
const MAX_ROWS = 100_000;

/** Lines in their order, or what is wrong with one. Lines that begin with # are left out. */
export function readTuner(text: string): readonly TunerRow[] | string {
  const rows: TunerRow[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const row = rowOf(line.split(",").map((field) => field.trim()));
    if (typeof row === "string") return `line ${i + 1}: ${row}`;
    if (rows.length >= MAX_ROWS) return `line ${i + 1}: more than ${MAX_ROWS} rows`;
    rows.push(row);
  }
  return rows.length === 0 ? "no row; write e.g. allreduce,0,65536,tree,ll,-1,-1,-1" : rows;
}

/** The first row that fits, as in the plugin: one operation at a time, no registered buffer. */
export function tunerRow(rows: readonly TunerRow[], query: TunerQuery): TunerRow | undefined {
  const fits = (wanted: number | null, actual: number) => wanted === null || wanted === actual;
  return rows.find(
    (row) =>
      row.collective === query.collective &&
      query.bytes >= row.minBytes &&
      query.bytes <= row.maxBytes &&
      fits(row.nodes, query.nodes) &&
      fits(row.ranks, query.ranks) &&
      fits(row.pipeOps, 1) &&
      fits(row.registered, 0),
  );
}

function rowOf(fields: readonly string[]): TunerRow | string {
  if (fields.length < NEEDED || fields.length > FIELDS.length) {
    return `${fields.length} fields; write ${FIELDS.slice(0, NEEDED).join(",")}, then maybe numPipeOps,regBuff`;
  }
  const known = <T>(table: Readonly<Record<string, T>>, field: number): T | Fault => {
    const name = fields[field]!;
    if (Object.hasOwn(table, name)) return table[name]!;
    return new Fault(`${FIELDS[field]} is ${shown(name)}; write ${listOf(Object.keys(table), "or")}`);
  };
  const number = (field: number, least: number, otherwise = ""): number | Fault => {
    const text = fields[field] ?? otherwise;
    const value = Number(text);
    if (/^-?\d{1,20}$/.test(text) && value >= least) return value;
    return new Fault(`${FIELDS[field]} is ${shown(text)}; write a whole number from ${least}`);
  };
  const protocols = Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, protocol]));
  const [collective, algorithm, protocol] = [known(COLLECTIVE, 0), known(ALGORITHM, 3), known(protocols, 4)];
  const [minBytes, maxBytes, channels] = [number(1, 0), number(2, 0), number(5, -1)];
  const [nodes, ranks, pipeOps, registered] = [number(6, -1), number(7, -1), number(8, -1, "-1"), number(9, -1, "-1")];
  const all = [collective, minBytes, maxBytes, algorithm, protocol, channels, nodes, ranks, pipeOps, registered];
  const fault = all.find((value) => value instanceof Fault);
  if (fault instanceof Fault) return fault.message;
  if ((minBytes as number) > (maxBytes as number)) return "min_bytes is above max_bytes";
  const orAny = (value: number | Fault) => ((value as number) < 0 ? null : (value as number));
  return {
    collective: collective as CollectiveName,
    minBytes: minBytes as number,
    maxBytes: maxBytes as number,
    algorithm: algorithm as TunedAlgorithm | null,
    protocol: protocol as Protocol,
    channels: (channels as number) > 0 ? (channels as number) : null,
    ...{ nodes: orAny(nodes), ranks: orAny(ranks), pipeOps: orAny(pipeOps), registered: orAny(registered) },
  };
}

/** In place of a value. */
class Fault {
  constructor(readonly message: string) {}
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
