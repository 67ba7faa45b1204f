// Training steps that others have measured, beside what heddle says: the table of
// docs/VALIDATION.md. Usage: node bench/validate-training.mjs [first letters of rows…] (after
// npm run build)
import { availableParallelism } from "node:os";
import { parseScenario, simulate } from "../dist/index.js";

const PAPER = "Korthikanti et al., MLSys 2023, table 5";
const VTRAIN = "vTrain, MICRO 2024";

/** NVLink at 300 GB/s x 0.65, network 25 GB/s x 0.9 (Calculon, SC 2023, for these rows). */
const selene = { access: "180Gbps", scaleUp: "195GBps" };
/** NVLink 150 GB/s a direction, 800 Gb/s a node, as vTrain has it. */
const cloud = { access: "100Gbps", scaleUp: "150GBps" };

const gpt = (layers, hidden, heads) => ({ layers, hidden, heads, vocabulary: 51_200 });

function megatron(name, seconds, { gpus, model, batch, parallel, recompute }) {
  const isSelective = recompute === "selective";
  const layout = { ...parallel, sequenceParallel: isSelective };
  return {
    name: `${name}, ${recompute} recomputation`,
    source: PAPER,
    seconds,
    gpus,
    net: selene,
    model,
    batch,
    parallel: layout,
    recompute,
  };
}

function vtrain(seconds, { gpus, batch, model, parallel }) {
  const { tp = 1, pp = 1 } = parallel;
  const name = `GPT h ${model.hidden}, l ${model.layers}, TP ${tp} PP ${pp} DP ${gpus / tp / pp}, micro ${batch.micro}`;
  const layout = { ...parallel, sequenceParallel: false };
  return { name, source: VTRAIN, seconds, gpus, net: cloud, model, batch, parallel: layout, recompute: "full" };
}

const small = gpt(48, 6144, 64);
const b36 = gpt(30, 3072, 32);
const CASES = [
  megatron("22B", 1.42, {
    gpus: 8,
    model: small,
    batch: { global: 4, micro: 4 },
    parallel: { tp: 8 },
    recompute: "full",
  }),
  megatron("22B", 1.1, {
    gpus: 8,
    model: small,
    batch: { global: 4, micro: 4 },
    parallel: { tp: 8 },
    recompute: "selective",
  }),
  vtrain(3.5665, { gpus: 64, batch: { global: 512, micro: 8 }, model: b36, parallel: {} }),
  vtrain(3.6383, { gpus: 64, batch: { global: 512, micro: 4 }, model: b36, parallel: {} }),
  vtrain(3.9375, { gpus: 64, batch: { global: 512, micro: 16 }, model: b36, parallel: { tp: 2 } }),
  vtrain(4.5482, { gpus: 64, batch: { global: 512, micro: 32 }, model: b36, parallel: { tp: 4 } }),
  vtrain(4.9723, { gpus: 64, batch: { global: 512, micro: 32 }, model: b36, parallel: { tp: 8 } }),
  megatron("175B", 18.13, {
    ...{ gpus: 64, model: "gpt-3-175b", batch: { global: 64, micro: 1 } },
    ...{ parallel: { tp: 8, pp: 8, virtualStages: 3 }, recompute: "full" },
  }),
  megatron("175B", 13.75, {
    ...{ gpus: 64, model: "gpt-3-175b", batch: { global: 64, micro: 1 } },
    ...{ parallel: { tp: 8, pp: 8, virtualStages: 3 }, recompute: "selective" },
  }),
];

const wanted = process.argv.slice(2);
console.log("| step | source | GPUs | measured | heddle | error | simulated in |");
console.log("|---|---|---|---|---|---|---|");
for (const row of CASES) {
  if (wanted.length > 0 && !wanted.some((start) => row.name.startsWith(start))) continue;
  const { name, source, gpus, net, model, batch, parallel, recompute, seconds } = row;
  const { scenario } = parseScenario({
    topology: { kind: "rail-optimized", gpus, gpusPerNode: 8, radix: 64, tiers: 2 },
    links: { access: { rate: net.access }, scaleUp: { rate: net.scaleUp, cell: "120KiB" } },
    gpu: "a100",
    workload: {
      ...{ kind: "training-step", model, batch, parallel, recompute, sequence: 2048 },
      ...{ precision: "fp16", attention: "unfused", memoryCheck: false },
    },
  });
  const from = performance.now();
  const { training } = await simulate(scenario, { threads: Math.min(2, availableParallelism()) });
  const found = training.stepNs / 1e9;
  const error = `${(100 * (found / seconds - 1)).toFixed(1)} %`;
  const took = `${((performance.now() - from) / 1000).toFixed(0)} s`;
  console.log(`| ${name} | ${source} | ${gpus} | ${seconds} s | ${found.toFixed(2)} s | ${error} | ${took} |`);
}
