/** `system.json`: which algorithm a collective takes in each dimension. */
import type { AlgorithmName } from "../../../plan/collectives.js";
import type { SourceFile } from "../common/source.js";
import { parseJson } from "../graphs/networkx.js";

const LARGEST_FILE = 2 ** 20;
const ALL_REDUCE = "all-reduce-implementation";

const IN_ONE_DIMENSION: Readonly<Record<string, AlgorithmName>> = {
  ring: "ring",
  direct: "direct",
  halvingDoubling: "halving-doubling",
  doubleBinaryTree: "double-binary-tree",
};

export interface AstraSystem {
  readonly algorithm: AlgorithmName | undefined;
  /** Keys without a counterpart. */
  readonly unread: readonly string[];
}

/** @param dimensions of the network @throws ScenarioError */
export async function readSystem(file: SourceFile, dimensions: number): Promise<AstraSystem> {
  const value = parseJson(file, await file.text(LARGEST_FILE));
  if (typeof value !== "object" || value === null || Array.isArray(value)) file.fail("not an object of settings");
  const keys = Object.keys(value as object);
  const unread = keys.filter((key) => key !== ALL_REDUCE).map((key) => key.slice(0, 60));
  if (!keys.includes(ALL_REDUCE)) return { algorithm: undefined, unread };
  const names = (value as Readonly<Record<string, unknown>>)[ALL_REDUCE];
  if (!Array.isArray(names) || names.length !== dimensions) {
    return file.fail(`${ALL_REDUCE} is no list with an algorithm for each of ${dimensions} dimensions`);
  }
  return { algorithm: algorithmOf(file, names), unread };
}

function algorithmOf(file: SourceFile, names: readonly unknown[]): AlgorithmName {
  const shown = JSON.stringify(names).slice(0, 80);
  if (names.length === 2) {
    if (names.every((name) => name === "ring")) return "hierarchical-ring";
    return file.fail(`${ALL_REDUCE} is ${shown}; of two dimensions ["ring", "ring"] is read`);
  }
  const name = String(names[0]);
  if (Object.hasOwn(IN_ONE_DIMENSION, name)) return IN_ONE_DIMENSION[name]!;
  return file.fail(`${ALL_REDUCE} is ${shown}; these are read: ${Object.keys(IN_ONE_DIMENSION).join(", ")}`);
}
