/** Plants a fault of the library at a place that a seed decides. */

/** Four leaves of four hosts under four spines, with buffers that incasts fill. */
const TOPOLOGY = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8, spines: 4 };
const LEAVES = 4;
const SPINES = 4;
const HOSTS = 16;

const COMMON = { version: 1, topology: TOPOLOGY, switch: { buffer: "2MiB" }, timeLimit: "50ms" };
const ROCE = { kind: "roce", rto: "200us" };

/** Each host sends to one of two. */
function incasts(): object[] {
  return Array.from({ length: HOSTS }, (_, src) => {
    const dst = src % 2 === 0 ? 1 : 14;
    return { src, dst: src === dst ? 6 : dst, size: "1MiB" };
  });
}

/** What runs on the fabric, each with its name. */
export const WORKLOADS = [
  {
    name: "lossless",
    document: {
      transport: ROCE,
      workload: { kind: "collective", collective: "all-to-all", algorithm: "pairwise", size: "4MiB" },
    },
  },
  {
    name: "lossy",
    document: {
      flowControl: { kind: "none" },
      transport: { kind: "roce", recovery: "selective", rto: "200us" },
      workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "8MiB" },
    },
  },
  {
    name: "incast",
    document: { transport: ROCE, workload: { kind: "flows", flows: incasts() } },
  },
  {
    name: "dcqcn",
    document: {
      transport: { ...ROCE, congestionControl: { kind: "dcqcn" } },
      workload: {
        kind: "flows",
        flows: incasts(),
      },
    },
  },
] as const;

export const FAULT_KINDS = [
  "link-down",
  "link-flap",
  "degraded-link",
  "slow-link",
  "optic-drift",
  "mtu-mismatch",
  "swapped-cables",
  "switch-down",
  "ecn-off",
  "pfc-off",
  "nic-stall",
  "nic-slow",
  "wrong-headroom",
  "straggler",
] as const;

/** Pipelines of two stages: what computes. */
const TRAINING = {
  name: "training",
  document: {
    topology: { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 32, tiers: 2 },
    links: { scaleUp: { rate: "450GBps", cell: "120KiB" } },
    switch: {},
    gpu: "h100",
    workload: {
      kind: "training-step",
      model: { layers: 4, hidden: 1024, heads: 16 },
      sequence: 512,
      batch: { global: 8, micro: 1 },
      parallel: { tp: 4, pp: 2 },
    },
  },
} as const;

/** Where a fault is of some workloads only: those that have pauses, or marks. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "nic-stall": ["lossless", "incast", "dcqcn"],
  "pfc-off": ["lossless", "incast", "dcqcn"],
  "wrong-headroom": ["lossless", "incast", "dcqcn"],
  "ecn-off": ["dcqcn"],
};

export interface Planted {
  readonly kind: (typeof FAULT_KINDS)[number];
  /** Of the workload. */
  readonly key: string;
  readonly base: object;
  readonly fault: object;
  /** Names under which the fault counts as found. */
  readonly places: readonly string[];
  /** Devices of which the group to evict must have one. */
  readonly parts: readonly string[];
}

/** A generator of whole numbers below a limit (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b9;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export function plant(seed: number): Planted {
  const pick = numbers(seed);
  const kind = FAULT_KINDS[seed % FAULT_KINDS.length]!;
  const needed = NEEDED[kind];
  const able = WORKLOADS.filter(({ name }) => needed === undefined || needed.includes(name));
  const chosen = able[pick(able.length)]!;
  const { name: key, document } = kind === "straggler" ? TRAINING : chosen;
  const base = { ...COMMON, name: key, ...document };
  const leaf = `leaf-${pick(LEAVES)}`;
  const host = pick(HOSTS);
  const isAccess = pick(3) === 0;
  const [from, to] = isAccess ? [`leaf-${host >> 2}`, `gpu-${host}`] : [leaf, `spine-${pick(SPINES)}`];
  const link = { from, to };
  const names = [from, to].sort().join(" - ");
  const atLink = { places: [names, ...(isAccess ? [to] : [])], parts: [from, to] };
  const aSwitch = pick(2) === 0 ? leaf : `spine-${pick(SPINES)}`;
  const atSwitch = { places: [aSwitch], parts: [aSwitch] };
  const atHost = { places: [`gpu-${host}`, `gpu-${host} - leaf-${host >> 2}`], parts: [`gpu-${host}`] };
  const at = `${1 + pick(60)}us`;
  const given = { kind, key, base };
  switch (kind) {
    case "link-down":
      return { ...given, fault: { kind, ...link, at, until: `${300 + pick(500)}us` }, ...atLink };
    case "link-flap":
      return {
        ...given,
        fault: { kind, ...link, at: "0ns", up: at, down: `${50 + pick(200)}us`, count: 3 },
        ...atLink,
      };
    case "degraded-link":
      return { ...given, fault: { kind, ...link, frameLossRatio: 0.002 * (1 + pick(10)) }, ...atLink };
    case "slow-link":
      return { ...given, fault: { kind: "degraded-link", ...link, rate: `${50 * (1 + pick(4))}Gbps` }, ...atLink };
    case "optic-drift": {
      const temperature = [
        ["0us", "30C"],
        ["50us", "90C"],
      ];
      return { ...given, fault: { kind, ...link, temperature, ber: 2e-4 }, ...atLink };
    }
    case "mtu-mismatch":
      return { ...given, fault: { kind, ...link, mtu: "1KiB", at, until: "400us" }, ...atLink };
    case "swapped-cables": {
      const other = `leaf-${(Number(leaf.slice(5)) + 1 + pick(LEAVES - 1)) % LEAVES}`;
      const spine = pick(SPINES);
      const a = { from: leaf, to: `spine-${spine}` };
      const b = { from: other, to: `spine-${(spine + 1 + pick(SPINES - 1)) % SPINES}` };
      const places = [a, b].map((one) => `${one.from} - ${one.to}`);
      return { ...given, fault: { kind, a, b }, places, parts: [leaf, other] };
    }
    case "switch-down":
      return { ...given, fault: { kind, switch: aSwitch, at, until: `${300 + pick(500)}us` }, ...atSwitch };
    case "ecn-off":
      return { ...given, fault: { kind, switch: aSwitch }, ...atSwitch };
    case "pfc-off":
      return { ...given, fault: { kind, switch: aSwitch }, ...atSwitch };
    case "nic-stall":
      return { ...given, fault: { kind, host: `gpu-${host}`, start: at, until: `${300 + pick(500)}us` }, ...atHost };
    case "wrong-headroom":
      return { ...given, fault: { kind, switch: aSwitch, headroom: "4KiB" }, ...atSwitch };
    case "straggler":
      return { ...given, fault: { kind, host: `gpu-${host}`, factor: 1.2 + pick(10) / 10 }, ...atHost };
    case "nic-slow":
      return { ...given, fault: { kind, host: `gpu-${host}`, rate: `${50 * (1 + pick(4))}Gbps` }, ...atHost };
  }
}
