import { z } from "zod";
import { FLOW_CONTROL, THRESHOLD } from "../../plan/policies/flow-control.js";
import { choice, kinds, object, quantity, quantityOr, real, show, truth, whole } from "./fields.js";

const release = choice(
  ["end", "start"],
  [],
  "Whether a packet's bytes leave the buffer when its transmission starts or ends.",
).prefault("end");

const size = (description: string, example: string) =>
  quantity("size", { description, max: "4GB", examples: [example] });

const dynamicThreshold = object(
  {
    kind: z.literal("dynamic"),
    alphaShift: z
      .union([whole(0, 15, "alpha = 2^-shift."), z.literal("ns3")], {
        error: (issue) => `${show(issue.input)} is not a shift; write a whole number from 0 to 15, or ns3`,
      })
      .meta({
        description:
          "alpha = 2^-shift of the free buffer; ns3 lowers 3 by one for each halving that takes the port's rate down to the hosts'.",
      })
      .prefault(3),
  },
  THRESHOLD.dynamic.sentence,
);

const staticThreshold = object(
  { kind: z.literal("static"), xoff: size("Bytes above the reserve at which a port pauses its peer.", "200KiB") },
  THRESHOLD.static.sentence,
);

/** A number, or off, which is null. */
function orOff(number: z.ZodType<number, number>, description: string, examples: number[]) {
  return z
    .union([number, z.literal("off").transform(() => null)], {
      error: (issue) => `${show(issue.input)} is neither a number in range nor off; write e.g. ${examples[0]}, or off`,
    })
    .meta({ description, examples });
}

const watchdogTime = (description: string) =>
  quantity("time", { description, min: "1ns", max: "9000s", examples: ["200ms"] });

const watchdog = object(
  {
    detect: watchdogTime("A port that is paused so long, with data that waits, storms.").prefault("200ms"),
    restore: watchdogTime("So long after the last pause has ended it is as before.").prefault("200ms"),
    action: choice(
      ["drop", "forward"],
      [],
      "What a port that storms does with its data: drop it, or send it in spite of the pause.",
    ).prefault("drop"),
  },
  "A watchdog for pauses at each switch port.",
);

const pfc = object(
  {
    kind: z.literal("pfc"),
    release,
    response: quantity("time", {
      description: "From a pause frame's last bit to its effect.",
      max: "1ms",
      examples: ["600ns"],
    }).prefault("600ns"),
    reserve: size("Bytes that each ingress port has to itself, for each data class.", "4KiB").prefault("4KiB"),
    headroom: quantityOr(
      "size",
      { auto: "auto" as const, ns3: "ns3" as const },
      {
        description:
          "Bytes per ingress port and data class for what arrives after a pause was sent. auto computes what zero loss needs; ns3 is 3 x rate x delay.",
        max: "4GB",
        examples: ["auto", "80KiB"],
      },
    ).prefault("auto"),
    threshold: kinds(Object.keys(THRESHOLD), [], [dynamicThreshold, staticThreshold], "When to pause."),
    resumeOffset: size("Resume this many bytes below the threshold.", "8KiB").prefault("8KiB"),
    quanta: orOff(
      whole(1, 65_535, "Quanta."),
      "Time after which a pause lapses unless it is refreshed, in quanta of 512 bit times of the link. off: a pause holds until it is taken back, as if refreshing were free.",
      [65_535],
    ).prefault("off"),
    refresh: orOff(
      real(0.01, 10, "Share."),
      "A pause is refreshed each time that this share of its quanta has passed. off: never.",
      [0.5],
    ).prefault(0.5),
    watchdog: z
      .union([z.literal("off").transform(() => null), watchdog], {
        error: (issue) =>
          `${show(issue.input)} is neither off nor a map; write { detect: 200ms, restore: 200ms, action: drop }`,
      })
      .meta({
        description: "What switches do about ports that stay paused: { detect, restore, action }, or off.",
        examples: [{ detect: "200ms", restore: "200ms", action: "drop" }],
      })
      .prefault("off"),
  },
  FLOW_CONTROL.pfc.sentence,
);

/** The choices that tail drop and trimming share. */
const VICTIMS =
  "fair: of all that compete for the same room each has the same chance, as between clocks that are not in step; arriving: the one that does not fit.";

const lossy = object(
  {
    kind: z.literal("none"),
    release,
    dropAlpha: fraction().prefault(1),
    trim: truth(
      "Cut what does not fit down to its header, which goes on in the control class: the receiver asks for the packet again at once.",
    ).prefault(false),
    trimVictim: choice(
      ["fair", "arriving", "random"],
      [],
      `Which packet trim cuts: ${VICTIMS} random: with even odds that one, or the one that waits last in its queue (NDP, htsim).`,
    ).prefault("fair"),
    queueTime: quantityOr(
      "time",
      { unlimited: null },
      {
        description:
          "Most that an egress queue may hold, as the time that its link takes for it: a slow port keeps fewer bytes. Buffer and dropAlpha hold besides; a packet always fits.",
        min: "1ps",
        max: "1s",
        examples: ["12us", "unlimited"],
      },
    ).prefault("unlimited"),
    queueSize: quantityOr(
      "size",
      { unlimited: null },
      {
        description: "The same in bytes, at every port alike. Where both are given the lower one holds.",
        min: "1B",
        max: "4GB",
        examples: ["1MiB", "unlimited"],
      },
    ).prefault("unlimited"),
    dropVictim: choice(["fair", "arriving"], [], `Which packet a full queue drops: ${VICTIMS}`).prefault("fair"),
  },
  FLOW_CONTROL.none.sentence,
);

const credit = object(
  {
    kind: z.literal("credit"),
    release,
    buffer: quantityOr(
      "size",
      { auto: "auto" as const },
      {
        description:
          "Receive buffer at the end of each link direction, for each data class. auto takes, by link, what full rate needs: what the link carries until a packet's credit is back, and two packets.",
        min: "1B",
        max: "4GB",
        examples: ["auto", "64KiB"],
      },
    ).prefault("auto"),
    block: quantity("size", {
      description: "Credit is counted in blocks; a packet takes whole ones.",
      min: "1B",
      max: "4KiB",
      examples: ["64B"],
    }).prefault("64B"),
    updateEvery: quantityOr(
      "size",
      { auto: "auto" as const },
      {
        description:
          "Least room that a credit update tells of. auto is two full packets; less where the buffer is so small that a sender might wait for it.",
        max: "4GB",
        examples: ["auto", "4KiB"],
      },
    ).prefault("auto"),
    update: quantity("size", {
      description: "A credit update on the wire, all in all.",
      min: "1B",
      max: "4KiB",
      examples: ["8B"],
    }).prefault("8B"),
    response: quantity("time", {
      description: "From a credit update's last bit to its effect.",
      max: "1ms",
      examples: ["300ns"],
    }).prefault("300ns"),
  },
  FLOW_CONTROL.credit.sentence,
);

export const flowControl = kinds(
  Object.keys(FLOW_CONTROL),
  [],
  [pfc, credit, lossy],
  "What keeps buffers from overflowing.",
);

const LARGEST_TERM = 65_535;

/** `2`, `0.5` or `"1/2"`, as an exact fraction of small integers. */
function fraction() {
  const wrong = (input: unknown) =>
    `${show(input)} is not a ratio; write a number such as 2 or 0.5, or "1/2", of terms from 1 to ${LARGEST_TERM}`;
  return z
    .union([z.number(), z.string()], { error: (issue) => wrong(issue.input) })
    .transform((input, context) => {
      const terms = fractionTerms(String(input));
      if (terms !== null) return terms;
      context.addIssue({ code: "custom", message: wrong(input), input });
      return z.NEVER;
    })
    .meta({
      description: "An egress queue may hold this times the free buffer.",
      examples: [1, "1/2"],
    });
}

function fractionTerms(text: string): { num: number; den: number } | null {
  const match = /^\s*(\d{1,6})(?:\.(\d{1,6})|\s*\/\s*(\d{1,6}))?\s*$/.exec(text);
  if (match === null) return null;
  const decimals = match[2] ?? "";
  const num = Number(match[1] + decimals);
  const den = match[3] === undefined ? 10 ** decimals.length : Number(match[3]);
  if (num === 0 || den === 0) return null;
  const divisor = greatestCommonDivisor(num, den);
  const terms = { num: num / divisor, den: den / divisor };
  return terms.num <= LARGEST_TERM && terms.den <= LARGEST_TERM ? terms : null;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

const ecnMarking = object(
  {
    kmin: size("Queue below which nothing is marked.", "800KB"),
    kmax: size("Queue above which everything is marked.", "3200KB"),
    pmax: real(0, 1, "Probability of a mark just below kmax."),
    rate: quantity("rate", {
      description:
        "Rate of a port that kmin and kmax are meant for: at others, they are in proportion. Left out: the same at all.",
      min: "1Mbps",
      max: "10Tbps",
      examples: ["400Gbps"],
    }).optional(),
    at: choice(
      ["enqueue", "dequeue"],
      [],
      "enqueue: by the backlog that a packet meets. dequeue: when its transmission starts, by the queue it leaves behind, so that the sender hears of a queue sooner by the time it takes to pass it.",
    ).prefault("enqueue"),
  },
  "Marking by the backlog of the egress.",
);

export const ecn = z
  .union([z.literal("auto"), z.literal("off"), z.null(), ecnMarking], {
    error: "neither auto, off nor a map; write { kmin: 800KB, kmax: 3200KB, pmax: 0.2 }",
  })
  .meta({
    description:
      "Explicit congestion notification: off, or the thresholds of marking. auto marks where congestion control needs it. For dcqcn: from 400 KB to 1.6 MB at 400 Gb/s, in proportion to the rate, pmax 0.2. For nscc: from 0.2 to 0.8 of what a port sends in a base round trip, pmax 1.",
  })
  .prefault("auto");
