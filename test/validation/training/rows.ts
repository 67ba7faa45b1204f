/** Training steps that others measured, with the scenario of each. */
import { readFileSync } from "node:fs";
import { SYSTEMS, type System, scenarioOn } from "./systems.js";

export interface MeasuredStep {
  readonly name: string;
  readonly section: string;
  readonly gpus: number;
  readonly seconds: number;
  readonly scenario: ReturnType<typeof scenarioOn>;
}

const A100 = { sequence: 2048, precision: "fp16", attention: "unfused" } as const;

export const MEGATRON = "Megatron-LM with sequence parallelism (Korthikanti et al., MLSys 2023, table 5)";
export const VTRAIN = "vTrain (MICRO 2024; MIT licence)";
export const MEGASCALE = "MegaScale (NSDI 2024, table 2)";
export const LLAMA = "Llama 3 405B (arXiv 2407.21783, table 4)";
export const NVIDIA = "NVIDIA, Megatron Bridge (performance page, 2025)";

interface Layout {
  readonly gpus: number;
  readonly model: unknown;
  /** Sequences of a step, and of a micro-batch. */
  readonly batch: readonly [number, number];
  readonly parallel: Readonly<Record<string, unknown>>;
}

function megatron(name: string, layout: Layout, full: number, selective: number): MeasuredStep[] {
  return (["full", "selective"] as const).map((recompute) => {
    const parallel = { ...layout.parallel, sequenceParallel: recompute === "selective" };
    const settings = { ...A100, recompute };
    return {
      ...{ name: `${name}, ${recompute} recomputation`, section: MEGATRON, gpus: layout.gpus },
      seconds: recompute === "full" ? full : selective,
      scenario: scenarioOn(SYSTEMS.selene, layout.gpus, workloadOf({ ...layout, parallel }, settings)),
    };
  });
}

function workloadOf({ model, batch: [global, micro], parallel }: Layout, settings: Readonly<Record<string, unknown>>) {
  return { model, batch: { global, micro }, parallel, ...settings };
}

function vtrain(): MeasuredStep[] {
  const text = readFileSync(new URL("../../data/training/training-steps-a100.csv", import.meta.url), "utf8");
  const lines = text.trim().split("\n").slice(1);
  return lines.map((line) => {
    const [billions, ...numbers] = line.split(",");
    const [gpus, global, micro, hidden, heads, layers, sequence, tp, dp, pp, ms] = numbers.map(Number) as Eleven;
    const parallel = { tp, pp, sequenceParallel: false };
    const layout = { gpus, model: { layers, hidden, heads }, batch: [global, micro], parallel } as const;
    return {
      ...{ name: `${billions} B, TP ${tp} PP ${pp} DP ${dp}, micro ${micro}`, section: VTRAIN, gpus },
      seconds: ms / 1000,
      scenario: scenarioOn(SYSTEMS.vtrain, gpus, workloadOf(layout, { ...A100, sequence, recompute: "full" })),
    };
  });
}

type Eleven = [number, number, number, number, number, number, number, number, number, number, number];

export const OVERLAP_NONE = { tp: false, pp: false, dp: false };
const OVERLAP_ALL = { tp: true, pp: true, dp: true };

/** 175 billion parameters, TP 8 and PP 8 with 6 parts a stage (sections 3 and 6.1). */
export function megascaleStep(gpus: number, global: number, overlap: typeof OVERLAP_NONE) {
  const parallel = { tp: 8, pp: 8, virtualStages: 6 };
  const layout = { gpus, model: "gpt-3-175b", batch: [global, 1], parallel } as const;
  return scenarioOn(SYSTEMS.megascale, gpus, workloadOf(layout, { ...A100, recompute: "selective", overlap }));
}

function megascale(): MeasuredStep[] {
  const measured = [
    ["Megatron-LM", OVERLAP_NONE, { 256: 40.0, 512: 21.2, 768: 15.2, 1024: 11.9 }],
    ["MegaScale", OVERLAP_ALL, { 256: 32.0, 512: 16.5, 768: 11.5, 1024: 8.9 }],
  ] as const;
  return measured.flatMap(([code, overlap, times]) =>
    Object.entries(times).map(([gpus, seconds]) => ({
      ...{ name: `${code}, ${gpus} GPUs`, section: MEGASCALE, gpus: Number(gpus), seconds },
      scenario: megascaleStep(Number(gpus), 768, overlap),
    })),
  );
}

function hopper(
  section: string,
  name: string,
  on: System,
  layout: Layout,
  rest: object,
): Omit<MeasuredStep, "seconds"> {
  const scenario = scenarioOn(on, layout.gpus, workloadOf(layout, { sequence: 8192, ...rest }));
  return { name, section, gpus: layout.gpus, scenario };
}

/** One layer a part, 128 parts of 16 stages; 16 million tokens a step (sections 3.3.2 and 3.4). */
function llama(gpus: number, teraflops: number): MeasuredStep {
  const parallel = { tp: 8, pp: 16, virtualStages: 8, zero: 1, order: ["tp", "cp", "ep", "pp", "dp"] };
  const layout = { gpus, model: "llama-3-405b", batch: [2048, 1], parallel } as const;
  // Their count of FLOPs: 6 for a parameter and token.
  const seconds = (6 * 405e9 * 2048 * 8192) / (gpus * teraflops * 1e12);
  return { ...hopper(LLAMA, `${gpus} GPUs`, SYSTEMS.meta, layout, { precision: "bf16" }), seconds };
}

function nvidia(): MeasuredStep[] {
  const settings = { precision: "fp8", overlap: OVERLAP_ALL };
  const large = { tp: 8, pp: 8, cp: 2, virtualStages: 8, zero: 1 };
  const small = { tp: 4, pp: 8, virtualStages: 5, zero: 1 };
  const rows = [
    ["Llama 3.1 405B, FP8", { gpus: 1024, model: "llama-3-405b", batch: [1536, 1], parallel: large }, 326],
    ["Llama 3 70B, FP8", { gpus: 64, model: "llama-3-70b", batch: [256, 1], parallel: small }, 1664],
  ] as const;
  return rows.map(([name, layout, tokensPerSecond]) => ({
    ...hopper(NVIDIA, name, SYSTEMS.dgxH100, layout, settings),
    seconds: (layout.batch[0] * 8192) / (tokensPerSecond * layout.gpus),
  }));
}

const small = { gpus: 8, model: { layers: 48, hidden: 6144, heads: 64 }, batch: [4, 4], parallel: { tp: 8 } } as const;
const gpt3 = { tp: 8, pp: 8, virtualStages: 3 };
const turing = { tp: 8, pp: 35, virtualStages: 3 };

export const ROWS: readonly MeasuredStep[] = [
  ...megatron("22B", small, 1.42, 1.1),
  ...megatron("175B", { gpus: 64, model: "gpt-3-175b", batch: [64, 1], parallel: gpt3 }, 18.13, 13.75),
  ...megatron("530B", { gpus: 280, model: "gpt-3-530b", batch: [280, 1], parallel: turing }, 49.05, 37.83),
  ...megascale(),
  ...nvidia(),
  llama(8192, 430),
  llama(16_384, 400),
  ...vtrain(),
];

/** The same layout at 256 GPUs, with what MegaScale let overlap, one after the other (table 3). */
export const OVERLAP_STEPS = [
  { name: "no overlap", mfu: 53.3, overlap: OVERLAP_NONE },
  { name: "tensor parallelism too", mfu: 55.5, overlap: { tp: true, pp: false, dp: false } },
  { name: "the pipeline too", mfu: 58.0, overlap: { tp: true, pp: true, dp: false } },
  { name: "data parallelism too", mfu: 59.5, overlap: OVERLAP_ALL },
].map((step) => ({ ...step, scenario: megascaleStep(256, 256, step.overlap) }));
