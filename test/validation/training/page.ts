/** docs/VALIDATION-TRAINING.md, from what was measured and what was simulated. */
import { LLAMA, MEGASCALE, MEGATRON, type MeasuredStep, NVIDIA, OVERLAP_STEPS, ROWS, VTRAIN } from "./rows.js";
import type { SimulatedStep, SimulatedSteps } from "./simulated.js";
import { SYSTEMS } from "./systems.js";
import { ABOUT, REASONS } from "./words.js";

/** Errors above this have their reason on the page. */
export const ERROR_MAX = 0.2;

export interface HeldStep {
  readonly row: MeasuredStep;
  readonly step: SimulatedStep;
  /** Relative to what was measured. */
  readonly error: number;
}

export const keyOf = ({ section, name }: Pick<MeasuredStep, "section" | "name">) => `${section}: ${name}`;
export const overlapKey = (name: string) => `MegaScale's overlap: ${name}`;

/** Rows that have been simulated. */
export function heldSteps(simulated: SimulatedSteps): readonly HeldStep[] {
  return ROWS.flatMap((row) => {
    const step = simulated[keyOf(row)];
    return step === undefined ? [] : [{ row, step, error: step.seconds / row.seconds - 1 }];
  });
}

/** Why a step is far off; undefined where nobody has said. */
export function reasonOf({ row }: HeldStep): string | undefined {
  return REASONS.find(({ rows }) => rows.test(keyOf(row)))?.reason;
}

export function page(simulated: SimulatedSteps): string {
  const held = heldSteps(simulated);
  const missing = ROWS.filter((row) => simulated[keyOf(row)] === undefined);
  const sections = [MEGATRON, MEGASCALE, VTRAIN, LLAMA, NVIDIA].flatMap((section) => {
    const own = held.filter(({ row }) => row.section === section);
    return own.length === 0 ? [] : [`## ${section}`, ...ABOUT[section]!, table(own)];
  });
  const parts = [
    ...["# Training steps, measured and simulated", ...ABOUT.page!, summary(held)],
    ...["## What is assumed", ...ABOUT.assumed!, systems()],
    ...sections,
    ...overlapSection(simulated),
    ...["## Rows above 20 %", farOff(held)],
    ...(missing.length === 0 ? [] : ["## Not simulated", notSimulated(missing)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function summary(held: readonly HeldStep[]): string {
  const rows = [...new Set(held.map(({ row }) => row.section)), "all"].map((section) => {
    const own = held.filter(({ row }) => section === "all" || row.section === section);
    const sizes = own.map(({ error }) => Math.abs(error));
    const far = sizes.filter((size) => size > ERROR_MAX).length;
    return `| ${section} | ${own.length} | ${percent(median(sizes))} | ${percent(Math.max(...sizes))} | ${far} |`;
  });
  return ["| source | steps | median error | largest | above 20 % |", "|---|---|---|---|---|", ...rows].join("\n");
}

function systems(): string {
  return Object.values(SYSTEMS)
    .map(({ sentence }) => `- ${sentence}`)
    .join("\n");
}

function table(held: readonly HeldStep[]): string {
  const rows = held.map(({ row, step, error }) => {
    const times = [row.seconds, step.seconds].map((seconds) => `${seconds.toFixed(2)} s`).join(" | ");
    return `| ${row.name} | ${row.gpus} | ${times} | ${percent(error)} | ${shares(step)} | ${step.cpuSeconds} s |`;
  });
  const head = "| step | GPUs | measured | heddle | error | GPUs compute, wait most for | CPU time |";
  return [head, "|---|---|---|---|---|---|---|", ...rows].join("\n");
}

function shares({ shares: { computes = 0, ...waits } }: SimulatedStep): string {
  const most = Object.entries(waits)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([cause, share]) => `${cause} ${percent(share)}`);
  return [percent(computes), ...most].join(", ");
}

/** What each overlap takes off the step: the ratio of times does not ask for the absolute speed. */
function overlapSection(simulated: SimulatedSteps): string[] {
  const steps = OVERLAP_STEPS.map(({ name, mfu }) => ({ name, mfu, step: simulated[overlapKey(name)] }));
  if (steps.some(({ step }) => step === undefined)) return [];
  const rows = steps.map(({ name, mfu, step }, i) => {
    const before = steps[i - 1];
    const gain = before === undefined ? ["", ""] : [before.mfu / mfu - 1, step!.seconds / before.step!.seconds - 1];
    const [measured, ours] = gain.map((each) => (each === "" ? "" : percent(each as number)));
    return `| ${name} | ${percent(mfu / 100)} | ${measured} | ${percent(step!.mfu)} | ${ours} |`;
  });
  const head = "| overlap | MFU, measured | step | MFU, heddle | step |";
  return ["## What MegaScale overlaps", ...ABOUT.overlap!, [head, "|---|---|---|---|---|", ...rows].join("\n")];
}

function farOff(held: readonly HeldStep[]): string {
  const far = held.filter(({ error }) => Math.abs(error) > ERROR_MAX);
  if (far.length === 0) return "None.";
  const byReason = new Map<string, string[]>();
  for (const each of far) {
    const reason = reasonOf(each) ?? "Not known.";
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${each.row.name} (${percent(each.error)})`]);
  }
  return [...byReason].map(([reason, names]) => `${names.join(";\n")}:\n${reason}`).join("\n\n");
}

function notSimulated(rows: readonly MeasuredStep[]): string {
  const lines = rows.map(
    ({ section, name, gpus, seconds }) => `| ${section} | ${name} | ${gpus} | ${seconds.toFixed(2)} s |`,
  );
  return ["| source | step | GPUs | measured |", "|---|---|---|---|", ...lines].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
