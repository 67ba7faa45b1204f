import { z } from "zod";
import { choice, kinds, object, quantity, quantityOr, real, truth, whole } from "./fields.js";

const time = (description: string, example: string) =>
  quantity("time", { description, min: "1ps", max: "1s", examples: [example] });

const rate = (description: string, example: string) =>
  quantity("rate", { description, min: "1Kbps", max: "10Tbps", examples: [example] });

const increase = (description: string, example: string) =>
  quantityOr("rate", { auto: null }, { description, max: "10Tbps", examples: [example, "auto"] }).prefault("auto");

const none = object({ kind: z.literal("none") }, "A fixed window.");

/** What goes off again and again: NICs have timers of a microsecond, and a shorter one would do nothing but go off. */
const timer = (description: string, example: string) =>
  quantity("time", { description, min: "100ns", max: "1s", examples: [example] });

/** Defaults: the timers of the paper. */
const dcqcn = object(
  {
    kind: z.literal("dcqcn"),
    cnpInterval: time("A receiver notifies a sender at most once in this time.", "50us").prefault("50us"),
    gain: real(0, 1, "Weight of a notification in alpha.").prefault(1 / 256),
    initialAlpha: real(0, 1, "Alpha before the first notification.").prefault(1),
    alphaPeriod: timer("Alpha decays after each such time without a notification.", "55us").prefault("55us"),
    decreaseInterval: time("Least time between two cuts of the rate.", "50us").prefault("50us"),
    timer: timer("Time between two increases of the rate.", "55us").prefault("55us"),
    byteCounter: quantityOr(
      "size",
      { off: 0 },
      { description: "Bytes between two increases of the rate.", min: "1B", max: "1TB", examples: ["10MB", "off"] },
    ).prefault("10MB"),
    fastRecovery: whole(1, 1000, "Increases up to which the rate goes half way back to its target.").prefault(5),
    additiveIncrease: increase(
      "What the target gains then, each time; auto is a thousandth of the rate of the sender's NIC.",
      "40Mbps",
    ),
    hyperIncrease: increase(
      "What it gains, i times the i-th time, once timer and byte counter have passed fastRecovery; auto is a hundredth of the rate of the sender's NIC.",
      "400Mbps",
    ),
    clampTarget: truth("Every cut makes the rate so far the target, not only the first in a row.").prefault(true),
    minRate: rate("The rate is not cut below this.", "100Mbps").prefault("100Mbps"),
    variant: choice(
      ["paper", "nic"],
      [],
      "paper: a notification acts at once. nic: all of a period count once, at its end: for alpha those of alphaPeriod, for a cut those of decreaseInterval; and hyperIncrease does not grow.",
    ).prefault("paper"),
  },
  "DCQCN: rate control by notifications of marked packets (Zhu et al., SIGCOMM 2015). Needs ecn.",
);

const orFabric = (description: string, example: string) =>
  quantityOr("time", { auto: null }, { description, min: "1ns", max: "1s", examples: [example, "auto"] }).prefault(
    "auto",
  );

const baseRtt = orFabric(
  "Round trip on an unloaded network; auto is the longest of the fabric; on a listed one, of the ways that flows take.",
  "8us",
);

const swift = object(
  {
    kind: z.literal("swift"),
    baseRtt,
    target: orFabric("Round trip that a large window aims at; auto is 1.5 times baseRtt.", "12us"),
    flowRange: orFabric("What the target of the smallest window has more; auto is baseRtt.", "8us"),
    leastScaled: real(0.001, 1, "Window, in packets, at which the target is raised by flowRange.").prefault(0.1),
    mostScaled: real(1.1, 10_000, "Window, in packets, from which on it is not raised.").prefault(100),
    additiveIncrease: real(0, 1000, "Packets that the window gains in a round trip below the target.").prefault(1),
    beta: real(0, 1, "Weight of the excess delay in a decrease.").prefault(0.8),
    maxDecrease: real(0, 0.99, "Largest share that a decrease takes away.").prefault(0.5),
    minWindow: real(0.001, 1, "Smallest window, in packets.").prefault(0.01),
  },
  "Swift: keeps the round trip at a target (Kumar et al., SIGCOMM 2020).",
);

const nscc = object(
  {
    kind: z.literal("nscc"),
    baseRtt,
    target: orFabric("Queueing delay that is aimed at; auto is baseRtt, or three quarters of it with trimming.", "8us"),
    maxWindow: real(0.1, 100, "Largest window, in bandwidth-delay products.").prefault(1.5),
    gamma: real(0, 1, "Weight of the excess delay in a decrease.").prefault(0.8),
    maxDecrease: real(0, 0.99, "Largest share that a decrease takes away.").prefault(0.5),
    delayGain: real(0.0001, 1, "Weight of a sample in the average delay.").prefault(0.0125),
    adaptShare: real(
      0,
      1,
      "A loss or a long queue sets the window to what a round trip achieved, if that was less than this share of the largest window.",
    ).prefault(0.125),
  },
  "NSCC: by marks and queueing delay, the sender-based congestion control of Ultra Ethernet. Needs ecn, whose auto follows from baseRtt.",
);

/** Defaults: those of the paper. */
const hpcc = object(
  {
    kind: z.literal("hpcc"),
    baseRtt,
    utilisation: real(0.01, 1, "The share of a link's rate that is aimed at.").prefault(0.95),
    maxStage: whole(0, 1000, "Additive increases in a row, after which the window follows the measurement.").prefault(
      5,
    ),
    flows: whole(
      1,
      1_000_000,
      "Flows that may share a link: in a round trip each adds this part of what utilisation leaves free.",
    ).prefault(100),
    minRate: rate("The rate is not cut below this.", "100Mbps").prefault("100Mbps"),
  },
  "HPCC: window control by what every switch port says of its queue and load in each packet (Li et al., SIGCOMM 2019).",
);

const rccc = object(
  {
    kind: z.literal("rccc"),
    baseRtt,
    speculative: real(
      0,
      100,
      "Credit that a sender has until it hears from the receiver, in bandwidth-delay products.",
    ).prefault(1),
    underWay: real(
      0.01,
      1000,
      "Credit that a sender may ask for beyond what it has spent, in bandwidth-delay products; a receiver waits while that much comes unasked.",
    ).prefault(1.5),
    pull: whole(1, 64, "Packets that a pull grants.").prefault(4),
  },
  "RCCC: credit from the receiver, which grants it in turn and at line rate, the receiver-based congestion control of Ultra Ethernet.",
);

export const congestionControl = kinds(
  ["none", "dcqcn", "swift", "nscc", "hpcc", "rccc"],
  ["timely"],
  [none, dcqcn, swift, nscc, hpcc, rccc],
  "Congestion control.",
);
