/** `network.yml` of the analytical back ends: dimensions of NPUs. */
import { type Document, LineCounter, parseDocument } from "yaml";
import { MAX_PORTS } from "../../../plan/limits.js";
import { listOf } from "../../../util/list-of.js";
import type { SourceFile } from "../common/source.js";

const DIMENSION_KINDS = ["Ring", "FullyConnected", "Switch"] as const;
export type DimensionKind = (typeof DIMENSION_KINDS)[number];

export interface Dimension {
  readonly kind: DimensionKind;
  readonly npus: number;
  /** Of one direction, in bit/s: its GB/s have 2^30 bytes. */
  readonly rateBps: number;
  readonly latencyNs: number;
}

const KEYS = ["topology", "npus_count", "bandwidth", "latency"] as const;
type Key = (typeof KEYS)[number];
const LARGEST_FILE = 2 ** 20;
const MAX_NPUS = 2 ** 19;
const MAX_DIMENSIONS = 8;

/** @returns dimensions, the nearest first @throws ScenarioError with the place */
export async function readNetwork(file: SourceFile): Promise<readonly Dimension[]> {
  const counter = new LineCounter();
  const document = parseDocument(await file.text(LARGEST_FILE), { lineCounter: counter });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = counter.linePos(error.pos[0]);
    file.fail(`not YAML: ${error.message.split("\n")[0]!.slice(0, 120)}`, { line, column: col });
  }
  const value = plainData(file, document);
  if (typeof value !== "object" || value === null || Array.isArray(value)) file.fail(`write ${KEYS.join(", ")}`);
  const map = value as Readonly<Record<string, unknown>>;
  const at = (key: string) => {
    const node = document.get(key, true) as { range?: readonly number[] } | undefined;
    const { line, col } = counter.linePos(node?.range?.[0] ?? 0);
    return { line, column: col };
  };
  const unknown = Object.keys(map).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined)
    file.fail(`the key ${unknown.slice(0, 40)} is not known; there are ${KEYS.join(", ")}`, at(unknown));
  const list = (key: Key): readonly unknown[] => {
    const items = Object.hasOwn(map, key) ? map[key] : file.fail(`there is no ${key}`);
    return Array.isArray(items) ? items : file.fail(`${key} is no list`, at(key));
  };
  const number = (key: Key, i: number, least: number, most: number) => {
    const item = list(key)[i];
    if (typeof item === "number" && item >= least && item <= most) return item;
    return file.fail(
      `${key}[${i}] is ${JSON.stringify(item) ?? "missing"}; write a number from ${least} to ${most}`,
      at(key),
    );
  };
  const kinds = list("topology");
  for (const key of KEYS) {
    const { length } = list(key);
    if (length !== kinds.length) file.fail(`${key} has ${length} entries, and topology ${kinds.length}`, at(key));
  }
  if (kinds.length < 1 || kinds.length > MAX_DIMENSIONS)
    file.fail(`${kinds.length} dimensions; 1 to ${MAX_DIMENSIONS} are read`, at("topology"));
  const dimensions = kinds.map((written, i): Dimension => {
    const kind = DIMENSION_KINDS.find((known) => known === written);
    if (kind === undefined) {
      const shown = JSON.stringify(written) ?? "missing";
      return file.fail(
        `topology[${i}] is ${shown.slice(0, 40)}; write ${listOf(DIMENSION_KINDS, "or")}`,
        at("topology"),
      );
    }
    const npus = number("npus_count", i, 2, MAX_PORTS / 2);
    if (!Number.isInteger(npus)) file.fail(`npus_count[${i}] is no whole number`, at("npus_count"));
    const rateBps = Math.round(number("bandwidth", i, 0.001, 1160) * 2 ** 33);
    return { kind, npus, rateBps, latencyNs: number("latency", i, 0, 1e6) };
  });
  const total = dimensions.reduce((product, { npus }) => product * npus, 1);
  if (total > MAX_NPUS) file.fail(`${total} NPUs; at most ${MAX_NPUS}`, at("npus_count"));
  return dimensions;
}

/** Plain data; aliases would make much of a little. */
function plainData(file: SourceFile, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    return file.fail(`not read: ${(cause as Error).message.split("\n")[0]!.slice(0, 120)}; write plain lists`);
  }
}
