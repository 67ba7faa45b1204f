/** Connections that start when others end. */
import type { TraceGraphs } from "../../../scenario/types/trace.js";
import type { SourceFile } from "../common/source.js";
import { TraceBuilder } from "../common/trace-builder.js";
import type { Connection, ConnectionMatrix, Trigger } from "./parse.js";

/** Far more than runs in sensible time. */
const MAX_TRIGGERED = 2 ** 18;

interface TriggerOptions {
  /** By connection; 0 for those that a trigger starts. */
  readonly startPs: Float64Array;
  readonly sendDone: "acked" | "delivered";
}

/** What activates a trigger: an end of a connection. */
interface Activation {
  readonly connection: number;
  readonly isSend: boolean;
}

/**
 * A connection is a message: an operation at its source, which ends when it is acknowledged, and
 * one at its destination, which ends when it is delivered. What a trigger starts waits for these.
 * @throws ScenarioError where a trigger never fires, or joins what one rank cannot know
 */
export function triggeredGraphs(file: SourceFile, matrix: ConnectionMatrix, options: TriggerOptions): TraceGraphs {
  const { connections, triggers, nodes } = matrix;
  if (connections.length > MAX_TRIGGERED) {
    file.fail(`${connections.length} connections with triggers; at most ${MAX_TRIGGERED} are read`);
  }
  const activations = activationsOf(file, connections, triggers);
  checkStarted(file, connections, activations);
  const trace = new TraceBuilder(nodes);
  const label = trace.label("flow");
  const sends: number[] = [];
  const receives: number[] = [];
  connections.forEach(({ src, dst, bytes, sendDone }, i) => {
    // The run is over when all is delivered: acknowledgements count where a trigger waits for them.
    const ends = sendDone !== undefined && options.sendDone === "acked" ? "acked" : "delivered";
    const communicator = trace.communicator(`${i}`, () => ({ kind: "message", src, dst, bytes, rendezvous: false }));
    const sender = trace.rank(src);
    sends.push(sender.operation(communicator, label, { ends }));
    receives.push(trace.rank(dst).operation(communicator, label));
  });
  connections.forEach((connection, i) => {
    if (connection.trigger === undefined) return;
    for (const { connection: other, isSend } of activations.get(connection.trigger)!) {
      const ender = connections[other]!;
      const isAcked = isSend && options.sendDone === "acked";
      const rank = isAcked ? ender.src : ender.dst;
      if (rank !== connection.src) unknowable(file, connection, ender, isSend);
      trace.rank(rank).after(sends[i]!, isAcked ? sends[other]! : receives[other]!);
    }
  });
  delayStarts(trace, connections, sends, options.startPs);
  return trace.build();
}

/** The starts of a node are instants of one clock: a chain of pauses. */
function delayStarts(
  trace: TraceBuilder,
  connections: readonly Connection[],
  sends: readonly number[],
  startPs: Float64Array,
): void {
  const byRank = new Map<number, number[]>();
  connections.forEach(({ src }, i) => {
    if (startPs[i] === 0) return;
    const list = byRank.get(src);
    if (list === undefined) byRank.set(src, [i]);
    else list.push(i);
  });
  const label = trace.label("start");
  for (const [rank, list] of byRank) {
    const node = trace.rank(rank);
    const lane = node.lane("starts");
    let [before, sincePs] = [-1, 0];
    for (const i of list.sort((a, b) => startPs[a]! - startPs[b]! || a - b)) {
      const pause = node.compute(lane, startPs[i]! - sincePs, label);
      if (before >= 0) node.after(pause, before);
      node.after(sends[i]!, pause);
      [before, sincePs] = [pause, startPs[i]!];
    }
  }
}

/** By trigger. @throws ScenarioError where one never fires, or what it starts depends on times */
function activationsOf(
  file: SourceFile,
  connections: readonly Connection[],
  triggers: ReadonlyMap<number, Trigger>,
): Map<number, Activation[]> {
  const activations = new Map<number, Activation[]>([...triggers.keys()].map((id) => [id, []]));
  const started = new Map<number, number>();
  connections.forEach(({ trigger, sendDone, recvDone, line }, connection) => {
    for (const [id, isSend] of [
      [sendDone, true],
      [recvDone, false],
    ] as const) {
      if (id === undefined) continue;
      const list = activations.get(id) ?? file.fail(`there is no trigger ${id}`, { line });
      list.push({ connection, isSend });
    }
    if (trigger === undefined) return;
    if (!triggers.has(trigger)) file.fail(`there is no trigger ${trigger}`, { line });
    started.set(trigger, (started.get(trigger) ?? 0) + 1);
  });
  for (const [id, { kind, count, line }] of triggers) {
    const by = activations.get(id)!.length;
    const starts = started.get(id) ?? 0;
    if (starts === 0) continue;
    if (kind === "multishot" && (by !== 1 || starts !== 1)) {
      const what = "which connection an activation of a multishot trigger starts depends on times";
      file.fail(`trigger ${id}: ${by} ends activate it, and it starts ${starts}: ${what}; write oneshot triggers`, {
        line,
      });
    }
    if (kind !== "multishot" && by !== count) {
      const wants = kind === "oneshot" ? "a oneshot trigger takes one" : `the barrier takes ${count}`;
      file.fail(`trigger ${id}: ${by} ends of connections activate it; ${wants}`, { line });
    }
  }
  return activations;
}

/** Over several nodes, too, no circle may keep a connection from starting. */
function checkStarted(
  file: SourceFile,
  connections: readonly Connection[],
  activations: ReadonlyMap<number, readonly Activation[]>,
): void {
  const left = connections.map(({ trigger }) => (trigger === undefined ? 0 : activations.get(trigger)!.length));
  const starts = new Map<number, number[]>();
  connections.forEach(({ trigger }, i) => {
    if (trigger === undefined) return;
    for (const { connection } of activations.get(trigger)!) {
      const list = starts.get(connection);
      if (list === undefined) starts.set(connection, [i]);
      else list.push(i);
    }
  });
  const ready = [...left.keys()].filter((i) => left[i] === 0);
  // The list grows while it is walked.
  for (const i of ready) for (const next of starts.get(i) ?? []) if (--left[next]! === 0) ready.push(next);
  const stuck = left.findIndex((count) => count > 0);
  if (stuck < 0) return;
  file.fail("this connection never starts: its trigger waits for it, by way of others", {
    line: connections[stuck]!.line,
  });
}

function unknowable(file: SourceFile, { src, dst, line }: Connection, ender: Connection, isSend: boolean): never {
  const end = `${ender.src}->${ender.dst} (line ${ender.line})`;
  if (isSend && ender.dst === src) {
    const what = `node ${src} does not know when ${end} was acknowledged to node ${ender.src}`;
    return file.fail(`${what}; sendDone: delivered starts ${src}->${dst} when it was delivered to node ${src}`, {
      line,
    });
  }
  const what = `node ${src} takes part in no end of ${end} that it could know of`;
  return file.fail(`${what}; a trigger starts connections of the node where the other one ends`, { line });
}
