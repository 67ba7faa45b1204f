import type { Outcome } from "../../plan/outcome.js";
import { rowOfTimeoutsPs } from "../../plan/timeouts.js";
import { reachOf } from "../ideal/next-hops.js";
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";
import { count, counted, duration } from "../text/units.js";
import type { Diagnosis } from "./document.js";
import { stormBehind } from "./pauses.js";
import { stuckPrograms } from "./programs.js";
import { timeoutRange } from "./timeouts.js";

/** An egress port that still holds packets when nothing moves any more. */
export interface StuckPort {
  /** Global port number. */
  readonly port: number;
  /** 0 where left out. */
  readonly dataClass?: number;
  /**
   * What stops the data class: a pause by the device at the other end, or too little credit from
   * there.
   */
  readonly heldBy: "pause" | "credit" | null;
  readonly queuedPackets: number;
  /**
   * Egress ports of the device at the other end that hold packets of the class which came over this
   * link. They must send before this port may go on. Where left out, every held port of that device
   * that holds packets is assumed.
   */
  readonly waitsFor?: readonly number[];
  /** Data classes of these; left out where they are of this one. */
  readonly waitsForClasses?: readonly number[];
  /**
   * The class may go on even if none of these sends. Asked only of runs that a time limit has cut
   * off; no where left out.
   */
  readonly mayGoOn?: boolean;
}

/** Why a run did not finish; undefined where it did. */
export function diagnose(
  view: PlanView,
  outcome: Outcome,
  stuckPorts: readonly StuckPort[] = [],
): Diagnosis | undefined {
  switch (outcome.status) {
    case "finished":
      return undefined;
    case "qp-failed":
      // Retries also run out where packets can never move again.
      return deadlock(view, stuckPorts) ?? failedQp(view, outcome);
    case "stuck":
      return (
        deadlock(view, stuckPorts) ??
        partition(view, outcome) ??
        stuckPrograms(view.plan, outcome) ??
        stuck(view, outcome, stuckPorts)
      );
    case "time-limit":
      return timeLimit(view, stuckPorts);
    case "cancelled":
      return {
        kind: "cancelled",
        text: `Cancelled after ${duration(outcome.endPs / 1000)} of simulated time.`,
        ports: [],
      };
  }
}

/** A run that was cut off may have been in a deadlock by then. */
function timeLimit(view: PlanView, stuckPorts: readonly StuckPort[]): Diagnosis {
  const cutOff = `Cut off at the time limit of ${duration(view.plan.timeLimitPs / 1000)}.`;
  const found = deadlock(view, heldForEver(stuckPorts));
  return found === undefined
    ? { kind: "time-limit", text: cutOff, ports: [] }
    : { ...found, text: `${cutOff} ${found.text}` };
}

/**
 * Ports that can never send again: nothing that is under way sets them free, and all that they wait
 * for are such ports, too. Others may stand in a circle for a moment.
 */
function heldForEver(stuckPorts: readonly StuckPort[]): readonly StuckPort[] {
  let held = stuckPorts.filter(({ heldBy, mayGoOn }) => heldBy !== null && mayGoOn === false);
  for (;;) {
    const names = new Set(held.map(({ port, dataClass = 0 }) => `${port} ${dataClass}`));
    const left = held.filter(({ waitsFor = [], waitsForClasses, dataClass = 0 }) => {
      const isHeld = (port: number, i: number) => names.has(`${port} ${waitsForClasses?.[i] ?? dataClass}`);
      return waitsFor.length > 0 && waitsFor.every(isHeld);
    });
    if (left.length === held.length) return left;
    held = left;
  }
}

function deadlock(view: PlanView, stuckPorts: readonly StuckPort[]): Diagnosis | undefined {
  const cycle = cycleOf(view, stuckPorts);
  if (cycle === undefined) return undefined;
  const ports = cycle.map(({ port }) => linkName(view, port));
  const onCredit = cycle.filter(({ heldBy }) => heldBy === "credit").length;
  const what =
    onCredit === 0
      ? "paused ports"
      : onCredit === cycle.length
        ? "ports without credit"
        : "ports, paused or without credit,";
  const text = `Deadlock: ${ports.length} ${what} wait for each other in a circle: ${[...ports, ports[0]!].join(", then ")}.`;
  return { kind: "deadlock", text, ports };
}

/**
 * Ports in the order in which each waits for the next, the lowest first; undefined where none goes
 * round in a circle. It is all of one data class: packets never go back to a lower one.
 */
function cycleOf(view: PlanView, stuckPorts: readonly StuckPort[]): readonly StuckPort[] | undefined {
  for (const dataClass of view.plan.dataClasses.keys()) {
    const cycle = cycleWithin(
      view,
      stuckPorts.filter((stuck) => (stuck.dataClass ?? 0) === dataClass),
    );
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function cycleWithin(
  { fabric, deviceOfPort }: PlanView,
  stuckPorts: readonly StuckPort[],
): readonly StuckPort[] | undefined {
  const waiting = new Map(
    stuckPorts
      .filter(({ heldBy, queuedPackets }) => heldBy !== null && queuedPackets > 0)
      .map((stuck) => [stuck.port, stuck]),
  );
  const atDevice = (device: number) => [...waiting.keys()].filter((port) => deviceOfPort[port] === device);
  const nextOf = (port: number) => {
    const { waitsFor, waitsForClasses, dataClass = 0 } = waiting.get(port)!;
    const next = waitsFor ?? atDevice(deviceOfPort[fabric.peerPort[port]!]!);
    return next.filter((other, i) => waiting.has(other) && (waitsForClasses?.[i] ?? dataClass) === dataClass);
  };
  const finished = new Set<number>();
  for (const start of [...waiting.keys()].sort((a, b) => a - b)) {
    // Depth first, with the way that led here and what is left to try at each of its steps.
    const path = [start];
    const untried = [[...nextOf(start)]];
    while (path.length > 0) {
      const next = untried.at(-1)!.shift();
      if (next === undefined) {
        finished.add(path.pop()!);
        untried.pop();
        continue;
      }
      if (path.includes(next)) return lowestFirst(path.slice(path.indexOf(next))).map((port) => waiting.get(port)!);
      if (finished.has(next)) continue;
      path.push(next);
      untried.push([...nextOf(next)]);
    }
  }
  return undefined;
}

function lowestFirst(cycle: readonly number[]): readonly number[] {
  const start = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

function partition(view: PlanView, outcome: Outcome): Diagnosis | undefined {
  const { flows, fabric } = view.plan;
  for (let flow = 0; flow < flows.count; flow++) {
    if (!Number.isNaN(outcome.finishPs[flow]!)) continue;
    const { deadEnd } = reachOf(view, flows.srcNic[flow]!, flows.dstNic[flow]!);
    if (deadEnd < 0) continue;
    const { src, dst } = endsOf(view, flow);
    const text = `Partition: ${src} cannot reach ${dst}; ${fabric.switches[deadEnd]!.name} has no path to it.`;
    return { kind: "partition", text, ports: [] };
  }
  return undefined;
}

function failedQp(view: PlanView, outcome: Outcome): Diagnosis {
  const flow = outcome.failedFlow;
  const { src, dst } = endsOf(view, flow);
  const { transport } = view.plan;
  const { retryLimit } = transport;
  const inAll = duration(rowOfTimeoutsPs(transport, retryLimit + 1) / 1000);
  const tries =
    retryLimit === 0
      ? `at its first timeout, of ${inAll}`
      : `after ${count(retryLimit)} ${retryLimit === 1 ? "retry" : "retries"}: its timeouts, of ${timeoutRange(transport, retryLimit + 1)}, took ${inAll} in all`;
  const { text, ports } = likelyCause(view, outcome, flow);
  return {
    kind: "qp-failed",
    text: `The queue pair from ${src} to ${dst} (flow ${flow}) failed ${tries}. ${text}`,
    ports,
  };
}

/**
 * Looks along both ways, for acknowledgements are lost like data: losses first, then tail drops,
 * then pauses and waits for credit.
 */
function likelyCause(view: PlanView, { ports: counters }: Outcome, flow: number): { text: string; ports: string[] } {
  const { flows, fabric } = view.plan;
  const src = flows.srcNic[flow]!;
  const dst = flows.dstNic[flow]!;
  const onward = reachOf(view, src, dst);
  if (onward.deadEnd >= 0) {
    return { text: `${fabric.switches[onward.deadEnd]!.name} has no path to the destination.`, ports: [] };
  }
  const ports = [...onward.ports, ...reachOf(view, dst, src).ports];
  const worst = (value: (port: number) => number) => {
    const port = ports.reduce((a, b) => (value(b) > value(a) ? b : a));
    return value(port) > 0 ? { port, name: linkName(view, port), value: value(port) } : undefined;
  };
  const down = worst((port) => counters.droppedLinkDown[port]!);
  if (down !== undefined) {
    const text = `Likely cause: ${counted(down.value, "packet was", "packets were")} lost on ${down.name} when the link was down.`;
    return { text, ports: [down.name] };
  }
  const lossy = worst((port) => counters.droppedCrc[port]!);
  if (lossy !== undefined) {
    const text = `Likely cause: ${lossy.name} lost ${counted(lossy.value, "packet")} to transmission errors.`;
    return { text, ports: [lossy.name] };
  }
  const full = worst((port) => counters.droppedCongestion[fabric.peerPort[port]!]!);
  if (full !== undefined) {
    const text = `Likely cause: ${counted(full.value, "packet")} that came over ${full.name} ${full.value === 1 ? "was" : "were"} dropped for lack of buffer.`;
    return { text, ports: [full.name] };
  }
  const paused = worst((port) => counters.pausedPs[port]!);
  if (paused !== undefined) {
    const storm = stormBehind(view, counters.pausedPs, paused.port);
    const text = `Likely cause: ${paused.name} was paused for ${duration(paused.value / 1000)}.${storm}`;
    return { text, ports: [paused.name] };
  }
  const held = worst((port) => counters.creditWaitPs[port]!);
  if (held !== undefined) {
    const text = `Likely cause: ${held.name} waited ${duration(held.value / 1000)} for credit.`;
    return { text, ports: [held.name] };
  }
  return { text: "No packet was lost on its way: the timeout is shorter than the round trip.", ports: [] };
}

function stuck(view: PlanView, outcome: Outcome, stuckPorts: readonly StuckPort[]): Diagnosis {
  const unfinished = outcome.finishPs.filter(Number.isNaN).length;
  const first = outcome.finishPs.findIndex(Number.isNaN);
  const last = `the last thing happened at ${duration(outcome.endPs / 1000)}`;
  if (first < 0)
    return { kind: "stuck", text: `All flows are delivered but not all acknowledged; ${last}.`, ports: [] };
  const { src, dst } = endsOf(view, first);
  const chunks = `${outcome.chunksDelivered[first]!} of ${counted(view.plan.flows.chunks[first]!, "chunk")}`;
  return {
    kind: "stuck",
    text: `${counted(unfinished, "flow is", "flows are")} not finished and nothing moves; ${last}. The first of them, ${src} to ${dst}, has ${chunks}.`,
    ports: stuckPorts.map(({ port }) => linkName(view, port)),
  };
}

function endsOf({ plan: { flows, fabric } }: PlanView, flow: number): { src: string; dst: string } {
  const name = (nic: number) => fabric.rankName(fabric.nics.rank[nic]!);
  return { src: name(flows.srcNic[flow]!), dst: name(flows.dstNic[flow]!) };
}
