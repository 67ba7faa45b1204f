/** How closely heddle must agree with htsim, case by case. */
import type { HtsimCase } from "./case.js";

type Figure = "min" | "mean" | "max";

export interface Expectation {
  /** Seeds to run: one where the order of events is all that decides. */
  readonly seeds: number;
  /** Largest relative difference of the figure, averaged over the seeds. A figure left out is not compared. */
  readonly within: Readonly<Partial<Record<Figure, number>>>;
  /** Why a difference above 1 % is there. */
  readonly why?: string;
}

const SEEDS = 20;
const EXACT: Expectation = { seeds: 1, within: { min: 0.01, mean: 0.01, max: 0.01 } };
/** Which sender comes first is the tools' own affair; the last one's time is not. */
const LAST: Expectation = { seeds: 1, within: { max: 0.01 } };

const XOFF =
  "here a port pauses its peer at 15 packets and resumes it at 12, with pause frames that take their time on the link; where exactly htsim counts, and how its link falls idle in between, was not traced";
const TURNS =
  "a switch here takes its candidates strictly in turn, which suits equal flows that start together: they never meet; where htsim begins and when it advances was not traced";
const LEAST =
  "a switch here knows the backlog of every candidate when the packet comes, the packet in transmission included, and breaks ties at random; how htsim measures and how often was not traced";
const PATHS =
  "which flows collide is drawn differently (a hash at each switch here, a path number at the host there), and the slowest flow of few seeds scatters";
const ORDERS = "the same rules, but other random orders, and few seeds there";
const FLOWLETS =
  "a new flow takes the least queued path here, which spreads flows that start together; by what htsim chooses, and after which gap, was not traced";
const ALPHA =
  "htsim's DCQCN shares one alpha among all flows, by its authors' own account; ours is per queue pair, as in the paper";
const ADAPT =
  "the constants are the same, but when the first loss or long queue cuts which sender is a matter of the order of answers, which was not traced; trimming here is by the free share of the buffer, there by a queue of one BDP";

const FIRST =
  "what senders send before any credit has come is trimmed in both; how it is made up for, and by whom first, was not traced";

const BY_NAME: Readonly<Record<string, Expectation>> = {
  R02_incast2_uroce_pfc: { seeds: 1, within: { mean: 0.02, max: 0.02 }, why: XOFF },
  R02_incast2_uroce_pfc_dcqcn: { seeds: 1, within: { mean: 0.015, max: 0.015 }, why: ALPHA },
  R03_incast8_uecconst: LAST,
  R03_incast8_uecnscc: { seeds: SEEDS, within: { mean: 0.15, max: 0.15 }, why: ADAPT },
  R03_incast8_uecrccc: { seeds: SEEDS, within: { mean: 0.08, max: 0.08 }, why: FIRST },
  R03_incast8_uroce_pfc: { seeds: 1, within: { mean: 0.06, max: 0.01 }, why: XOFF },
  R03_incast8_uroce_pfc_dcqcn: { seeds: 1, within: { mean: 0.1, max: 0.1 }, why: ALPHA },
  R04_shift64128_uecconst_ecmp: { seeds: SEEDS, within: { min: 0.01, mean: 0.06, max: 0.2 }, why: PATHS },
  R04_shift64128_uecconst_oblivious: {
    seeds: SEEDS,
    within: { min: 0.015, mean: 0.01, max: 0.03 },
    why: ORDERS,
  },
  R04_shift64128_uecconst_switchAR: { seeds: SEEDS, within: { min: 0.05, mean: 0.08, max: 0.12 }, why: LEAST },
  R04_shift64128_uecconst_switchRR: { seeds: SEEDS, within: { min: 0.08, mean: 0.15, max: 0.24 }, why: TURNS },
  R04_shift64128_uecnscc_ecmp: { seeds: SEEDS, within: { min: 0.01, mean: 0.08, max: 0.25 }, why: PATHS },
  R04_shift64128_uecnscc_oblivious: { seeds: SEEDS, within: { min: 0.015, mean: 0.01, max: 0.03 }, why: ORDERS },
  R04_shift64128_uecnscc_reps: { seeds: SEEDS, within: { min: 0.01, mean: 0.02, max: 0.05 }, why: ORDERS },
  R04_shift64128_uecnscc_bitmap: { seeds: SEEDS, within: { min: 0.015, mean: 0.01, max: 0.03 }, why: ORDERS },
  R04_shift64128_uecnscc_switchAR: { seeds: SEEDS, within: { min: 0.03, mean: 0.03, max: 0.03 }, why: LEAST },
  R04_shift64128_uroce_ecmp_pfc: { seeds: SEEDS, within: { min: 0.01, mean: 0.1, max: 0.2 }, why: PATHS },
  R04_shift64128_uroce_flowletAR_pfc: { seeds: SEEDS, within: { mean: 0.25, max: 0.35 }, why: FLOWLETS },
  R04_shift64128_uroce_pktAR_ooo_pfc: { seeds: SEEDS, within: { min: 0.05, mean: 0.08, max: 0.2 }, why: LEAST },
  R05_ls32_4to1_shift8_uecconst_oblivious: { seeds: SEEDS, within: { min: 0.02, mean: 0.02, max: 0.04 }, why: ORDERS },
  R05_ls32_4to1_shift8_uecconst_switchRR: EXACT,
  R05_ls32_4to1_shift8_uecnscc_oblivious: { seeds: SEEDS, within: { mean: 0.1, max: 0.05 }, why: ADAPT },
  R05_ls32_4to1_shift8_uroce_ecmp_pfc: { seeds: SEEDS, within: { mean: 0.25, max: 0.35 }, why: PATHS },
  R10_outcast4_uecconst: LAST,
  R15a_singleswitch_incast8_csgroce_pfc: { seeds: 1, within: { mean: 0.02, max: 0.01 }, why: XOFF },
  R15a_singleswitch_incast8_uecnscc: { seeds: SEEDS, within: { mean: 0.05, max: 0.03 }, why: ADAPT },
  R15a_singleswitch_incast8_uecrccc: { seeds: 1, within: { mean: 0.03, max: 0.01 }, why: FIRST },
  R15a_singleswitch_incast8_uroce_pfc_dcqcn: { seeds: 1, within: { mean: 0.05, max: 0.05 }, why: ALPHA },
  R15c_share_1spine_csgroce_pfc: {
    seeds: 1,
    within: { min: 0.01, max: 0.015 },
    why: "pauses take no time on the way in this version of the tool",
  },
  R15c_share_1spine_uecnscc: { seeds: SEEDS, within: { mean: 0.05, max: 0.08 }, why: ADAPT },
  R15c_share_1spine_uroce_pfc: { seeds: 1, within: { mean: 0.015, max: 0.015 }, why: XOFF },
  R15c_share_1spine_uroce_pfc_dcqcn: { seeds: 1, within: { min: 0.01, max: 0.3 }, why: ALPHA },
};

export function expectationOf({ name }: HtsimCase): Expectation {
  return BY_NAME[name] ?? EXACT;
}
