/** What keeps buffers from overflowing, and when a port pauses its peer: one row each. */
import type { RunPlan } from "../plan.js";
import type { Described, Row } from "./row.js";

export type FlowControlName = "pfc" | "credit" | "none";

export interface FlowControlRow extends Row {
  /** Whether some switch of the plan has it. */
  inUse(plan: RunPlan): boolean;
}

export const FLOW_CONTROL: { readonly [F in FlowControlName]: FlowControlRow } = {
  pfc: {
    inUse: ({ flowControl }) => flowControl.lossless.includes(1),
    lean: true,
    fastForward: true,
    symmetry: { while: "no switch pauses a port, unless whole switches are alike" },
    sentence: "Priority flow control: no packet is lost to congestion.",
    source:
      "IEEE 802.1Qbb; quanta: IEEE 802.3, annex 31B; watchdog: SONiC (sonic-utilities, pfcwd), its polls replaced by exact times",
  },
  credit: {
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

/** When PFC pauses: both are a part of it, and have its traits. */
export const THRESHOLD: { readonly [T in ThresholdName]: Described } = {
  dynamic: {
    sentence: "Pause when a port uses more than alpha times the free buffer.",
    source: "Choudhury and Hahne, Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998",
  },
  static: {
    sentence: "Pause at a fixed size.",
    source: "IEEE 802.1Qbb, XOFF and XON",
  },
};
