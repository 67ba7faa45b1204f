// An inference simulator that asks heddle for the time of each collective. 220 decode steps of a
// model of 48 layers on 8 GPUs, with an all-reduce for each layer, of 8 KiB for each sequence.
import { Simulator } from "heddle";

const STEPS = 220;
const LAYERS = 48;
const GPUS = 8;
const MAX_SEQUENCES = 8;
const BYTES_PER_SEQUENCE = 8192;
/** What a layer computes in a step, whatever the batch is: decoding is bound by its weights. */
const COMPUTE_NS = 40_000;

const simulator = new Simulator();

/** @param {number} sequences in the batch */
async function allReduceNs(sequences) {
  const { status, jctNs } = await simulator.time({
    topology: { kind: "leaf-spine", gpus: GPUS, gpusPerNode: 1, radix: 8 },
    workload: { kind: "collective", algorithm: "ring", size: `${sequences * BYTES_PER_SEQUENCE}B` },
  });
  if (jctNs === null) throw new Error(`the all-reduce ended as ${status}`);
  return jctNs;
}

// A sequence joins whenever there is room, and leaves after 30 to 60 tokens.
let left = [];
let joined = 0;
let nowNs = 0;
let waitedNs = 0;
let tokens = 0;
const startedMs = performance.now();
for (let step = 0; step < STEPS; step++) {
  if (left.length < MAX_SEQUENCES) left.push(30 + ((joined++ * 17) % 31));
  for (let layer = 0; layer < LAYERS; layer++) {
    const ns = await allReduceNs(left.length);
    waitedNs += ns;
    nowNs += COMPUTE_NS + ns;
  }
  tokens += left.length;
  left = left.map((count) => count - 1).filter((count) => count > 0);
}
const wallMs = performance.now() - startedMs;

const calls = STEPS * LAYERS;
console.log(`${calls} calls, ${simulator.size} sizes, ${tokens} tokens`);
console.log(`${(nowNs / 1e6).toFixed(3)} ms, ${((100 * waitedNs) / nowNs).toFixed(1)} % of it all-reduce`);
console.log(`${((tokens / nowNs) * 1e9).toFixed(0)} tokens/s`);
console.error(`${(wallMs / calls).toFixed(3)} ms of real time a call`);
