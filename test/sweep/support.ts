import { expandSweep } from "../../src/sweep/expand.js";
import { readSweep, type SweepOptions } from "../../src/sweep/sweep-file.js";

export const BUILD = { heddleVersion: "1.2.3", coreDigest: "0123456789abcdef" };

export const BASE = `base:
  topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 8, radix: 8 }
  workload: { kind: collective, size: 64KiB }
`;

/** The points of a sweep over a small scenario. */
export async function expand(text: string, options: SweepOptions = {}) {
  return expandSweep(await readSweep(BASE + text, { file: "s.yaml", ...options }), BUILD, "s.yaml");
}

/** Faults as users see them. */
export async function faultsOf(text: string, options: SweepOptions = {}): Promise<string[]> {
  try {
    await expand(text, options);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}
