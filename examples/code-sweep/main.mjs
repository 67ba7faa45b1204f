// A sweep from code: the time of an all-reduce by algorithm and size, and which algorithm is best.
import { Simulator } from "heddle";

const ALGORITHMS = /** @type {const} */ (["ring", "halving-doubling"]);
const SIZES = ["4KiB", "64KiB", "1MiB", "16MiB"];

const simulator = new Simulator();

/**
 * @param {(typeof ALGORITHMS)[number]} algorithm
 * @param {string} size
 */
async function jctUs(algorithm, size) {
  const { status, jctNs } = await simulator.time({
    topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 16 },
    workload: { kind: "collective", algorithm, size },
  });
  if (jctNs === null) throw new Error(`${algorithm} of ${size} ended as ${status}`);
  return jctNs / 1000;
}

console.log(["size", ...ALGORITHMS, "best"].map((text) => text.padStart(18)).join(""));
for (const size of SIZES) {
  const times = [];
  for (const algorithm of ALGORITHMS) times.push({ algorithm, us: await jctUs(algorithm, size) });
  const best = times.reduce((a, b) => (b.us < a.us ? b : a));
  const cells = [size, ...times.map(({ us }) => `${us.toFixed(2)} us`), best.algorithm];
  console.log(cells.map((text) => text.padStart(18)).join(""));
}
