/** Flow graphs as connection matrices of htsim. */

import type { RunPlan } from "../../plan/plan.js";
import { PlanError } from "../../plan/plan-error.js";
import type { Exported } from "./exported.js";

/** Far more than htsim runs in sensible time. */
const MAX_CONNECTIONS = 2 ** 18;

/**
 * A connection for each chunk of each flow. What waits for deliveries is started by triggers at the
 * receiver, so the file is for the binaries that fire these: eqds and ndp of the csg repository,
 * whose starts are in ps.
 * @throws PlanError where htsim has no word for something
 */
export function exportHtsim(plan: RunPlan): Exported {
  const { flows, fabric, reduction, programs } = plan;
  if (reduction !== null && reduction !== undefined) {
    throw new PlanError("switches that reduce have no counterpart in htsim; write another algorithm", [["workload"]]);
  }
  if (programs !== null && programs !== undefined) {
    throw new PlanError("programs and traces have no counterpart in htsim; heddle export goal writes them", [
      ["workload"],
    ]);
  }
  const total = flows.chunks.reduce((sum, count) => sum + count, 0);
  if (total > MAX_CONNECTIONS) {
    throw new PlanError(
      `the workload has ${total} messages; a connection matrix is written of up to ${MAX_CONNECTIONS}`,
      [["workload"]],
    );
  }
  const graph = new Triggers(plan);
  const insideNodes = flows.srcNic.reduce((count, nic) => count + fabric.nics.isScaleUp[nic]!, 0);
  const delays = flows.delayPs?.some((delay) => delay > 0) === true;
  return {
    text: lines(plan, graph, total),
    notes: [
      "for htsim_eqds and htsim_ndp of the csg repository: starts are in ps, and triggers fire at the receiver",
      ...(insideNodes > 0
        ? [`htsim has no scale-up networks: ${insideNodes} flows inside of nodes go over its fabric`]
        : []),
      ...(delays ? ["times of reductions are left out"] : []),
      ...(flows.dataClass === undefined ? [] : ["data classes are left out"]),
    ],
  };
}

/** Sets of messages that others wait for, each a trigger. */
class Triggers {
  /** First message of each flow; messages are numbered through. */
  readonly first: Uint32Array;
  /** By message: the trigger that starts it, and the one that its delivery activates; 0: none. */
  readonly startedBy: Uint32Array;
  readonly activates: Uint32Array;
  /** Activations by trigger, from 1. */
  readonly counts: number[] = [0];
  private readonly numbers = new Map<string, number>();

  constructor({ flows }: RunPlan) {
    this.first = new Uint32Array(flows.count + 1);
    for (let flow = 0; flow < flows.count; flow++) this.first[flow + 1] = this.first[flow]! + flows.chunks[flow]!;
    this.startedBy = new Uint32Array(this.first[flows.count]!);
    this.activates = new Uint32Array(this.first[flows.count]!);
    for (let flow = 0; flow < flows.count; flow++) {
      for (let chunk = 0; chunk < flows.chunks[flow]!; chunk++) this.message(flows, flow, chunk);
    }
  }

  private message(flows: RunPlan["flows"], flow: number, chunk: number): void {
    const waits = new Set<number>();
    for (let i = flows.upFirst[flow]!; i < flows.upFirst[flow + 1]!; i++) {
      const needed = Math.min(chunk - flows.upLag[i]!, flows.chunks[flows.upFlow[i]!]! - 1);
      if (needed >= 0) waits.add(this.first[flows.upFlow[i]!]! + needed);
    }
    if (waits.size === 0) return;
    if (flows.startPs[flow]! > 0) {
      throw new PlanError("a flow waits for others and for a time; in htsim either a start or a trigger begins one", [
        ["workload"],
      ]);
    }
    const key = [...waits].sort((a, b) => a - b).join();
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.counts.push(waits.size) - 1;
      this.numbers.set(key, number);
      for (const message of waits) {
        if (this.activates[message] !== 0) {
          throw new PlanError(
            "a delivery would have to activate two triggers, and in htsim it activates one; write another algorithm",
            [["workload", "algorithm"]],
          );
        }
        this.activates[message] = number;
      }
    }
    this.startedBy[this.first[flow]! + chunk] = number;
  }
}

function* lines({ flows, fabric }: RunPlan, triggers: Triggers, total: number): Generator<string> {
  const { nics, rankCount } = fabric;
  yield `Nodes ${rankCount}\nConnections ${total}\n`;
  if (triggers.counts.length > 1) yield `Triggers ${triggers.counts.length - 1}\n`;
  for (let flow = 0; flow < flows.count; flow++) {
    const ends = `${nics.rank[flows.srcNic[flow]!]}->${nics.rank[flows.dstNic[flow]!]}`;
    for (let chunk = 0; chunk < flows.chunks[flow]!; chunk++) {
      const message = triggers.first[flow]! + chunk;
      const [start, done] = [triggers.startedBy[message]!, triggers.activates[message]!];
      const begin = start === 0 ? `start ${flows.startPs[flow]}` : `trigger ${start}`;
      const end = done === 0 ? "" : ` recv_done_trigger ${done}`;
      yield `${ends} id ${message + 1} ${begin} size ${flows.chunkBytes[flow]}${end}\n`;
    }
  }
  for (let number = 1; number < triggers.counts.length; number++) {
    const count = triggers.counts[number]!;
    yield `trigger id ${number} ${count === 1 ? "oneshot" : `barrier count ${count}`}\n`;
  }
}
