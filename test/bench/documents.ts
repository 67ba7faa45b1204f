/** Documents as `npm run bench -- --json` prints them. */

export interface Measured {
  /** CPU time per hop of each run. */
  readonly nsPerHop: readonly number[];
  readonly hops?: number;
  readonly digest?: string;
  readonly memoryBytes?: number;
}

export interface Machine {
  readonly missNs?: number;
  readonly hashNs?: number;
  readonly threads?: number;
}

export function benchDocument(scenarios: Record<string, Measured>, machine: Machine = {}) {
  const { missNs = 160, hashNs = 4, threads = 1 } = machine;
  return {
    schema: "heddle.bench/1",
    node: "v20.0.0",
    cpu: "a processor",
    cores: 2,
    threads,
    clock: threads === 1 ? "cpu" : "wall",
    calibration: { missNs, hashNs, probes: [{ missNs, hashNs }] },
    results: Object.entries(scenarios).map(([name, { nsPerHop, hops = 1000, digest = "00", memoryBytes = 1e6 }]) => ({
      name,
      hops,
      digest,
      memoryBytes,
      // The clock runs twice as fast as the CPU time: a mix-up shows.
      samples: nsPerHop.map((ns) => ({ cpuNs: ns * hops, wallNs: 2 * ns * hops })),
    })),
  };
}

/** Six runs around `ns`, off by up to 2 %. */
export function around(ns: number): number[] {
  return [0.98, 1.02, 0.99, 1.01, 1, 1].map((factor) => ns * factor);
}
