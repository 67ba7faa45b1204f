/** docs/VALIDATION.md, from runs. */
import { ns3Cases, ns3Plan } from "../support/ns3.js";
import { runCore } from "../support/run-core.js";
import { type FlowTimes, HTSIM, type HtsimCase, lacks, runCase } from "./htsim/case.js";
import { type Expectation, expectationOf } from "./htsim/expectations.js";

export interface Comparison {
  readonly one: HtsimCase;
  readonly expectation: Expectation;
  readonly peer: FlowTimes;
  readonly ours: FlowTimes;
  /** Figures that differ by more than they may. */
  readonly off: readonly string[];
}

const FIGURES = ["min", "mean", "max"] as const;

/** Runs a case with all its seeds. */
export async function compare(one: HtsimCase): Promise<Comparison> {
  const expectation = expectationOf(one);
  const runs: FlowTimes[] = [];
  for (let seed = 1; seed <= expectation.seeds; seed++) runs.push(await runCase(one, seed));
  const [peer, ours] = [average(one.resultUs), average(runs)];
  const off = FIGURES.filter((figure) => {
    const most = expectation.within[figure];
    return most !== undefined && Math.abs(ours[figure] / peer[figure] - 1) > most;
  });
  return { one, expectation, peer, ours, off };
}

function average(runs: readonly FlowTimes[]): FlowTimes {
  const mean = (figure: (typeof FIGURES)[number]) => runs.reduce((sum, run) => sum + run[figure], 0) / runs.length;
  return { min: mean("min"), mean: mean("mean"), max: mean("max") };
}

/** The page. */
export async function report(comparisons: readonly Comparison[]): Promise<string> {
  const missing = HTSIM.cases.filter((one) => lacks(one) !== undefined);
  return `${[
    "# Validation",
    "",
    "heddle beside the tools that the field uses, on cases whose results are known. This page is written by `npm run validate` from runs, and the tests",
    "hold it to what runs give: a change that moves a figure shows here.",
    "",
    "## ns-3",
    "",
    "The exact rules of the RDMA simulators for ns-3 (HPCC, SimAI), preset `ns3`. Completion times of all flows agree to the picosecond, pauses to the single frame.",
    "",
    "| case | last flow, ns-3 | last flow, heddle | pauses, ns-3 | pauses, heddle |",
    "|---|---|---|---|---|",
    ...(await ns3Rows()),
    "",
    "## htsim",
    "",
    "Preset `htsim`. Times of the first, the mean and the last flow, from its start to its last ACK, in us; averages over seeds where there are several. The tool's figures are published results",
    "of uet-htsim (2025-08) and csg-htsim (2026-03).",
    "",
    "| case | htsim: first, mean, last | heddle | ratio of the last | seeds, htsim and heddle | may differ by |",
    "|---|---|---|---|---|---|",
    ...comparisons.map(htsimRow),
    "",
    "Where the two differ by more than 1 %, and why:",
    "",
    ...reasons(comparisons),
    "",
    `Of ${HTSIM.cases.length} cases ${comparisons.length} run. Not yet: ${missing.map((one) => `\`${one.name}\` (${lacks(one)})`).join(", ")}.`,
  ].join("\n")}\n`;
}

async function ns3Rows(): Promise<string[]> {
  const rows: string[] = [];
  for (const ns3 of ns3Cases()) {
    const outcome = await runCore(ns3Plan(ns3));
    const { finishPs, pauses } = ns3.expected;
    rows.push(
      `| ${ns3.name} | ${microseconds(finishPs)} us | ${microseconds(outcome.endPs)} us | ${pauses} | ${outcome.totals.pausesSent} |`,
    );
  }
  return rows;
}

function microseconds(ps: number): string {
  return (ps / 1e6).toFixed(6);
}

function htsimRow({ one, expectation, peer, ours }: Comparison): string {
  const times = ({ min, mean, max }: FlowTimes) => [min, mean, max].map((time) => time.toFixed(2)).join(", ");
  const ratio = (ours.max / peer.max).toFixed(3);
  const within = Object.entries(expectation.within).map(([figure, most]) => `${LABELS[figure]} ${percent(most)}`);
  const seeds = `${one.resultUs.length}, ${expectation.seeds}`;
  return `| ${one.name} | ${times(peer)} | ${times(ours)} | ${ratio} | ${seeds} | ${within.join(", ")} |`;
}

const LABELS: Readonly<Record<string, string>> = { min: "first", mean: "mean", max: "last" };

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function reasons(comparisons: readonly Comparison[]): string[] {
  const names = new Map<string, string[]>();
  for (const { one, expectation } of comparisons) {
    if (expectation.why !== undefined) names.set(expectation.why, [...(names.get(expectation.why) ?? []), one.name]);
  }
  return [...names].map(([why, cases]) => `- ${cases.map((name) => `\`${name}\``).join(", ")}: ${why}.`);
}
