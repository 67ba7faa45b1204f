/** What a cause of the critical path means, in a sentence, and what to try. */
import { type PlanView, switchAt } from "../ideal/view.js";
import { count, counted, percent } from "../text/units.js";
import type { LossPlace } from "./document.js";
import type { LossReason, PathCause, Tile } from "./tiles.js";
import { together } from "./waits.js";

/** The place with most of a cause. */
interface Worst {
  readonly where: string;
  readonly port: number;
  /** Of the completion time. */
  readonly share: number;
  readonly loss?: LossPlace;
}

interface Sentence {
  readonly text: string;
  readonly remedy?: string;
}

const LOSSES: Record<LossReason, string> = {
  crc: "to bit errors that error correction could not repair",
  "link-down": "because the link was down",
  congestion: "because a buffer was full",
  watchdog: "to the PFC watchdog",
  trimmed: "because a queue was full, which cut them to their headers",
};

const LOSS_REMEDIES: Record<LossReason, string> = {
  crc: "replace or clean the optic of that link, or let the link repeat frames (LLR)",
  "link-down": "route around that link",
  congestion: "larger buffers, flow control, or congestion control that reacts sooner",
  watchdog: "find out who pauses that port; its pauses outlast the watchdog",
  trimmed: "congestion control that reacts sooner, or paths that are used more evenly",
};

/** A remedy at one place is worth naming from this share of the completion time on. */
const NOTABLE_SHARE = 0.02;

/** Says what stands behind a cause. Everything in it was recorded in the run. */
export function sentenceOf(
  view: PlanView,
  cause: PathCause,
  tiles: readonly Tile[],
  worst: Worst,
  name: (flow: number) => number,
): Sentence {
  const { text, remedy } = fullSentence(view, cause, tiles, worst, name);
  return remedy === undefined || worst.share < NOTABLE_SHARE ? { text } : { text, remedy };
}

function fullSentence(
  view: PlanView,
  cause: PathCause,
  tiles: readonly Tile[],
  worst: Worst,
  name: (flow: number) => number,
): Sentence {
  const most = `${percent(worst.share)} of the JCT at ${worst.where}`;
  switch (cause) {
    case "queueing":
      return queueing(view, tiles, worst, name);
    case "retransmission":
    case "timeout":
      return resending(cause, worst);
    case "pause":
      return {
        text: `The flow waited while ports were paused: ${most}, by the device at its other end.`,
        remedy: "look for what keeps that device from draining; classes of their own protect victims",
      };
    case "credit":
      return {
        text: `The flow waited for credit of the link: ${most}.`,
        remedy: "larger receive buffers on that link",
      };
    case "serialization":
      return { text: `Packets were on the wire: ${most}.`, remedy: "a higher rate of that link" };
    case "window":
      return {
        text: `The fixed window was full, and the sender waited for acknowledgements: ${most}.`,
        remedy: "a larger transport.windowPackets",
      };
    case "pacing":
      return { text: `Congestion control, or the time a NIC takes for a message, held the sender back: ${most}.` };
    case "reordering":
      return {
        text: `Packets were sent again that were not lost, but overtaken: ${most}.`,
        remedy: "selective recovery, or a larger transport.reorderPackets",
      };
    case "link-retry":
      return {
        text: `A link repeated frames that it had lost: ${most}.`,
        remedy: "replace or clean the optic of that link",
      };
    default:
      return { text: `${PLAIN[cause]}: ${most}.` };
  }
}

const PLAIN: Record<"start" | "compute" | "propagation" | "fec" | "switch" | "nic" | "stall" | "unknown", string> = {
  start: "The job waited for a flow that starts late",
  compute: "A rank computed between a delivery and the chunk that it allows",
  propagation: "Signals were on their way",
  fec: "Links corrected errors",
  switch: "Packets went through the pipelines of switches",
  nic: "Packets and posts went through NICs",
  stall: "A NIC took in no data",
  unknown: "No cause was recorded",
};

function queueing(
  { plan, ...view }: PlanView,
  tiles: readonly Tile[],
  worst: Worst,
  name: (flow: number) => number,
): Sentence {
  const there = tiles.filter(({ cause, port }) => cause === "queueing" && port === worst.port);
  const behind = together(there.flatMap((tile) => tile.behind ?? []));
  const flows = new Set(behind.filter(({ flow }) => flow >= 0).map(({ flow }) => name(flow)));
  const others = behind.some(({ flow }) => flow < 0);
  const listed = [...flows].slice(0, 3).map((flow) => `${flow}`);
  const what =
    flows.size === 0
      ? "answers and frames"
      : `packets of ${flows.size <= 3 ? `flow${flows.size === 1 ? "" : "s"} ${listed.join(", ")}` : counted(flows.size, "flow")}${others ? ", answers and frames" : ""}`;
  const text = `Packets waited in queues: ${percent(worst.share)} of the JCT at ${worst.where}, behind ${what}.`;
  const isSwitch = switchAt({ plan, ...view }, worst.port) >= 0;
  const toHost = isSwitch && view.nicOfPort[plan.fabric.peerPort[worst.port]!]! >= 0;
  if (!isSwitch) return { text };
  const remedy = toHost
    ? `${count(flows.size)} flows share the link to one NIC: fewer senders at a time, or a higher rate of that link`
    : "a routing policy that looks at queues (routing.policy=adaptive), or more links beside that one";
  return { text, remedy };
}

function resending(cause: "retransmission" | "timeout", { where, share, loss }: Worst): Sentence {
  const did = cause === "timeout" ? "The sender waited for a retransmission timer" : "Packets were sent again";
  const text = `${did}: ${percent(share)} of the JCT at ${where}`;
  if (loss === undefined) return { text: `${text}.` };
  return {
    text: `${text}. They were lost at ${loss.where}, ${LOSSES[loss.reason]}.`,
    remedy: LOSS_REMEDIES[loss.reason],
  };
}
