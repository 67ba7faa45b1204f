/** What is sent again after a loss: one row each. */
import type { Row } from "./row.js";

export type RecoveryName = "go-back-n" | "selective";

export interface RecoveryRow extends Row {
  /** The receiver takes packets in order only: what overtakes counts as a loss. */
  readonly inOrder: boolean;
  /** It cannot do without a limit to what is outstanding. */
  readonly needsWindow: boolean;
}

const PARAMETERS = ["rto", "retryLimit", "ackEvery", "ackMarked"] as const;

const ACCELERATED = { lean: true, fastForward: true, symmetry: { while: "no queue pair fails" } } as const;

export const RECOVERY: { readonly [R in RecoveryName]: RecoveryRow } = {
  "go-back-n": {
    ...ACCELERATED,
    inOrder: true,
    needsWindow: false,
    sentence:
      "The receiver takes packets in order only and sends one NACK for a gap; the sender goes back to the first that is missing.",
    source: "InfiniBand Architecture Specification, volume 1, chapter 9.7 (RC); RoCEv2",
    parameters: PARAMETERS,
  },
  selective: {
    ...ACCELERATED,
    inOrder: false,
    needsWindow: true,
    sentence:
      "The receiver places packets in any order; the sender repeats what is missing, told by a bitmap of what has come.",
    source: "Mittal et al., Revisiting Network Support for RDMA (IRN), SIGCOMM 2018; UEC 1.0 transport",
    parameters: [...PARAMETERS, "reorder", "lostResends"],
  },
};

export const RECOVERIES = Object.keys(RECOVERY) as [RecoveryName, ...RecoveryName[]];
