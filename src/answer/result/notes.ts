/**
 * What settings that are odd together did to a run: they are allowed where hardware can be set so,
 * and then the result says what came of it.
 */
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { CONGESTION_CONTROL } from "../../plan/policies/congestion-control.js";
import { choosesByPacket } from "../../plan/policies/routing.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { count, counted, duration, percent } from "../text/units.js";
import type { Note } from "./document.js";

/** One note for each odd mix of the scenario, with what it did here. */
export function noteMixes(scenario: Scenario, plan: RunPlan, outcome: Outcome): Note[] {
  return [reordering, goingBack, pausing, overflowing, droppingClasses, unmarked, blindReps].flatMap(
    (note) => note(scenario, plan, outcome) ?? [],
  );
}

type NoteRule = (scenario: Scenario, plan: RunPlan, outcome: Outcome) => Note | undefined;

/** A path for each packet, and a receiver that takes packets in order only. */
const reordering: NoteRule = ({ routing: { policy }, transport: { recovery } }, _, { totals }) => {
  if (!choosesByPacket(policy) || recovery !== "go-back-n") return undefined;
  const mix = `${policy} routing, which chooses by the packet, under go-back-n`;
  const text =
    totals.outOfOrder === 0
      ? "no packet came out of order in this run"
      : `${counted(totals.outOfOrder, "packet")} came out of order; ${counted(totals.droppedOrdering, "was", "were")} discarded for it or came twice, and ${resent(totals)}; a receiver that places them has recovery: selective`;
  return { settings: ["routing.policy", "transport.recovery"], text: `${mix}: ${text}.` };
};

/** Losses for lack of buffer, each of which sends everything since again. */
const goingBack: NoteRule = ({ flowControl, transport: { recovery } }, _, { totals }) => {
  if (flowControl.kind !== "none" || recovery !== "go-back-n") return undefined;
  const text =
    totals.droppedCongestion === 0
      ? "no packet found its buffer full in this run"
      : `${counted(totals.droppedCongestion, "packet found its buffer", "packets found their buffers")} full, and each time all that followed was sent again: ${resent(totals)}; recovery: selective sends what was lost, flowControl: { kind: pfc } loses nothing`;
  return {
    settings: ["flowControl.kind", "transport.recovery"],
    text: `No flow control under go-back-n: ${text}.`,
  };
};

/**
 * Pauses, for a transport that keeps packets in order by their path and could repeat what is lost.
 */
const pausing: NoteRule = ({ flowControl, routing: { policy }, transport: { recovery } }, _, { totals, ports }) => {
  if (flowControl.kind !== "pfc" || recovery !== "selective" || choosesByPacket(policy)) return undefined;
  const pausedNs = ports.pausedPs.reduce((sum, ps) => sum + ps, 0) / 1000;
  const text =
    totals.pausesSent === 0
      ? "nothing was paused in this run"
      : `${counted(totals.pausesSent, "pause")}, ${duration(pausedNs)} in all, kept packets from being lost that the transport could have sent again one by one; compare flowControl: { kind: none }`;
  return { settings: ["flowControl.kind", "transport.recovery"], text: `PFC under selective repeat: ${text}.` };
};

/** Packets that came after a pause was sent, and found the headroom full. */
const overflowing: NoteRule = ({ flowControl, faults, dataClasses = [] }, { fabric }, { ports }) => {
  // What is dropped of lossy classes is counted at the same ports.
  if (dataClasses.some(({ rules }) => rules?.isLossy)) return undefined;
  // A switch that is misconfigured has a line of its own.
  const isFault = faults.some(({ kind }) => kind === "pfc-off" || kind === "wrong-headroom");
  if (flowControl.kind !== "pfc" || isFault) return undefined;
  const isSwitch = (port: number) => fabric.nics.port.indexOf(port) < 0;
  const lost = ports.droppedCongestion.reduce((sum, n, port) => (n > 0 && isSwitch(port) ? sum + n : sum), 0);
  if (lost === 0) return undefined;
  const { headroom } = flowControl;
  const set = typeof headroom === "number" ? `${count(headroom)} B` : headroom;
  const text = `${counted(lost, "packet that was", "packets that were")} under way when a pause was sent found the headroom full`;
  return {
    settings: ["flowControl.kind", "flowControl.headroom"],
    text: `PFC with a headroom of ${set} lost packets: ${text}; flowControl.headroom: auto loses none.`,
  };
};

/** Lossy classes beside lossless ones, and what that cost. */
const droppingClasses: NoteRule = ({ dataClasses = [], transport: { recovery } }, _, { totals }) => {
  const names = dataClasses.filter(({ rules }) => rules?.isLossy).map(({ name }) => name);
  const lost = totals.droppedCongestion;
  if (names.length === 0 || lost === 0) return undefined;
  const what = `${counted(lost, "packet", "packets")} found no room in the share of buffers that lossless: false has`;
  const then = recovery === "go-back-n" ? `, and each time all that followed was sent again: ${resent(totals)}` : "";
  return {
    settings: ["classes", "flowControl.lossyShare"],
    text: `Lossy beside lossless classes (${names.join(", ")}): ${what}${then}; a larger flowControl.lossyShare or dropAlpha of the class loses less, recovery: selective repeats only what was lost.`,
  };
};

/** Congestion control that waits for marks which nobody makes. */
const unmarked: NoteRule = ({ transport: { congestionControl } }, plan, { totals, ports }) => {
  const { kind } = congestionControl;
  if (plan.ecn !== null || !CONGESTION_CONTROL[kind].readsMarks) return undefined;
  const longestNs = ports.maxBacklogPs.reduce((most, ps) => Math.max(most, ps), 0) / 1000;
  const came = [
    `the longest queue took ${duration(longestNs)} to send`,
    counted(totals.pausesSent, "pause"),
    `${counted(totals.droppedCongestion, "packet")} dropped for lack of buffer`,
  ];
  return {
    settings: ["ecn", "transport.congestionControl"],
    text: `${kind} with ecn off: no switch marked anything, so no sender slowed down for a mark; ${came.join(", ")}; write ecn: auto.`,
  };
};

/** REPS learns of losses from trimmed packets; without them only timeouts tell. */
const blindReps: NoteRule = ({ flowControl, routing: { policy } }, _, { totals }) => {
  if (policy !== "reps" || flowControl.kind !== "none" || flowControl.trim) return undefined;
  const lost = totals.droppedCongestion + totals.droppedCrc + totals.droppedLinkDown;
  const text =
    lost === 0
      ? "nothing was lost in this run"
      : `${counted(lost, "packet was", "packets were")} lost without a header to tell of the path, ${counted(totals.timeouts, "timeout")} did; write flowControl: { kind: none, trim: true }`;
  return { settings: ["routing.policy", "flowControl.trim"], text: `reps without trimming: ${text}.` };
};

function resent({ dataSent, retransmitted }: Outcome["totals"]): string {
  return `${percent(dataSent === 0 ? 0 : retransmitted / dataSent)} of what was sent was sent again`;
}
