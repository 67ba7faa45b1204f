/** The scenario that `heddle import` writes. */
import type { ImportRead } from "./read.js";

/** Hosts of a fabric of two tiers of switches with 64 ports. */
const TWO_TIERS = 2048;
const RADIX = 64;
const SMALL_RADIX = 16;
const SMALL_RADIX_HOSTS = 128;

/** Rate of a NIC where files do not say it, as where scenarios do not. */
const NIC_GBPS = 400;

/** A scenario as users write it. */
export type WrittenScenario = Readonly<Record<string, unknown>>;

export interface ScenarioRequest {
  readonly name: string;
  readonly format: string;
  /** Paths from the folder of the scenario. */
  readonly files: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Sections that the files say, a fabric that has their ranks, and the workload by its files. */
export function importedScenario(read: ImportRead, { name, format, files, options }: ScenarioRequest): WrittenScenario {
  const nics = read.nicsPerGpu ?? 1;
  // A plane has its part of the rate, and each NIC is to have that of one.
  const link = { rate: `${nics * NIC_GBPS}Gbps` };
  const workload = read.workload && { kind: "trace", format, files, ...options };
  return {
    version: 1,
    name,
    ...(read.ranks > 0 && { topology: fabricFor(read.ranks, read) }),
    ...(nics > 1 && { links: { access: link, fabric: { ...link } } }),
    ...(workload && { workload }),
    ...read.sections,
  };
}

/** The smallest regular fabric that has the ranks, with whole nodes. */
function fabricFor(ranks: number, { gpusPerNode = 1, nicsPerGpu = 1 }: ImportRead): Readonly<Record<string, unknown>> {
  const gpus = Math.ceil(ranks / gpusPerNode) * gpusPerNode;
  const sizes = { gpus, gpusPerNode, ...(nicsPerGpu > 1 && { planes: nicsPerGpu }) };
  if (gpus > TWO_TIERS) return { kind: "fat-tree", ...sizes, radix: RADIX, tiers: 3 };
  return { kind: "leaf-spine", ...sizes, radix: gpus > SMALL_RADIX_HOSTS ? RADIX : SMALL_RADIX };
}
