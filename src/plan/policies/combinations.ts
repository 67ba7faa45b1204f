/**
 * Settings that do not go together, or that are odd together: what the rows' traits say of each
 * other. A scenario is checked by these (`src/scenario/rules/combinations.ts`), and
 * docs/COMBINATIONS.md lists them.
 */
import type { RoutingPolicyName } from "../plan.js";
import { CONGESTION_CONTROL, type ControlName } from "./congestion-control.js";
import type { FlowControlName } from "./flow-control.js";
import { RECOVERY, type RecoveryName } from "./recovery.js";
import { choosesByPacket, mayReorder, ROUTING } from "./routing.js";

/** What a scenario chooses. */
export interface Choice {
  readonly routing: RoutingPolicyName;
  readonly recovery: RecoveryName;
  readonly flowControl: FlowControlName;
  /** Of switches without flow control. */
  readonly trim: boolean;
  readonly congestionControl: ControlName;
  /** Class that ACKs travel in. */
  readonly ackClass: "control" | "data";
  readonly marking: "off" | "auto" | "thresholds";
  /** What a queue pair may have outstanding. */
  readonly window: "limited" | "unlimited";
  /** A fault of the scenario is a NIC that stalls. */
  readonly stalls: boolean;
}

export interface Clash {
  /** Scenario fields that make it, the one to blame first. */
  readonly fields: readonly [string, ...string[]];
  /** True where no such run is begun; else it runs, and a warning says what to expect. */
  readonly refused: boolean;
  /** Where packets have a choice of paths only. */
  readonly needsPaths?: boolean;
  /** A rule of its own looks for it, and can say more: which fault, how much. */
  readonly hasOwnRule?: boolean;
  /** What is wrong with all that it concerns, as a sentence. */
  readonly about: string;
  /** Why, and what to write instead; undefined where a choice is not concerned. */
  reason(choice: Choice): string | undefined;
}

const reordering: Clash = {
  fields: ["routing.policy", "transport.recovery"],
  refused: false,
  needsPaths: true,
  about: "Packets overtake each other, which an in-order receiver takes for losses. Instead: recovery: selective.",
  reason: ({ routing, recovery }) => {
    if (!mayReorder(routing) || !RECOVERY[recovery].inOrder) return undefined;
    const does = choosesByPacket(routing) ? "reorders" : "may reorder";
    return `${routing} ${does} packets, which ${recovery} takes for losses: expect many retransmissions; a transport that places out of order has recovery: selective`;
  },
};

const strayTelemetry: Clash = {
  fields: ["routing.policy", "transport.congestionControl"],
  refused: false,
  needsPaths: true,
  about:
    "Senders compare what a port says with what it said to the packet before, but most packets meet other ports. Instead: routing that keeps a queue pair on one path.",
  reason: ({ routing, congestionControl }) =>
    choosesByPacket(routing) && CONGESTION_CONTROL[congestionControl].readsTelemetry
      ? `${congestionControl} compares what a port says with what it said to the packet before; with ${routing} most packets meet other ports, and it learns little: ecmp keeps a queue pair on one path`
      : undefined,
};

const noticesAmongData: Clash = {
  fields: ["routing.policy", "wire.ackClass"],
  refused: true,
  about: "What switches tell each other travels in the control class. Instead: wire: { ackClass: control }.",
  reason: ({ routing, ackClass }) =>
    ROUTING[routing].tellsQueues && ackClass !== "control"
      ? "what switches tell each other travels in the control class; write wire: { ackClass: control }, or routing: { policy: adaptive }"
      : undefined,
};

/** A header in the data class could be trimmed again, to nothing. */
const trimmedAmongData: Clash = {
  fields: ["flowControl.trim", "wire.ackClass"],
  refused: true,
  about: "Trimmed packets travel in the control class. Instead: wire: { ackClass: control }.",
  reason: ({ trim, ackClass }) =>
    trim && ackClass !== "control"
      ? "trimmed packets travel in the control class; write wire: { ackClass: control }, or no trim"
      : undefined,
};

/** Who goes back sends again what fills the queue. */
const trimmedInOrder: Clash = {
  fields: ["flowControl.trim", "transport.recovery"],
  refused: true,
  about: "Trimmed packets are repeated one by one. Instead: recovery: selective.",
  reason: ({ trim, recovery }) =>
    trim && RECOVERY[recovery].inOrder
      ? "trimmed packets are repeated one by one; write transport: { recovery: selective }, or no trim"
      : undefined,
};

const unmarked: Clash = {
  fields: ["ecn", "transport.congestionControl"],
  refused: false,
  about: "The policy reacts to marks, and no switch makes any. Instead: ecn: auto, or thresholds.",
  reason: ({ marking, congestionControl }) =>
    marking === "off" && CONGESTION_CONTROL[congestionControl].readsMarks
      ? `${congestionControl} reacts to marks, and no switch makes any: senders will not slow down for them; write ecn: auto, or thresholds`
      : undefined,
};

const unlimitedWindow: Clash = {
  fields: ["transport.window", "transport.recovery"],
  refused: true,
  hasOwnRule: true,
  about: "The receiver keeps a bitmap of what has come, which needs a window. Instead: window: 4MiB.",
  reason: ({ window, recovery }) =>
    window === "unlimited" && RECOVERY[recovery].needsWindow ? `${recovery} recovery needs a window` : undefined,
};

const stallWithoutPause: Clash = {
  fields: ["faults", "flowControl"],
  refused: true,
  hasOwnRule: true,
  about: "A NIC that stalls pauses its leaf. Instead: flowControl: { kind: pfc }.",
  reason: ({ stalls, flowControl }) =>
    stalls && flowControl !== "pfc"
      ? "a NIC that stalls pauses its leaf, which needs flowControl: { kind: pfc }"
      : undefined,
};

/** In the order in which they are checked and listed. */
export const CLASHES: readonly Clash[] = [
  unmarked,
  trimmedAmongData,
  trimmedInOrder,
  noticesAmongData,
  reordering,
  strayTelemetry,
  unlimitedWindow,
  stallWithoutPause,
];
