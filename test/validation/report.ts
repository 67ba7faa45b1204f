/** docs/VALIDATION.md, from runs. */
import { ns3Cases, ns3Plan } from "../support/ns3.js";
import { runCore } from "../support/run-core.js";
import { type FlowTimes, HTSIM, type HtsimCase, lacks, runCase } from "./htsim/case.js";
import { chainTimes } from "./htsim/chain.js";
import { type Expectation, expectationOf } from "./htsim/expectations.js";
import { type Measured, type MeasuredComparison, meanOf } from "./ns3/measured.js";
import { mean, standardDeviation } from "./statistics.js";

export interface Comparison {
  readonly one: HtsimCase;
  readonly expectation: Expectation;
  readonly peer: FlowTimes;
  readonly ours: FlowTimes;
  /** By how much each figure may differ, relative to the tool's. */
  readonly most: Readonly<Partial<FlowTimes>>;
  /** Figures that differ by more. */
  readonly off: readonly string[];
}

const FIGURES = ["min", "mean", "max"] as const;

/** Runs a case with all its seeds. */
export async function compare(one: HtsimCase): Promise<Comparison> {
  const expectation = expectationOf(one);
  const runs: FlowTimes[] = [];
  for (let seed = 1; seed <= expectation.seeds; seed++) runs.push(await runCase(one, seed));
  const [peer, ours] = [average(one.resultUs), average(runs)];
  const most: { -readonly [figure in keyof FlowTimes]?: number } = {};
  for (const figure of FIGURES) {
    const systematic = expectation.within[figure];
    if (systematic === undefined) continue;
    const errorUs = standardErrorUs(
      one.resultUs.map((run) => run[figure]),
      runs.map((run) => run[figure]),
    );
    most[figure] = systematic + (STANDARD_ERRORS * errorUs) / peer[figure];
  }
  const off = FIGURES.filter((figure) => Math.abs(ours[figure] / peer[figure] - 1) > (most[figure] ?? Infinity));
  return { one, expectation, peer, ours, most, off };
}

const STANDARD_ERRORS = 3;

/** Of the difference of two means. A single run of the tool is taken to scatter as ours do. */
function standardErrorUs(theirs: readonly number[], ours: readonly number[]): number {
  const own = standardDeviation(ours);
  const peer = theirs.length > 1 ? standardDeviation(theirs) : own;
  return Math.sqrt(peer ** 2 / theirs.length + own ** 2 / ours.length);
}

function average(runs: readonly FlowTimes[]): FlowTimes {
  const of = (figure: (typeof FIGURES)[number]) => mean(runs.map((run) => run[figure]));
  return { min: of("min"), mean: of("mean"), max: of("max") };
}

/** The page. */
export async function report(
  comparisons: readonly Comparison[],
  measured: readonly MeasuredComparison[],
): Promise<string> {
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
    "The simulators themselves. Their clocks count whole nanoseconds: in HPCC a packet of 1048 bytes takes 83 ns instead of 83.84. All of their flows start at once. Preset `ns3`, for DCQCN with `dcqcn.hpcc-400g`",
    "and increases for 100 Gb/s. Times to the last ACK in us; mean and standard deviation over 20 seeds where chance plays a part. A figure may differ by three standard errors and 1.5 % (HPCC 2 %).",
    "",
    "| case | figure | HPCC | SimAI | heddle | may differ by |",
    "|---|---|---|---|---|---|",
    ...measured.map(measuredRow),
    "",
    "Under random loss each loss costs one round trip, 6.37 us. Of the 3 that are to be expected, either simulator had 2 in its one run, each at 6.38 to 6.39 us: all its links draw from one stream.",
    "",
    "## htsim",
    "",
    "Presets `htsim.…`, one for each transport of the tool. Times of the first, the mean and the last flow, from its start to its last ACK, in us; averages over seeds where there are several. The tool's figures are published results",
    "of uet-htsim (2025-08) and csg-htsim (2026-03). A figure may differ by 1 %. Where chance plays a part, it may differ by three standard errors of the difference, too. A single run of the tool is taken to scatter as ours do.",
    "",
    "What sets its rules, as its source has them, apart from the defaults here: packets are marked at dequeue; what a full queue has no room for is cut, or by a coin's toss what waits last there; only trimmed packets are",
    "repeated, gaps never; queues and thresholds are whole packets of a bandwidth-delay product, 100 with two tiers and 150 with three; adaptive switches compare queues in steps of 5 % of their size, and so choose at random where",
    "queues have no limit; a port pauses its peer at 15 packets and resumes it at 11, and ACKs share the class of data. EQDS is run as RCCC, which grew out of it.",
    "",
    "A preset holds what does not depend on the fabric. To run a case of your own beside the tool, set the rest. `B` is the number of packets of 4160 bytes in a bandwidth-delay product: rate times longest round trip, rounded down.",
    "",
    "| transport | preset | set beside it |",
    "|---|---|---|",
    ...TRANSPORTS.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "All of them take the switches' latency (`switch.latency`) and 64 `routing.entropies`, its permutations 256. `adaptive` takes `routing.quantum: 1GB` where queues have no end or pause, 5 % of the queue where it is bounded. With `htsim.roce` it takes",
    "a transport that places (`recovery: selective`, `window: 16384000B`, `reorder: 4096`) where the tool's receivers do.",
    "",
    "| case | htsim: first, mean, last | heddle | ratio of the last | seeds, htsim and heddle | may differ by |",
    "|---|---|---|---|---|---|",
    ...comparisons.map(htsimRow),
    "",
    "Where more is allowed, and why:",
    "",
    ...reasons(comparisons),
    "",
    ...(await chainRows()),
    "",
    `Of ${HTSIM.cases.length} cases ${comparisons.length} run, and ${missing.length} (${missing.map((one) => `\`${one.name}\``).join(", ")}) are added up.`,
  ].join("\n")}\n`;
}

const QUEUE = "`flowControl.dropAlpha`: `1/floor(1e9 / ((B + 0.5) * 4160))`, a queue of `B` packets";
const MARKS = "`ecn: { kmin: 0.2 B, kmax: 0.8 B, pmax: 1, at: dequeue }` in bytes";

/** Transport of the tool, preset, what depends on the fabric. */
const TRANSPORTS = [
  ["UEC, constant window", "`htsim.uec`", "the window, if it is another than 16384000 B"],
  ["RoCE, PFC", "`htsim.roce`", "nothing"],
  ["RoCE, PFC, DCQCN", "`htsim.dcqcn`", "nothing at 400 Gb/s; else the increases, and marks at 40 packets"],
  [
    "UEC, NSCC",
    "`htsim.nscc`",
    `${QUEUE}; ${MARKS}; under a single switch \`baseRtt\`, of two links each way, and the fabric's \`target\``,
  ],
  ["UEC, RCCC; EQDS", "`htsim.rccc`", `${QUEUE}; ${MARKS}; under a single switch \`baseRtt\``],
];

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

const RUNS: Readonly<Record<Measured["run"], string>> = {
  plain: "",
  dcqcn: ", DCQCN",
  loss: ", go-back-N, 1e-4 of all packets lost on each link",
};

const FIGURE_LABELS: Readonly<Record<Measured["what"], string>> = {
  first: "first flow",
  last: "last flow",
  victim: "victim",
  pauses: "pause frames",
};

function measuredRow({ measured, ours, within, seeds }: MeasuredComparison): string {
  const { case: name, run, what, hpcc, simai } = measured;
  const shown = (figure: Measured["hpcc"]) =>
    figure === undefined ? "" : typeof figure === "number" ? figure.toFixed(1) : sampleText(figure);
  const most = [within.hpcc, within.simai].map((value) => value?.toFixed(1) ?? "").join(", ");
  const own = seeds > 1 ? sampleText(ours) : meanOf(ours).toFixed(1);
  return `| ${name}${RUNS[run]} | ${FIGURE_LABELS[what]} | ${shown(hpcc)} | ${shown(simai)} | ${own} | ${most} |`;
}

function sampleText([middle, deviation]: readonly [number, number]): string {
  return `${middle.toFixed(1)} (${deviation.toFixed(1)})`;
}

function microseconds(ps: number): string {
  return (ps / 1e6).toFixed(6);
}

function htsimRow({ one, expectation, peer, ours, most }: Comparison): string {
  const times = ({ min, mean, max }: FlowTimes) => [min, mean, max].map((time) => time.toFixed(2)).join(", ");
  const ratio = (ours.max / peer.max).toFixed(3);
  const within = Object.entries(most).map(([figure, share]) => `${LABELS[figure]} ${percent(share)}`);
  const seeds = `${one.resultUs.length}, ${expectation.seeds}`;
  return `| ${one.name} | ${times(peer)} | ${times(ours)} | ${ratio} | ${seeds} | ${within.join(", ")} |`;
}

/** Rings whose steps are chained at the sender. */
async function chainRows(): Promise<string[]> {
  const rows: string[] = [];
  for (const one of HTSIM.cases.filter((candidate) => lacks(candidate) !== undefined)) {
    const peer = average(one.resultUs);
    const ours = await chainTimes(one);
    const times = ({ min, mean: middle, max }: FlowTimes) =>
      [min, middle, max].map((time) => time.toFixed(2)).join(", ");
    rows.push(`| ${one.name} | ${times(peer)} | ${times(ours)} | ${(ours.max / peer.max).toFixed(3)} |`);
  }
  return [
    "In some rings steps are chained at the sender: the last ACK of a step at one rank starts the next step at the next rank in the same instant. No packet tells it. No fabric does that, and flows here do not either. So times of single steps are",
    "taken from a run of all edges of the ring. What is compared is their sum, one step after the other:",
    "",
    "| case | htsim: first, mean, last | heddle, added up | ratio of the last |",
    "|---|---|---|---|",
    ...rows,
  ];
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
