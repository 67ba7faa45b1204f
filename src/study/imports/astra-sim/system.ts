/** `system.json`: how a collective is done in each dimension. */
import type { SourceFile } from "../common/source.js";
import { parseJson } from "../graphs/networkx.js";

const LARGEST_FILE = 2 ** 20;
const MAX_SPLITS = 65_536;
export const ALL_REDUCE = "all-reduce-implementation";

/** Keys that have a counterpart. */
const READ = [
  ALL_REDUCE,
  "collective-optimization",
  "preferred-dataset-splits",
  "active-chunks-per-dimension",
  "endpoint-delay",
];

export interface AstraSystem {
  /** Implementation of an all-reduce by dimension; left out where the file names none. */
  readonly implementations: readonly string[] | undefined;
  /** Reduce-scatter, all-reduce of the rest, all-gather; else an all-reduce in each dimension. */
  readonly isBandwidthAware: boolean;
  /** Parts that a collective is cut into. */
  readonly splits: number;
  /** Parts that are under way in a dimension at the same time. */
  readonly activeChunks: number;
  /** Of each message at its receiver. */
  readonly endpointDelayNs: number;
  /** Keys without a counterpart. */
  readonly unread: readonly string[];
}

export const NO_SYSTEM: AstraSystem = {
  implementations: undefined,
  isBandwidthAware: true,
  splits: 1,
  activeChunks: 1,
  endpointDelayNs: 0,
  unread: [],
};

/** @param dimensions of the network @throws ScenarioError */
export async function readSystem(file: SourceFile, dimensions: number): Promise<AstraSystem> {
  const value = parseJson(file, await file.text(LARGEST_FILE));
  if (typeof value !== "object" || value === null || Array.isArray(value)) file.fail("not an object of settings");
  const settings = value as Readonly<Record<string, unknown>>;
  const number = (key: string, least: number, most: number, otherwise: number) => {
    if (!Object.hasOwn(settings, key)) return otherwise;
    const given = settings[key];
    if (typeof given === "number" && given >= least && given <= most && (least === 0 || Number.isInteger(given)))
      return given;
    return file.fail(`${key} is ${show(given)}; write a number from ${least} to ${most}`);
  };
  return {
    implementations: implementationsOf(file, settings, dimensions),
    isBandwidthAware: isAware(file, settings["collective-optimization"]),
    splits: number("preferred-dataset-splits", 1, MAX_SPLITS, 1),
    activeChunks: number("active-chunks-per-dimension", 1, 1_000_000, 1),
    endpointDelayNs: number("endpoint-delay", 0, 1e6, 0),
    unread: Object.keys(settings)
      .filter((key) => !READ.includes(key))
      .map((key) => key.slice(0, 60)),
  };
}

function implementationsOf(file: SourceFile, settings: Readonly<Record<string, unknown>>, dimensions: number) {
  if (!Object.hasOwn(settings, ALL_REDUCE)) return undefined;
  const names = settings[ALL_REDUCE];
  if (!Array.isArray(names) || names.length !== dimensions) {
    return file.fail(`${ALL_REDUCE} is no list with an algorithm for each of ${dimensions} dimensions`);
  }
  return names.map((name) => (typeof name === "string" ? name : file.fail(`${ALL_REDUCE} is ${show(names)}`)));
}

/** Left out, ASTRA-sim takes `baseline`. */
function isAware(file: SourceFile, optimization: unknown): boolean {
  if (optimization === undefined || optimization === "baseline") return false;
  if (optimization === "localBWAware") return true;
  return file.fail(`collective-optimization is ${show(optimization)}; write baseline or localBWAware`);
}

export function show(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 80);
}
