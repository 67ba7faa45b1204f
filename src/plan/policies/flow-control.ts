/** What keeps buffers from overflowing, and when a port pauses its peer: one row each. */
import type { RunPlan } from "../plan.js";
import { MECHANISM_PARAMETERS, VICTIMS } from "./mechanism-parameters.js";
import type { Parameters } from "./parameter.js";
import type { Described, Row } from "./row.js";

export type FlowControlName = "pfc" | "credit" | "none";

export interface FlowControlRow extends Row {
  /** Whether some switch of the plan has it. */
  inUse(plan: RunPlan): boolean;
}

const release = {
  unit: "word",
  words: ["end", "start"],
  default: "end",
  description: "Whether a packet's bytes leave the buffer when its transmission starts or ends.",
} as const;

const size = (description: string, example: string) =>
  ({ unit: "size", max: "4GB", description, examples: [example] }) as const;

const response = (frame: string, value: string) =>
  ({
    unit: "time",
    max: "1ms",
    default: value,
    description: `From a ${frame}'s last bit to its effect.`,
    examples: [value],
  }) as const;

/** Size of something on the wire. */
const onWire = (description: string, value: string) =>
  ({ unit: "size", min: "1B", max: "4KiB", default: value, description, examples: [value] }) as const;

/**
 * Fields of `flowControl` by its kind, beside the kind, what has rows of its own (`threshold`) and
 * the maps of mechanisms (`watchdog`).
 */
export const FLOW_CONTROL_PARAMETERS = {
  pfc: {
    release,
    response: response("pause frame", "600ns"),
    reserve: { ...size("Bytes that each ingress port has to itself, for each data class.", "4KiB"), default: "4KiB" },
    headroom: {
      unit: "size",
      max: "4GB",
      or: { auto: "auto", ns3: "ns3" },
      default: "auto",
      description:
        "Bytes per ingress port and data class for what arrives after a pause was sent. auto computes what zero loss needs; ns3 is 3 x rate x delay.",
      examples: ["auto", "80KiB"],
    },
    resumeOffset: { ...size("Resume this many bytes below the threshold.", "8KiB"), default: "8KiB" },
    ...MECHANISM_PARAMETERS["pause-quanta"],
    lossyShare: {
      unit: "number",
      min: 0.01,
      max: 0.99,
      default: 0.25,
      description:
        "Share of a switch's buffer that classes with lossless: false have to themselves. Without such classes it is not used.",
      examples: [0.25],
    },
  },
  credit: {
    release,
    buffer: {
      unit: "size",
      min: "1B",
      max: "4GB",
      or: { auto: "auto" },
      default: "auto",
      description:
        "Receive buffer at the end of each link direction, for each data class. auto takes, by link, what full rate needs: what the link carries until a packet's credit is back, and two packets.",
      examples: ["auto", "64KiB"],
    },
    block: onWire("Credit is counted in blocks; a packet takes whole ones.", "64B"),
    updateEvery: {
      unit: "size",
      max: "4GB",
      or: { auto: "auto" },
      default: "auto",
      description:
        "Least room that a credit update tells of. auto is two full packets; less where the buffer is so small that a sender might wait for it.",
      examples: ["auto", "4KiB"],
    },
    update: onWire("A credit update on the wire, all in all.", "8B"),
    response: response("credit update", "300ns"),
  },
  none: {
    release,
    dropAlpha: {
      unit: "ratio",
      default: 1,
      description: "An egress queue may hold this times the free buffer.",
      examples: [1, "1/2"],
    },
    ...MECHANISM_PARAMETERS.trimming,
    queueTime: {
      unit: "time",
      min: "1ps",
      max: "1s",
      or: { unlimited: null },
      default: "unlimited",
      description:
        "Most that an egress queue may hold, as the time that its link takes for it: a slow port keeps fewer bytes. Buffer and dropAlpha hold besides; a packet always fits.",
      examples: ["12us", "unlimited"],
    },
    queueSize: {
      unit: "size",
      min: "1B",
      max: "4GB",
      or: { unlimited: null },
      default: "unlimited",
      description: "The same in bytes, at every port alike. Where both are given the lower one holds.",
      examples: ["1MiB", "unlimited"],
    },
    dropVictim: {
      unit: "word",
      words: ["fair", "arriving"],
      default: "fair",
      description: `Which packet a full queue drops: ${VICTIMS}`,
    },
  },
} as const satisfies Readonly<Record<FlowControlName, Parameters>>;

export const FLOW_CONTROL: { readonly [F in FlowControlName]: FlowControlRow } = {
  pfc: {
    parameters: Object.keys(FLOW_CONTROL_PARAMETERS.pfc),
    inUse: ({ flowControl }) => flowControl.lossless.includes(1),
    lean: true,
    fastForward: true,
    symmetry: { while: "no switch pauses a port, unless whole switches are alike" },
    sentence: "Priority flow control: no packet is lost to congestion.",
    source:
      "IEEE 802.1Qbb; quanta: IEEE 802.3, annex 31B; watchdog: SONiC (sonic-utilities, pfcwd), its polls replaced by exact times",
  },
  credit: {
    parameters: Object.keys(FLOW_CONTROL_PARAMETERS.credit),
    inUse: ({ flowControl }) => flowControl.credit !== null,
    lean: false,
    fastForward: "links on credit count blocks that it is not made for",
    symmetry: { while: "whole switches are alike" },
    sentence:
      "Credit on every link: a packet starts only when the buffer at the other end has room for it. No packet is lost to congestion.",
    source:
      "InfiniBand Architecture Specification, volume 1, chapter 7.9 (FCTBS, FCCL; blocks of 64 bytes); Ultra Ethernet Specification 1.0, credit-based flow control (CBFC)",
  },
  none: {
    parameters: Object.keys(FLOW_CONTROL_PARAMETERS.none),
    inUse: ({ flowControl }) => flowControl.lossless.includes(0),
    lean: true,
    fastForward: true,
    symmetry: {
      while: "no switch draws which packets to drop; none runs out of buffer, unless whole switches are alike",
    },
    sentence: "No flow control: a full egress queue drops, or trims.",
    source: "tail drop with a dynamic threshold: Choudhury and Hahne, 1998",
  },
};

export type ThresholdName = "dynamic" | "static";

/** Fields of `flowControl.threshold` by its kind, beside the kind. */
export const THRESHOLD_PARAMETERS = {
  dynamic: {
    alphaShift: {
      unit: "integer",
      min: 0,
      max: 15,
      or: { ns3: "ns3" },
      default: 3,
      description:
        "alpha = 2^-shift of the free buffer; ns3 lowers 3 by one for each halving that takes the port's rate down to the hosts'.",
    },
  },
  static: { xoff: { ...size("Bytes above the reserve at which a port pauses its peer.", "200KiB"), given: "must" } },
} as const satisfies Readonly<Record<ThresholdName, Parameters>>;

/** When PFC pauses: both are a part of it, and have its traits. */
export const THRESHOLD: { readonly [T in ThresholdName]: Described } = {
  dynamic: {
    sentence: "Pause when a port uses more than alpha times the free buffer.",
    source: "Choudhury and Hahne, Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998",
    parameters: Object.keys(THRESHOLD_PARAMETERS.dynamic),
  },
  static: {
    sentence: "Pause at a fixed size.",
    source: "IEEE 802.1Qbb, XOFF and XON",
    parameters: Object.keys(THRESHOLD_PARAMETERS.static),
  },
};
