/** Published times of collectives, as nccl-tests measures them. */
import { readFileSync } from "node:fs";
import { COLLECTIVE_NAMES } from "../../../src/plan/collectives.js";

export interface NcclCase {
  readonly system: string;
  readonly collective: string;
  readonly gpus: number;
  readonly sizeBytes: number;
  readonly measuredUs: number;
  readonly source: string;
  /** The fabric, as scenarios write it. */
  readonly topology: object;
  readonly links: object;
}

/** Sizes of the long table that are shown. */
const SIZES = new Set([512, 65_536, 2 ** 21, 2 ** 25, 2 ** 29]);

const SYSTEMS: Readonly<Record<string, { readonly scaleUp: object; readonly source: string }>> = {
  "H100 SXM x8": { scaleUp: { rate: "450GBps" }, source: "aiconfigurator, NCCL 2.29.2, half precision" },
  "GB200 (4 GPUs)": { scaleUp: { rate: "900GBps" }, source: "aiconfigurator, NCCL 2.29.2, half precision" },
};

/** One node: rows of a table that NVIDIA publishes with aiconfigurator (Apache-2.0). */
function oneNode(): NcclCase[] {
  const text = readFileSync(new URL("../../data/nccl-tests-one-node.csv", import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .flatMap((line): NcclCase[] => {
      const [system, , name, gpuText, bytes, us] = line.split(",") as [string, string, string, string, string, string];
      const collective = name === "alltoall" ? "all-to-all" : name.replace("_", "-");
      const [gpus, sizeBytes] = [Number(gpuText), Number(bytes)];
      const known = SYSTEMS[system];
      if (known === undefined || !SIZES.has(sizeBytes)) return [];
      const topology = { kind: "leaf-spine", gpus, gpusPerNode: gpus, radix: 64 };
      const links = { scaleUp: known.scaleUp };
      return [{ system, collective, gpus, sizeBytes, measuredUs: Number(us), source: known.source, topology, links }];
    });
}

/** Rows of several nodes, and of large scale-up domains, that were published one by one. */
const OTHERS: readonly NcclCase[] = [
  {
    ...{ system: "B300 x8, 800G, 2 nodes", collective: "all-reduce", gpus: 16, sizeBytes: 2 ** 30 },
    // 760 GB/s of bus bandwidth.
    measuredUs: (2 ** 30 * 2 * 15) / 16 / 760e3,
    source: "NCCL #2035: busbw 760 GB/s by a ring, size not stated",
    topology: { kind: "rail-optimized", gpus: 16, gpusPerNode: 8, radix: 64 },
    links: { scaleUp: { rate: "900GBps" }, access: { rate: "800Gbps" }, fabric: { rate: "800Gbps" } },
  },
  {
    ...{ system: "GB200 NVL72", collective: "all-reduce", gpus: 72, sizeBytes: 2 ** 29, measuredUs: 1807 },
    source: "an issue of a provider's fork of nccl-tests, float",
    topology: { kind: "leaf-spine", gpus: 72, gpusPerNode: 72, radix: 512 },
    links: { scaleUp: { rate: "900GBps" } },
  },
];

/** Cases of the collectives that heddle has. */
export function ncclCases(): readonly NcclCase[] {
  const known: readonly string[] = COLLECTIVE_NAMES;
  return [...oneNode(), ...OTHERS].filter(({ collective }) => known.includes(collective));
}
