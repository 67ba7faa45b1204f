import { digestOf } from "../../src/engine/policy/source.js";
import { PolicyError } from "../../src/plan/policy-error.js";
import { expandSweep } from "../../src/study/sweep/expand.js";
import type { ReadContext, ReadPolicy } from "../../src/study/sweep/point-reader.js";
import { readSweep, type SweepOptions } from "../../src/study/sweep/sweep-file.js";

export const BUILD = { heddleVersion: "1.2.3", coreDigest: "0123456789abcdef" };

export const BASE = `base:
  topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 8, radix: 8 }
  workload: { kind: collective, size: 64KiB }
`;

/** Contents of policies by their paths. */
export function policies(files: Readonly<Record<string, string>>): ReadPolicy {
  return async (module) => {
    const content = files[module];
    if (content === undefined) throw new PolicyError(`cannot read the routing policy ${module}`, module);
    const source = async () => ({ url: `data:text/javascript,${content}` });
    return { name: module, digest: digestOf(content), bytes: new TextEncoder().encode(content), source };
  };
}

/** The points of a sweep over a small scenario. */
export async function expand(text: string, options: SweepOptions & Pick<ReadContext, "readPolicy"> = {}) {
  const { readPolicy } = options;
  const sweep = await readSweep(BASE + text, { file: "s.yaml", ...options });
  return expandSweep(sweep, { build: BUILD, file: "s.yaml", ...(readPolicy && { readPolicy }) });
}

/** Faults as users see them. */
export async function faultsOf(text: string, options: Parameters<typeof expand>[1] = {}): Promise<string[]> {
  try {
    await expand(text, options);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}
