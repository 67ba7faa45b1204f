// Fixed scenarios behind the speed figures. Changing one changes what the figures mean: add a new
// one instead.

const KIB = 1024;

/** @param {number} gpus @param {2 | 3} tiers */
function fatTree(gpus, tiers) {
  return { kind: "fat-tree", gpus, gpusPerNode: 8, radix: 64, tiers, scaleUp: false };
}

const SELECTIVE = { kind: "roce", recovery: "selective", window: "4MiB", reorder: 1024 };
const GO_BACK_N = { kind: "roce", recovery: "go-back-n", window: "4MiB" };

/** @param {string} name @param {object} topology @param {object} parts */
function scenario(name, topology, parts) {
  return { version: 1, name, seed: 1, topology, ...parts };
}

const SIZES = /** @type {const} */ ([
  [1024, 2],
  [8192, 3],
  [32768, 3],
]);

const permutations = SIZES.flatMap(([gpus, tiers]) => {
  const topology = fatTree(gpus, tiers);
  const workload = { kind: "flows", pattern: "permutation", size: "2MiB" };
  const pfc = { kind: "pfc" };
  const none = { kind: "none" };
  const adaptive = { policy: "adaptive" };
  return [
    scenario(`permutation-${gpus} adaptive pfc ack 1`, topology, {
      workload,
      routing: adaptive,
      flowControl: pfc,
      transport: { ...SELECTIVE, ackEvery: 1 },
    }),
    scenario(`permutation-${gpus} adaptive pfc ack 16`, topology, {
      workload,
      routing: adaptive,
      flowControl: pfc,
      transport: { ...SELECTIVE, ackEvery: 16 },
    }),
    scenario(`permutation-${gpus} adaptive no-pfc ack 1`, topology, {
      workload,
      routing: adaptive,
      flowControl: none,
      transport: { ...SELECTIVE, ackEvery: 1 },
    }),
    scenario(`permutation-${gpus} ecmp pfc ack 1`, topology, {
      workload,
      routing: { policy: "ecmp" },
      flowControl: pfc,
      transport: { ...GO_BACK_N, ackEvery: 1 },
    }),
  ];
});

/** What congestion control costs: the same traffic as `permutation-8192 adaptive pfc ack 1`. */
const controlled = ["dcqcn", "swift", "nscc"].map((kind) =>
  scenario(`permutation-8192 adaptive pfc ack 1 ${kind}`, fatTree(8192, 3), {
    workload: { kind: "flows", pattern: "permutation", size: "2MiB" },
    routing: { policy: "adaptive" },
    flowControl: { kind: "pfc" },
    transport: { ...SELECTIVE, ackEvery: 1, congestionControl: { kind } },
  }),
);

/**
 * Traffic that pauses, waits for credit, is marked, trimmed or split into classes: the cases of the
 * table "The hard cases" of docs/PERFORMANCE.md.
 */
const permutation2MiB = { kind: "flows", pattern: "permutation", size: "2MiB" };
const hard = [
  scenario("hard: permutation-8192 uec", fatTree(8192, 3), { preset: "uec", workload: permutation2MiB }),
  scenario("hard: permutation-32768 htsim.nscc oblivious 256KiB", fatTree(32768, 3), {
    preset: "htsim.nscc",
    workload: { ...permutation2MiB, size: "256KiB" },
    routing: { policy: "oblivious" },
  }),
  scenario("hard: permutation-8192 htsim.roce ecmp", fatTree(8192, 3), {
    preset: "htsim.roce",
    workload: permutation2MiB,
    routing: { policy: "ecmp" },
  }),
  scenario("hard: permutation-8192 credit", fatTree(8192, 3), {
    workload: permutation2MiB,
    routing: { policy: "adaptive" },
    flowControl: { kind: "credit" },
    transport: { ...SELECTIVE, ackEvery: 1 },
  }),
  scenario("hard: permutation-8192 4 classes", fatTree(8192, 3), {
    classes: ["a", "b", "c", "d"].map((name) => ({ name })),
    workload: permutation2MiB,
    routing: { policy: "adaptive" },
    flowControl: { kind: "pfc" },
    transport: { ...SELECTIVE, ackEvery: 1 },
  }),
];

/** All PFC unless the name says otherwise. */
export const SCENARIOS = [
  ...permutations,
  ...controlled,
  ...hard,
  scenario("ring-128 flows", fatTree(128, 2), {
    workload: { kind: "flows", pattern: "ring", size: "16MiB" },
    routing: { policy: "ecmp" },
    transport: GO_BACK_N,
  }),
  scenario("all-to-all-128 flows", fatTree(128, 2), {
    workload: { kind: "flows", pattern: "all-to-all", size: `${256 * KIB}B` },
    routing: { policy: "adaptive" },
    transport: SELECTIVE,
  }),
  scenario(
    "allreduce-32768 1KiB latency-bound",
    { kind: "fat-tree", gpus: 32768, gpusPerNode: 8, radix: 64, tiers: 3 },
    {
      workload: { kind: "collective", collective: "all-reduce", algorithm: "double-binary-tree", size: "1KiB" },
      routing: { policy: "ecmp-qp" },
      transport: GO_BACK_N,
    },
  ),
];

/** Names of the scenarios that together take about a minute. */
export const QUICK = new Set(
  SCENARIOS.map(({ name }) => name).filter(
    (name) => name === "permutation-8192 adaptive pfc ack 1" || !/^permutation-(8192|32768)/.test(name),
  ),
);
