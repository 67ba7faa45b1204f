/**
 * Congestion control: one row each. The policy itself is a file of `assembly/congestion/`; what its
 * parameters become in a plan is in `src/plan/congestion.ts`.
 */
import { MECHANISM_PARAMETERS } from "./mechanism-parameters.js";
import type { Parameters, Quantity } from "./parameter.js";
import type { Row } from "./row.js";

/** A row of a congestion control. */
export interface CongestionControlRow extends Row {
  /** Its number in the core: `ControlId` in assembly/memory/structs/run.ts. */
  readonly id: number;
  /** Senders slow down for marks: without ECN it can do nothing. */
  readonly readsMarks: boolean;
  /** Packets carry what switch ports say of their queue and load. */
  readonly readsTelemetry: boolean;
}

const time = (description: string, example: string) =>
  ({ unit: "time", min: "1ps", max: "1s", default: example, description, examples: [example] }) as const;

/** Goes off again and again: NICs have timers of a microsecond, and shorter ones cost too much. */
const timer = (description: string, example: string) => ({ ...time(description, example), min: "100ns" }) as const;

/** Left open, it follows from the fabric. */
const orFabric = (description: string, example: string) =>
  ({
    unit: "time",
    min: "1ns",
    max: "1s",
    or: { auto: null },
    default: "auto",
    description,
    examples: [example, "auto"],
  }) as const satisfies Quantity;

/** Left open, it is a share of the rate of the sender's NIC. */
const increase = (description: string, example: string) =>
  ({
    unit: "rate",
    max: "10Tbps",
    or: { auto: null },
    default: "auto",
    description,
    examples: [example, "auto"],
  }) as const satisfies Quantity;

const share = (value: number, description: string) =>
  ({ unit: "number", min: 0, max: 1, default: value, description }) as const;

const minRate = {
  unit: "rate",
  min: "1Kbps",
  max: "10Tbps",
  default: "100Mbps",
  description: "The rate is not cut below this.",
  examples: ["100Mbps"],
} as const;

const baseRtt = orFabric(
  "Round trip on an unloaded network; auto is the longest of the fabric; on a listed one, of the ways that flows take.",
  "8us",
);

const maxDecrease = {
  unit: "number",
  min: 0,
  max: 0.99,
  default: 0.5,
  description: "Largest share that a decrease takes away.",
} as const;

/** Fields of `transport.congestionControl` by its kind, beside the kind. */
export const CONTROL_PARAMETERS = {
  none: {},
  /** Defaults: the timers of the paper. */
  dcqcn: {
    cnpInterval: time("A receiver notifies a sender at most once in this time.", "50us"),
    ...MECHANISM_PARAMETERS["cnp-delay"],
    gain: share(1 / 256, "Weight of a notification in alpha."),
    initialAlpha: share(1, "Alpha before the first notification."),
    alphaPeriod: timer("Alpha decays after each such time without a notification.", "55us"),
    decreaseInterval: time("Least time between two cuts of the rate.", "50us"),
    timer: timer("Time between two increases of the rate.", "55us"),
    byteCounter: {
      unit: "size",
      min: "1B",
      max: "1TB",
      or: { off: 0 },
      default: "10MB",
      description: "Bytes between two increases of the rate.",
      examples: ["10MB", "off"],
    },
    fastRecovery: {
      unit: "integer",
      min: 1,
      max: 1000,
      default: 5,
      description: "Increases up to which the rate goes half way back to its target.",
    },
    additiveIncrease: increase(
      "What the target gains then, each time; auto is a thousandth of the rate of the sender's NIC.",
      "40Mbps",
    ),
    hyperIncrease: increase(
      "What it gains, i times the i-th time, once timer and byte counter have passed fastRecovery; auto is a hundredth of the rate of the sender's NIC.",
      "400Mbps",
    ),
    clampTarget: {
      unit: "boolean",
      default: true,
      description: "Every cut makes the rate so far the target, not only the first in a row.",
    },
    minRate,
    variant: {
      unit: "word",
      words: ["paper", "nic"],
      default: "paper",
      description:
        "paper: a notification acts at once. nic: all of a period count once, at its end: for alpha those of alphaPeriod, for a cut those of decreaseInterval; and hyperIncrease does not grow.",
    },
  },
  swift: {
    baseRtt,
    target: orFabric("Round trip that a large window aims at; auto is 1.5 times baseRtt.", "12us"),
    flowRange: orFabric("What the target of the smallest window has more; auto is baseRtt.", "8us"),
    leastScaled: {
      unit: "number",
      min: 0.001,
      max: 1,
      default: 0.1,
      description: "Window, in packets, at which the target is raised by flowRange.",
    },
    mostScaled: {
      unit: "number",
      min: 1.1,
      max: 10_000,
      default: 100,
      description: "Window, in packets, from which on it is not raised.",
    },
    additiveIncrease: {
      unit: "number",
      min: 0,
      max: 1000,
      default: 1,
      description: "Packets that the window gains in a round trip below the target.",
    },
    beta: share(0.8, "Weight of the excess delay in a decrease."),
    maxDecrease,
    minWindow: {
      unit: "number",
      min: 0.001,
      max: 1,
      default: 0.01,
      description: "Smallest window, in packets.",
    },
  },
  nscc: {
    baseRtt,
    target: orFabric("Queueing delay that is aimed at; auto is baseRtt, or three quarters of it with trimming.", "8us"),
    maxWindow: {
      unit: "number",
      min: 0.1,
      max: 100,
      default: 1.5,
      description: "Largest window, in bandwidth-delay products.",
    },
    gamma: share(0.8, "Weight of the excess delay in a decrease."),
    maxDecrease,
    delayGain: {
      unit: "number",
      min: 0.0001,
      max: 1,
      default: 0.0125,
      description: "Weight of a sample in the average delay.",
    },
    adaptShare: share(
      0.125,
      "A loss or a long queue sets the window to what a round trip achieved, if that was less than this share of the largest window.",
    ),
  },
  /** Defaults: those of the paper. */
  hpcc: {
    baseRtt,
    utilisation: {
      unit: "number",
      min: 0.01,
      max: 1,
      default: 0.95,
      description: "The share of a link's rate that is aimed at.",
    },
    maxStage: {
      unit: "integer",
      min: 0,
      max: 1000,
      default: 5,
      description: "Additive increases in a row, after which the window follows the measurement.",
    },
    flows: {
      unit: "integer",
      min: 1,
      max: 1_000_000,
      default: 100,
      description: "Flows that may share a link: in a round trip each adds this part of what utilisation leaves free.",
    },
    minRate,
  },
  rccc: {
    baseRtt,
    speculative: {
      unit: "number",
      min: 0,
      max: 100,
      default: 1,
      description: "Credit that a sender has until it hears from the receiver, in bandwidth-delay products.",
    },
    underWay: {
      unit: "number",
      min: 0.01,
      max: 1000,
      default: 1.5,
      description:
        "Credit that a sender may ask for beyond what it has spent, in bandwidth-delay products, if that covers a round trip and a pull; a receiver waits while that much comes unasked.",
    },
    pull: { unit: "integer", min: 1, max: 64, default: 4, description: "Packets that a pull grants." },
  },
} as const satisfies Readonly<Record<string, Parameters>>;

export type ControlName = keyof typeof CONTROL_PARAMETERS;

/** What may be accelerated each row says itself. */
const CONTROLLED = {
  readsMarks: false,
  readsTelemetry: false,
  lean: false,
} as const;

const parametersOf = (name: ControlName) => Object.keys(CONTROL_PARAMETERS[name]);

export const CONGESTION_CONTROL: { readonly [C in ControlName]: CongestionControlRow } = {
  none: {
    ...CONTROLLED,
    id: 0,
    lean: true,
    fastForward: true,
    symmetry: true,
    sentence: "A fixed window.",
    source: "RoCE with congestion control off; Meta runs 400G so (SIGCOMM 2024)",
  },
  dcqcn: {
    ...CONTROLLED,
    id: 1,
    readsMarks: true,
    fastForward: true,
    symmetry: true,
    sentence: "DCQCN: rate control by notifications of marked packets (Zhu et al., SIGCOMM 2015). Needs ecn.",
    source: "Zhu et al., Congestion Control for Large-Scale RDMA Deployments, SIGCOMM 2015",
    parameters: parametersOf("dcqcn"),
  },
  swift: {
    ...CONTROLLED,
    id: 2,
    fastForward: true,
    symmetry: true,
    sentence: "Swift: keeps the round trip at a target (Kumar et al., SIGCOMM 2020).",
    source: "Kumar et al., Swift: Delay is Simple and Effective for Congestion Control in the Datacenter, SIGCOMM 2020",
    parameters: parametersOf("swift"),
  },
  nscc: {
    ...CONTROLLED,
    id: 3,
    readsMarks: true,
    fastForward: true,
    symmetry: true,
    sentence:
      "NSCC: by marks and queueing delay, the sender-based congestion control of Ultra Ethernet. Needs ecn, whose auto follows from baseRtt.",
    source:
      "Ultra Ethernet Specification 1.0, Network Signal-based Congestion Control; constants of htsim's uec.cpp, and its thresholds of marks, 0.2 and 0.8 of the bandwidth-delay product",
    parameters: parametersOf("nscc"),
  },
  hpcc: {
    ...CONTROLLED,
    id: 4,
    readsTelemetry: true,
    fastForward: "hpcc keeps measurements that it is not made for",
    symmetry: true,
    sentence:
      "HPCC: window control by what every switch port says of its queue and load in each packet (Li et al., SIGCOMM 2019).",
    source: "Li et al., HPCC: High Precision Congestion Control, SIGCOMM 2019; draft-miao-tsv-hpcc",
    parameters: parametersOf("hpcc"),
  },
  rccc: {
    ...CONTROLLED,
    id: 5,
    fastForward: "rccc keeps credit that it is not made for",
    symmetry: true,
    sentence:
      "RCCC: credit from the receiver, which grants it in turn and at line rate, the receiver-based congestion control of Ultra Ethernet.",
    source:
      "Ultra Ethernet Specification 1.0, Receiver Credit-based Congestion Control; pulls, the largest window of a sender and the end of speculation as in htsim's uec.cpp",
    parameters: parametersOf("rccc"),
  },
};
