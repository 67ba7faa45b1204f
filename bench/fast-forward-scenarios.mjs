// What fast-forward is measured on. Changing a scenario changes what the figures mean: add a new
// one instead.

/** @param {number} gpus */
const rails = (gpus) => ({ kind: "rail-optimized", gpus, gpusPerNode: 8, radix: 64 });
/** @param {number} gpus */
const fatTree = (gpus) => ({ kind: "fat-tree", gpus, gpusPerNode: 8, radix: 64, tiers: 2, scaleUp: false });
/** @param {string} algorithm @param {string} size */
const allReduce = (algorithm, size) => ({
  kind: "collective",
  collective: "all-reduce",
  algorithm,
  size,
  // One ring, as in the times that docs/FAST-FORWARD.md gives.
  ...(algorithm === "ring" && { channels: 1 }),
});
/** @param {string} pattern @param {string} size @param {object} [more] */
const flows = (pattern, size, more) => ({ kind: "flows", pattern, size, ...more });

const GO_BACK_N = { recovery: "go-back-n", window: "4MiB", ackEvery: 8 };
const SELECTIVE = { recovery: "selective", window: "4MiB", reorder: 1024, ackEvery: 8 };
const DCQCN = { transport: { ...GO_BACK_N, congestionControl: { kind: "dcqcn" } } };

/**
 * @param {string} name
 * @param {object} topology
 * @param {object} workload
 * @param {object} [parts]
 */
function scenario(name, topology, workload, parts) {
  const usual = { routing: { policy: "ecmp-qp" }, flowControl: { kind: "pfc" }, transport: GO_BACK_N };
  return { version: 1, name, seed: 1, topology, workload, ...usual, ...parts };
}

/** Static routing, PFC, ECN off unless the name says otherwise. */
export const REPEATING = [
  scenario("ring-64 1GiB", rails(64), allReduce("ring", "1GiB")),
  scenario("ring-256 1GiB", rails(256), allReduce("ring", "1GiB")),
  scenario("ring-64 1GiB, one frame in 10^7 lost", rails(64), allReduce("ring", "1GiB"), {
    links: { access: { frameLossRatio: 1e-7 } },
  }),
  scenario("ring-64 1GiB, one frame in 10^6 repeated by its link", rails(64), allReduce("ring", "1GiB"), {
    links: { access: { frameLossRatio: 1e-6, llr: true } },
  }),
  scenario("hierarchical-ring-256 512MiB", rails(256), allReduce("hierarchical-ring", "512MiB")),
  scenario("double-binary-tree-16 1GiB", rails(16), allReduce("double-binary-tree", "1GiB")),
  scenario("double-binary-tree-64 512MiB", rails(64), allReduce("double-binary-tree", "512MiB")),
  scenario("all-to-all-32 16MiB", fatTree(32), flows("all-to-all", "16MiB")),
  scenario("shift-128 256MiB", fatTree(128), flows("shift", "256MiB", { by: 8 })),
  scenario("permutation-16 512MiB", fatTree(16), flows("permutation", "512MiB")),
  scenario("permutation-128 64MiB", fatTree(128), flows("permutation", "64MiB")),
  scenario("incast-2 1GiB", fatTree(16), flows("incast", "1GiB", { senders: 2 })),
  scenario("incast-8 1GiB", fatTree(16), flows("incast", "1GiB", { senders: 8 })),
  scenario("ring-64 1GiB dcqcn", rails(64), allReduce("ring", "1GiB"), DCQCN),
  scenario("hierarchical-ring-256 512MiB dcqcn", rails(256), allReduce("hierarchical-ring", "512MiB"), DCQCN),
  scenario("incast-8 256MiB dcqcn", fatTree(16), flows("incast", "256MiB", { senders: 8 }), DCQCN),
];

/** Every choice between ports draws a number: all that looking can do is cost something. */
export const UNREPEATING = [128, 1024].map((gpus) =>
  scenario(`permutation-${gpus} 8MiB adaptive`, fatTree(gpus), flows("permutation", "8MiB"), {
    routing: { policy: "adaptive" },
    transport: SELECTIVE,
  }),
);
