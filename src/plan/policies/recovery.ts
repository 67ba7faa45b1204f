/** What is sent again after a loss: one row each. */
import { MECHANISM_PARAMETERS } from "./mechanism-parameters.js";
import type { Parameters } from "./parameter.js";
import type { Row } from "./row.js";

export type RecoveryName = "go-back-n" | "selective";

export interface RecoveryRow extends Row {
  readonly parameters: readonly RecoveryParameter[];
  /** The receiver takes packets in order only: what overtakes counts as a loss. */
  readonly inOrder: boolean;
  /** It cannot do without a limit to what is outstanding. */
  readonly needsWindow: boolean;
}

/** Fields of `transport` that recovery heeds. */
export const RECOVERY_PARAMETERS = {
  /** Besides, it may be a map: the row of `adaptive-timeout`. */
  rto: {
    unit: "time",
    min: "1ns",
    max: "1000s",
    default: "67.108864ms",
    description: "A fixed time.",
    examples: ["67.108864ms"],
  },
  retryLimit: {
    unit: "integer",
    min: 0,
    max: 65_535,
    default: 7,
    description: "Timeouts in a row after which a queue pair fails.",
  },
  ackEvery: { unit: "integer", min: 1, max: 65_535, default: 1, description: "Packets per acknowledgement." },
  ...MECHANISM_PARAMETERS["ack-marked"],
  reorder: {
    unit: "integer",
    min: 1,
    max: 131_072,
    default: 64,
    description: "With selective recovery: packets beyond a hole after which it counts as lost.",
  },
  lostResends: {
    unit: "word",
    words: ["timeout", "detect"],
    default: "detect",
    description:
      "With selective recovery, how it learns that a packet sent again was lost: by the timeout, or sooner, from answers to later ones and from silence longer than any answer takes.",
  },
} as const satisfies Parameters;

type RecoveryParameter = keyof typeof RECOVERY_PARAMETERS;

const PARAMETERS = ["rto", "retryLimit", "ackEvery", "ackMarked"] as const satisfies readonly RecoveryParameter[];

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
