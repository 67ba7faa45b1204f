/** Machines on which others measured training steps, as their sources state them. */

export interface System {
  readonly gpu: string;
  /** Rate of a GPU to the network, and over NVLink. */
  readonly access: string;
  readonly scaleUp: string;
  /** About the bandwidth-delay product, so that no queue grows until a switch pauses a port. */
  readonly window: string;
  readonly sentence: string;
}

export const SYSTEMS = {
  selene: {
    ...{ gpu: "a100", access: "180Gbps", scaleUp: "195GBps", window: "256KiB" },
    sentence: "Selene: NVLink at 300 GB/s x 0.65, 25 GB/s x 0.9 a GPU between nodes (Calculon, SC 2023).",
  },
  vtrain: {
    ...{ gpu: "a100", access: "100Gbps", scaleUp: "150GBps", window: "256KiB" },
    sentence: "vTrain: NVLink at 150 GB/s a direction, 800 Gb/s a node (MICRO 2024).",
  },
  megascale: {
    ...{ gpu: "a100", access: "180Gbps", scaleUp: "195GBps", window: "256KiB" },
    sentence: "MegaScale: eight NICs of 200 Gb/s a node (NSDI 2024); shares of the rates as at Selene.",
  },
  meta: {
    ...{ gpu: "h100", access: "400Gbps", scaleUp: "335GBps", window: "1MiB" },
    sentence: "Meta's 24k cluster: 400 Gb/s a GPU; NVLink at what nccl-tests reach on one node.",
  },
  dgxH100: {
    ...{ gpu: "h100", access: "400Gbps", scaleUp: "335GBps", window: "1MiB" },
    sentence: "DGX H100: 400 Gb/s a GPU; NVLink at what nccl-tests reach on one node.",
  },
} as const satisfies Record<string, System>;

/** A scenario of a training step on a machine, with what lets replicas stand for each other. */
export function scenarioOn(system: System, gpus: number, workload: Readonly<Record<string, unknown>>) {
  const { gpu, access, scaleUp, window } = system;
  return {
    topology: { kind: "rail-optimized", gpus, gpusPerNode: 8, radix: 64, tiers: gpus > 512 ? 3 : 2 },
    links: { access: { rate: access }, scaleUp: { rate: scaleUp, cell: "120KiB" } },
    routing: { policy: "pinned" },
    transport: { window, ackEvery: 8 },
    gpu,
    workload: { kind: "training-step", memoryCheck: false, ...workload },
  };
}
