/** Fields of a scenario by the mechanism whose row they are of: what the schema is made from. */
import type { Parameters } from "./parameter.js";

const threshold = (description: string, example: string) =>
  ({ unit: "size", max: "4GB", given: "must", description, examples: [example] }) as const;

const ownSize = (description: string, example: string) =>
  ({ unit: "size", max: "4GB", given: "may", description, examples: [example] }) as const;

const watchdogTime = (description: string) =>
  ({ unit: "time", min: "1ns", max: "9000s", default: "200ms", description, examples: ["200ms"] }) as const;

const timeout = (description: string, value: string) =>
  ({ unit: "time", min: "1ns", max: "1000s", default: value, description, examples: [value] }) as const;

const faultTime = (description: string) => ({ unit: "time", max: "9000s", description, examples: ["50us"] }) as const;

/** Where a fault of a link is. */
const ends = {
  from: { unit: "device", given: "must", description: "Device at one end" },
  to: { unit: "device", given: "must", description: "Device at the other end" },
  index: { unit: "integer", min: 0, max: 1023, default: 0, description: "Which of several parallel links." },
} as const satisfies Parameters;

/** The choices that tail drop and trimming share. */
export const VICTIMS =
  "fair: of all that compete for the same room each has the same chance, as between clocks that are not in step; arriving: the one that does not fit.";

export const MECHANISM_PARAMETERS = {
  /** Of each entry of `classes`. */
  "data-classes": {
    name: { unit: "text", maxLength: 32, given: "must", description: "What workloads call it." },
    priority: {
      unit: "integer",
      min: 0,
      max: 7,
      default: 0,
      description: "A port sends what is of a higher one first.",
    },
    weight: {
      unit: "integer",
      min: 1,
      max: 100,
      default: 1,
      description: "Share of a link, by bytes, among the classes of its priority.",
    },
  },
  /** Of each entry of `classes` too: what it has in place of `flowControl`'s. */
  "class-rules": {
    lossless: {
      unit: "boolean",
      default: true,
      description:
        "false: switches with PFC never pause it. They drop what finds no room in flowControl.lossyShare of their buffer, by dropAlpha, queueSize and queueTime.",
    },
    reserve: ownSize("Bytes that each ingress port has to itself for it, in place of flowControl.reserve.", "4KiB"),
    headroom: {
      unit: "size",
      max: "4GB",
      or: { auto: "auto", ns3: "ns3" },
      given: "may",
      description: "Its headroom, in place of flowControl.headroom.",
      examples: ["auto", "80KiB"],
    },
    resumeOffset: ownSize(
      "Resume it this many bytes below its threshold, in place of flowControl.resumeOffset.",
      "8KiB",
    ),
    dropAlpha: {
      unit: "ratio",
      given: "may",
      description:
        "Where it is dropped: an egress queue may hold this times the free buffer. Default: flowControl's, or 1.",
      examples: [1, "1/4"],
    },
    queueTime: {
      unit: "time",
      min: "1ps",
      max: "1s",
      or: { unlimited: Number.POSITIVE_INFINITY },
      given: "may",
      description: "Where it is dropped: most that an egress queue may hold of it, as time of its link.",
      examples: ["12us", "unlimited"],
    },
    queueSize: {
      unit: "size",
      min: "1B",
      max: "4GB",
      or: { unlimited: Number.POSITIVE_INFINITY },
      given: "may",
      description: "The same in bytes. Where both are given the lower one holds.",
      examples: ["1MiB", "unlimited"],
    },
  },
  "nic-stall": {
    host: { unit: "device", given: "must", description: "Rank whose fabric NIC it is" },
    start: { ...faultTime("From then on it takes in no data, and pauses its leaf."), default: "0ns" },
    until: {
      ...faultTime("Then it takes in what it holds, and lets its leaf resume."),
      or: { never: Number.POSITIVE_INFINITY },
      default: "never",
    },
    buffer: {
      unit: "size",
      max: "4GB",
      default: "1MiB",
      description: "What it has room for meanwhile: packets that come before the pause takes effect.",
      examples: ["1MiB"],
    },
  },
  "message-overhead": {
    messageOverhead: {
      unit: "time",
      max: "1ms",
      default: "0ns",
      description:
        "Of a fabric NIC: time that each message (chunk) costs its queue pair. 512ns is what one queue pair of a 400G NIC shows at 32 KiB.",
      examples: ["512ns"],
    },
  },
  watchdog: {
    detect: watchdogTime("A port that is paused so long, with data that waits, storms."),
    restore: watchdogTime("So long after the last pause has ended it is as before."),
    action: {
      unit: "word",
      words: ["drop", "forward"],
      default: "drop",
      description: "What a port that storms does with its data: drop it, or send it in spite of the pause.",
    },
  },
  "pause-quanta": {
    quanta: {
      unit: "integer",
      min: 1,
      max: 65_535,
      or: { off: null },
      default: "off",
      description:
        "Time after which a pause lapses unless it is refreshed, in quanta of 512 bit times of the link. off: a pause holds until it is taken back, as if refreshing were free.",
      examples: [65_535],
    },
    refresh: {
      unit: "number",
      min: 0.01,
      max: 10,
      or: { off: null },
      default: 0.5,
      description: "A pause is refreshed each time that this share of its quanta has passed. off: never.",
      examples: [0.5],
    },
  },
  marking: {
    kmin: threshold("Queue below which nothing is marked.", "800KB"),
    kmax: threshold("Queue above which everything is marked.", "3200KB"),
    pmax: {
      unit: "number",
      min: 0,
      max: 1,
      given: "must",
      description: "Probability of a mark just below kmax.",
    },
    rate: {
      unit: "rate",
      min: "1Mbps",
      max: "10Tbps",
      given: "may",
      description:
        "Rate of a port that kmin and kmax are meant for: at others, they are in proportion. Left out: the same at all.",
      examples: ["400Gbps"],
    },
    at: {
      unit: "word",
      words: ["enqueue", "dequeue"],
      default: "enqueue",
      description:
        "enqueue: by the backlog that a packet meets. dequeue: when its transmission starts, by the queue it leaves behind, so that the sender hears of a queue sooner by the time it takes to pass it.",
    },
  },
  trimming: {
    trim: {
      unit: "boolean",
      default: false,
      description:
        "Cut what does not fit down to its header, which goes on in the control class: the receiver asks for the packet again at once.",
    },
    trimVictim: {
      unit: "word",
      words: ["fair", "arriving", "random"],
      default: "fair",
      description: `Which packet trim cuts: ${VICTIMS} random: with even odds that one, or the one that waits last in its queue (NDP, htsim).`,
    },
  },
  "ack-marked": {
    ackMarked: {
      unit: "boolean",
      default: false,
      description:
        "Acknowledge a packet with a congestion mark at once, whatever ackEvery says: the sender hears of each mark.",
    },
  },
  "cnp-delay": {
    cnpDelay: {
      unit: "time",
      max: "1s",
      default: "0ns",
      description:
        "From the instant at which the receiver has processed a marked packet to that at which it sends the notification: what a NIC takes to make one.",
      examples: ["0ns", "5us"],
    },
  },
  "adaptive-timeout": {
    first: timeout("Timeout after anything was acknowledged.", "64us"),
    most: timeout("It grows no longer than this.", "16ms"),
  },
  "frame-loss": {
    ...ends,
    direction: {
      unit: "word",
      words: ["both", "forward"],
      planned: ["backward"],
      default: "both",
      description: "Both directions, or only from `from` to `to`.",
    },
    ber: {
      unit: "number",
      min: 0,
      max: 0.5,
      given: "may",
      description: "Bit error ratio before error correction.",
    },
    frameLossRatio: {
      unit: "number",
      min: 0,
      max: 1,
      given: "may",
      description: "Share of packets that are lost at random, whatever their size.",
    },
    rate: {
      unit: "rate",
      min: "1Mbps",
      max: "10Tbps",
      given: "may",
      description: "Rate that is left; not above the link's own.",
      examples: ["400Gbps", "450GBps"],
    },
    at: { ...faultTime("When it begins."), default: "0ns" },
    until: { ...faultTime("When it is over."), or: { never: Number.POSITIVE_INFINITY }, default: "never" },
  },
  "link-retry": {
    llr: {
      unit: "boolean",
      default: false,
      description: "Link-level retry: the link itself repeats what was lost on it (UEC LLR).",
    },
  },
  "link-down": {
    ...ends,
    start: { ...faultTime("What has not left by then is lost, in both directions. `at` is the same."), given: "may" },
    at: { ...faultTime("What has not left by then is lost, in both directions."), given: "may" },
    until: { ...faultTime("When it is up again."), or: { never: Number.POSITIVE_INFINITY }, default: "never" },
  },
} as const satisfies Readonly<Record<string, Parameters>>;

/**
 * The parameters of a mechanism that lie beside the field which asks for it: those in its map, and
 * the field itself, need no list.
 */
export function parametersBeside(name: keyof typeof MECHANISM_PARAMETERS, field: string): string[] {
  const own = field.slice(field.lastIndexOf(".") + 1);
  return Object.keys(MECHANISM_PARAMETERS[name]).filter((parameter) => parameter !== own);
}
