import type { Scenario } from "../../scenario/types/scenario.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { listOf } from "../../util/list-of.js";
import type { Contender } from "./contenders.js";

/**
 * `same`: one transport for all contenders; `own`: the file's for those that keep packets in order,
 * one that places out of order for the others.
 */
export type TransportChoice = "same" | "own";

export interface TransportPlan {
  /** Overrides of each contender, in order. */
  readonly set: readonly (readonly string[])[];
  /** What was chosen and why, for people. */
  readonly notes: readonly string[];
}

const WINDOW_BYTES = 4 * 2 ** 20;
/**
 * As in the presets of transports that place out of order: a packet so far behind is lost rather
 * than overtaken.
 */
const REORDER_PACKETS = 512;
/**
 * Marks begin and are certain at these shares of what a link carries in `MARK_TIME_PS`, about a
 * round trip across a fabric.
 */
const MARK_FROM = 0.2;
const MARK_TO = 0.8;
const MARK_TIME_PS = 8e6;

/**
 * The transport of each contender. A policy that spreads packets needs receivers that place them in
 * any order: go-back-n would take every overtaking for a loss, and the shoot-out would measure that
 * alone. So, where the file says go-back-n and a contender reorders, `same` gives selective repeat
 * to all, and policies differ in nothing else; `own` leaves go-back-n to those that keep order, as
 * such networks are run. A file that places out of order already is left as it is. Where a
 * contender steers by marks and the file has none, switches mark for all.
 */
export function planTransport(
  base: Scenario,
  contenders: readonly Contender[],
  choice: TransportChoice,
): TransportPlan {
  const notes: string[] = [];
  const mustPlace = base.transport.recovery === "go-back-n" && contenders.some(({ reorders }) => reorders);
  const { windowBytes } = base.transport;
  const placing = [
    "transport.recovery=selective",
    `transport.reorder=${REORDER_PACKETS}`,
    ...(windowBytes === 0 ? [`transport.window=${WINDOW_BYTES}B`] : []),
  ];
  if (mustPlace) {
    const window = formatQuantity("size", windowBytes === 0 ? WINDOW_BYTES : windowBytes);
    const selective = `selective repeat (window ${window}, a hole counts as lost ${REORDER_PACKETS} packets later)`;
    notes.push(
      choice === "same"
        ? `Transport: ${selective} for all policies, in place of the file's go-back-n, which takes reordering for loss.`
        : `Transport: the file's go-back-n for policies that keep packets in order, ${selective} for the others.`,
    );
  } else {
    notes.push(`Transport: the file's for all policies (${base.transport.recovery}).`);
  }
  const readers = contenders.filter(({ readsMarks }) => readsMarks).map(({ name }) => name);
  const marks = base.ecn === null && readers.length > 0 ? markSettings(base) : [];
  if (marks.length > 0) {
    const steer = readers.length === 1 ? "steers" : "steer";
    notes.push(
      `ECN: switches mark for all policies, since ${listOf(readers)} ${steer} by marks; nothing else reacts to them.`,
    );
  }
  const needsPlacing = ({ reorders }: Contender) => mustPlace && (choice === "same" || reorders);
  return { set: contenders.map((contender) => [...(needsPlacing(contender) ? placing : []), ...marks]), notes };
}

function markSettings({ topology, links }: Scenario): readonly string[] {
  const { rateBps } = topology.kind === "custom" ? links.access : links.fabric;
  const carried = (rateBps / 8e12) * MARK_TIME_PS;
  const bytes = (share: number) => `${Math.max(1, Math.round(share * carried))}B`;
  // The same time at links of other rates.
  const rate = formatQuantity("rate", rateBps);
  return [`ecn={ kmin: ${bytes(MARK_FROM)}, kmax: ${bytes(MARK_TO)}, pmax: 1, rate: ${rate} }`];
}
