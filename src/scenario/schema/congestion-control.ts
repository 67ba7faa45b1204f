import { z } from "zod";
import { kinds, object, quantity, quantityOr, real, truth, whole } from "./fields.js";

const time = (description: string, example: string) =>
  quantity("time", { description, min: "1ps", max: "1s", examples: [example] });

const rate = (description: string, example: string) =>
  quantity("rate", { description, min: "1Kbps", max: "10Tbps", examples: [example] });

const increase = (description: string, example: string) =>
  quantityOr("rate", { auto: null }, { description, max: "10Tbps", examples: [example, "auto"] }).prefault("auto");

const none = object({ kind: z.literal("none") }, "A fixed window.");

/** Defaults: the timers of the paper. */
const dcqcn = object(
  {
    kind: z.literal("dcqcn"),
    cnpInterval: time("A receiver notifies a sender at most once in this time.", "50us").prefault("50us"),
    gain: real(0, 1, "Weight of a notification in alpha.").prefault(1 / 256),
    initialAlpha: real(0, 1, "Alpha before the first notification.").prefault(1),
    alphaPeriod: time("Alpha decays after each such time without a notification.", "55us").prefault("55us"),
    decreaseInterval: time("Least time between two cuts of the rate.", "50us").prefault("50us"),
    timer: time("Time between two increases of the rate.", "55us").prefault("55us"),
    byteCounter: quantityOr(
      "size",
      { off: 0 },
      { description: "Bytes between two increases of the rate.", min: "1B", max: "1TB", examples: ["10MB", "off"] },
    ).prefault("10MB"),
    fastRecovery: whole(1, 1000, "Increases up to which the rate goes half way back to its target.").prefault(5),
    additiveIncrease: increase(
      "What the target gains then, each time; auto is a thousandth of the line rate.",
      "40Mbps",
    ),
    hyperIncrease: increase(
      "What it gains, i times the i-th time, once timer and byte counter have passed fastRecovery; auto is a hundredth of the line rate.",
      "400Mbps",
    ),
    clampTarget: truth("Every cut makes the rate so far the target, not only the first in a row.").prefault(true),
    minRate: rate("The rate is not cut below this.", "100Mbps").prefault("100Mbps"),
  },
  "DCQCN: rate control by notifications of marked packets (Zhu et al., SIGCOMM 2015). Needs ecn.",
);

export const congestionControl = kinds(
  ["none", "dcqcn"],
  ["hpcc", "swift", "timely", "nscc", "rccc"],
  [none, dcqcn],
  "Congestion control.",
);
