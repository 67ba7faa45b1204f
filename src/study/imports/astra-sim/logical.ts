/** The logical topology of the ns-3 back end: dimensions over a fabric that another file has. */
import type { SourceFile } from "../common/source.js";
import { parseJson } from "../graphs/networkx.js";
import type { Dimension } from "./network.js";
import { show } from "./system.js";

const KEY = "logical-dims";
const LARGEST_FILE = 2 ** 20;
const MAX_NPUS = 2 ** 19;
const MAX_DIMENSIONS = 8;

/** Whether a file that begins so is one. */
export function isLogical(head: Uint8Array): boolean {
  return /^\s*\{\s*"logical-dims"\s*:/.test(new TextDecoder().decode(head));
}

/**
 * Dimensions over which any NPU reaches any other, so of kind `Switch`. The rates are the fabric's.
 * @param hosts of the physical topology
 * @throws ScenarioError
 */
export async function readLogical(file: SourceFile, hosts: number): Promise<readonly Dimension[]> {
  const value = parseJson(file, await file.text(LARGEST_FILE)) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(value).find((key) => key !== KEY);
  if (unknown !== undefined) file.fail(`the key ${show(unknown)} is not known; there is ${KEY}`);
  const dims = value[KEY];
  if (!Array.isArray(dims) || dims.length < 1 || dims.length > MAX_DIMENSIONS)
    file.fail(`${KEY} is ${show(dims)}; write a list of 1 to ${MAX_DIMENSIONS} numbers of NPUs, e.g. ["8", "2"]`);
  const counts = (dims as readonly unknown[]).map((written, d) => {
    const npus = /^\d{1,6}$/.test(String(written)) ? Number(written) : 0;
    if (npus >= 2 && npus <= MAX_NPUS) return npus;
    return file.fail(`${KEY}[${d}] is ${show(written)}; write a whole number from 2 to ${MAX_NPUS}`);
  });
  const npus = counts.reduce((product, count) => product * count, 1);
  if (npus !== hosts) file.fail(`${KEY} has ${counts.join(" x ")} = ${npus} NPUs, and the topology ${hosts} hosts`);
  return counts.map((count) => ({ kind: "Switch", npus: count, rateBps: 0, latencyNs: 0 }));
}
