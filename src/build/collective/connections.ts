import { checkFlowTables } from "../../plan/capacity.js";
import type { Fabric } from "../../plan/fabric.js";
import type { FlowGraph } from "../../plan/flows.js";
import type { RankLayout } from "../ranks.js";
import type { LogicalFlows } from "./logical-flows.js";
import { type ConnectedOperations, connectOperations } from "./members.js";
import { type Parts, partsOf } from "./parts.js";
import type { Schedule } from "./schedule.js";

export interface ConnectedFlows {
  readonly flows: FlowGraph;
  readonly logical: LogicalFlows;
  /** Operations that switches reduce; left out where there are none. */
  readonly operations?: ConnectedOperations;
}

/**
 * Facts of flows by number in the schedule. Left out where there is one class, one job, no delay.
 */
export interface FlowAttributes {
  readonly classOf?: ((logical: number) => number) | undefined;
  readonly jobOf?: ((logical: number) => number) | undefined;
  /** Delay of each flow, in ps. */
  readonly delayPs?: ((logical: number) => number) | undefined;
}

/**
 * Puts a schedule on NICs and queue pairs. Over the fabric, each chunk is split evenly by packets
 * over `qpsPerConnection` QPs for each way between its ranks; one that would get no packet is left
 * out. A chunk is there when all its parts are, so dependencies fan in over the QPs of the upstream
 * flow. What a relay passes on has QPs to it, and QPs from it that wait for those chunk by chunk.
 * QPs of one (source, destination) pair of NICs share a connection, of whatever data class. Memory
 * is proportional to the QPs and their dependencies.
 */
export function connect(
  schedule: Schedule,
  layout: RankLayout,
  fabric: Fabric,
  qpsPerConnection: number,
  { classOf, jobOf, delayPs }: FlowAttributes = {},
): ConnectedFlows {
  const parts = partsOf(schedule, layout, fabric, qpsPerConnection);
  checkSize(schedule, parts);
  const { first: firstFlow, last, ofFlow, srcNic, dstNic, chunkBytes } = parts;
  const count = ofFlow.length;
  const startPs = new Float64Array(count);
  const upFirst = new Uint32Array(count + 1);
  /** Whether it waits for what comes to the relay. */
  const isRelayed = (flow: number) => flow >= last[ofFlow[flow]!]! && last[ofFlow[flow]!]! > firstFlow[ofFlow[flow]!]!;
  for (let logical = 0; logical < schedule.count; logical++) {
    const [first, end] = [firstFlow[logical]!, firstFlow[logical + 1]!];
    const waits = fanIn(schedule, logical, parts);
    startPs.fill(schedule.startPs[logical]!, first, end);
    for (let flow = first; flow < end; flow++) {
      upFirst[flow + 1] = upFirst[flow]! + (isRelayed(flow) ? last[logical]! - first : waits);
    }
  }
  const flows: FlowGraph = {
    count,
    srcNic,
    dstNic,
    chunkBytes,
    chunks: ofFlow.map((logical) => schedule.chunks[logical]!),
    startPs,
    connection: connectionNumbers(parts),
    ...(delayPs && { delayPs: Float64Array.from(ofFlow, (logical, i) => (isRelayed(i) ? 0 : delayPs(logical))) }),
    ...(classOf && { dataClass: Uint8Array.from(ofFlow, classOf) }),
    ...(jobOf && { jobOf: Uint16Array.from(ofFlow, jobOf) }),
    upFirst,
    ...dependencies(schedule, parts, upFirst),
  };
  const logical = { count: schedule.count, ofFlow, firstFlow };
  const { operations } = schedule;
  return { flows, logical, ...(operations && { operations: connectOperations(operations, logical) }) };
}

/**
 * The QPs of a flow each wait for all QPs of those before it: with many of them that is more than
 * anything can hold.
 */
function checkSize(schedule: Schedule, parts: Parts): void {
  const { first, last } = parts;
  let dependencies = 0;
  for (let logical = 0; logical < schedule.count; logical++) {
    const toRelay = last[logical]! - first[logical]!;
    const rest = first[logical + 1]! - last[logical]!;
    const waits = fanIn(schedule, logical, parts);
    dependencies += toRelay === 0 ? rest * waits : toRelay * waits + rest * toRelay;
  }
  const advice = "write a smaller transport.qpsPerConnection, or use fewer GPUs";
  checkFlowTables(first[schedule.count]!, dependencies, advice);
}

/** Upstream QPs of a flow of the schedule: those that deliver. */
function fanIn({ upFirst, upFlow }: Schedule, logical: number, { first, last }: Parts): number {
  let sum = 0;
  for (let i = upFirst[logical]!; i < upFirst[logical + 1]!; i++) {
    sum += first[upFlow[i]! + 1]! - last[upFlow[i]!]!;
  }
  return sum;
}

function dependencies(
  schedule: Schedule,
  { first, last }: Parts,
  upFirst: Uint32Array,
): Pick<FlowGraph, "upFlow" | "upLag"> {
  const total = upFirst.at(-1)!;
  const upFlow = new Uint32Array(total);
  const upLag = new Int32Array(total);
  let place = 0;
  for (let logical = 0; logical < schedule.count; logical++) {
    const hasRelay = last[logical]! > first[logical]!;
    for (let flow = first[logical]!; flow < first[logical + 1]!; flow++) {
      if (hasRelay && flow >= last[logical]!) {
        for (let part = first[logical]!; part < last[logical]!; part++) upFlow[place++] = part;
        continue;
      }
      for (let i = schedule.upFirst[logical]!; i < schedule.upFirst[logical + 1]!; i++) {
        const upstream = schedule.upFlow[i]!;
        for (let part = last[upstream]!; part < first[upstream + 1]!; part++) {
          upFlow[place] = part;
          upLag[place++] = schedule.upLag[i]!;
        }
      }
    }
  }
  return { upFlow, upLag };
}

/** Pairs of NICs numbered in the order in which they first occur. */
function connectionNumbers({ srcNic, dstNic }: Parts): Uint32Array {
  const numbers = new Map<number, number>();
  return srcNic.map((from, flow) => {
    const pair = from * 2 ** 22 + dstNic[flow]!;
    let number = numbers.get(pair);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(pair, number);
    }
    return number;
  });
}
