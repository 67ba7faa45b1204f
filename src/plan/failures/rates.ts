/**
 * How often jobs are interrupted, as operators published it: one row each. A row gives
 * interruptions of a whole job, by cause, for each GPU and hour.
 */

export interface FailureRates {
  readonly name: string;
  readonly sentence: string;
  readonly source: string;
  /** Interruptions by cause, per GPU and hour. */
  readonly perGpuHour: Readonly<Record<string, number>>;
  /** Causes that are the network's: `network: parts` counts parts instead. */
  readonly networkCauses: readonly string[];
}

const LLAMA_HOURS = 54 * 24;
const LLAMA_GPUS = 16_384;

/** Table 5 of the paper, 419 unexpected interruptions. */
const LLAMA_COUNTS = {
  gpu: 148,
  "gpu memory (HBM3)": 72,
  software: 54,
  "network switch or cable": 35,
  "host maintenance": 32,
  "gpu SRAM": 19,
  "gpu system processor": 17,
  nic: 7,
  "nccl watchdog": 7,
  "silent data corruption": 6,
  "gpu thermal": 6,
  ssd: 3,
  "power supply": 3,
  "server chassis": 2,
  "io expansion board": 2,
  dependency: 2,
  cpu: 2,
  "system memory": 2,
} as const;

const GPUS_PER_NODE = 8;
const HOURS_PER_DAY = 24;

/** From failures of a node of 8 GPUs in a thousand days. */
function perThousandNodeDays(failures: number): number {
  return failures / 1000 / HOURS_PER_DAY / GPUS_PER_NODE;
}

const FAILURE_RATES: readonly FailureRates[] = [
  {
    name: "llama-3",
    sentence: "Pre-training of Llama 3 on 16,384 H100: 419 interruptions in 54 days, one in 3.09 h.",
    source: "The Llama 3 Herd of Models (2024), table 5; the counts add up to 419.",
    perGpuHour: Object.fromEntries(
      Object.entries(LLAMA_COUNTS).map(([cause, count]) => [cause, count / (LLAMA_HOURS * LLAMA_GPUS)]),
    ),
    networkCauses: ["network switch or cable"],
  },
  {
    name: "meta-rsc-1",
    sentence: "Research cluster of 16,000 A100: 6.50 failures in 1,000 node-days.",
    source: "Revisiting Reliability in Large-Scale ML Research Clusters (HPCA 2025).",
    perGpuHour: { node: perThousandNodeDays(6.5) },
    networkCauses: [],
  },
  {
    name: "meta-rsc-2",
    sentence: "Research cluster of 8,000 A100: 2.34 failures in 1,000 node-days.",
    source: "Revisiting Reliability in Large-Scale ML Research Clusters (HPCA 2025).",
    perGpuHour: { node: perThousandNodeDays(2.34) },
    networkCauses: [],
  },
  {
    name: "none",
    sentence: "Nothing fails but the parts of the network and the links that are named.",
    source: "For the network by itself.",
    perGpuHour: {},
    networkCauses: [],
  },
];

export const FAILURE_RATE_NAMES = ["llama-3", "meta-rsc-1", "meta-rsc-2", "none"] as const;
export type FailureRateName = (typeof FAILURE_RATE_NAMES)[number];

export function failureRates(name: FailureRateName): FailureRates {
  return FAILURE_RATES.find((row) => row.name === name)!;
}
