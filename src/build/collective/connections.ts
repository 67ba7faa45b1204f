import { checkFlowTables } from "../../plan/capacity.js";
import type { Fabric } from "../../plan/fabric.js";
import type { FlowGraph } from "../../plan/flows.js";
import type { RankLayout } from "../ranks.js";
import type { LogicalFlows } from "./logical-flows.js";
import { type ConnectedOperations, connectOperations, placeMembers } from "./members.js";
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
 * over `qpsPerConnection` QPs; one that would get no packet is left out. A chunk is there when all
 * its parts are, so dependencies fan in over the QPs of the upstream flow. QPs of one (source,
 * destination) pair share a connection, of whatever data class. Memory is proportional to the QPs
 * and their dependencies.
 */
export function connect(
  schedule: Schedule,
  layout: RankLayout,
  { nics, portClass, linkClasses }: Fabric,
  qpsPerConnection: number,
  { classOf, jobOf, delayPs }: FlowAttributes = {},
): ConnectedFlows {
  const nicOf = {
    src: schedule.src.map((src, flow) => layout.sendingNic(src, schedule.dst[flow]!)),
    dst: schedule.dst.map((dst, flow) => layout.receivingNic(schedule.src[flow]!, dst)),
  };
  const isMember = placeMembers(schedule, layout, nicOf);
  const mtuOf = (nic: number) => linkClasses[portClass[nics.port[nic]!]!]!.mtuBytes;
  const firstFlow = new Uint32Array(schedule.count + 1);
  for (let logical = 0; logical < schedule.count; logical++) {
    const nic = nicOf.src[logical]!;
    const packets = Math.ceil(schedule.chunkBytes[logical]! / mtuOf(nic));
    const qps = nics.isScaleUp[nic] === 1 || isMember(logical) ? 1 : Math.min(qpsPerConnection, packets);
    firstFlow[logical + 1] = firstFlow[logical]! + qps;
  }

  checkSize(schedule, firstFlow);
  const count = firstFlow[schedule.count]!;
  const ofFlow = new Uint32Array(count);
  const chunkBytes = new Float64Array(count);
  const startPs = new Float64Array(count);
  const upFirst = new Uint32Array(count + 1);
  for (let logical = 0; logical < schedule.count; logical++) {
    const [first, end] = [firstFlow[logical]!, firstFlow[logical + 1]!];
    const waits = fanIn(schedule, logical, firstFlow);
    splitChunk(schedule.chunkBytes[logical]!, mtuOf(nicOf.src[logical]!), chunkBytes, first, end);
    ofFlow.fill(logical, first, end);
    startPs.fill(schedule.startPs[logical]!, first, end);
    for (let flow = first; flow < end; flow++) upFirst[flow + 1] = upFirst[flow]! + waits;
  }
  const connectionOf = connectionNumbers(nicOf);
  const flows: FlowGraph = {
    count,
    srcNic: ofFlow.map((logical) => nicOf.src[logical]!),
    dstNic: ofFlow.map((logical) => nicOf.dst[logical]!),
    chunkBytes,
    chunks: ofFlow.map((logical) => schedule.chunks[logical]!),
    startPs,
    connection: ofFlow.map((logical) => connectionOf[logical]!),
    ...(delayPs && { delayPs: Float64Array.from(ofFlow, delayPs) }),
    ...(classOf && { dataClass: Uint8Array.from(ofFlow, classOf) }),
    ...(jobOf && { jobOf: Uint16Array.from(ofFlow, jobOf) }),
    upFirst,
    ...dependencies(schedule, firstFlow, upFirst),
  };
  const logical = { count: schedule.count, ofFlow, firstFlow };
  const { operations } = schedule;
  return { flows, logical, ...(operations && { operations: connectOperations(operations, logical) }) };
}

/**
 * The QPs of a flow each wait for all QPs of those before it: with many of them that is more than
 * anything can hold.
 */
function checkSize(schedule: Schedule, firstFlow: Uint32Array): void {
  let dependencies = 0;
  for (let logical = 0; logical < schedule.count; logical++) {
    dependencies += (firstFlow[logical + 1]! - firstFlow[logical]!) * fanIn(schedule, logical, firstFlow);
  }
  const advice = "write a smaller transport.qpsPerConnection, or use fewer GPUs";
  checkFlowTables(firstFlow[schedule.count]!, dependencies, advice);
}

/** Upstream QPs of a flow of the schedule. */
function fanIn({ upFirst, upFlow }: Schedule, logical: number, firstFlow: Uint32Array): number {
  let sum = 0;
  for (let i = upFirst[logical]!; i < upFirst[logical + 1]!; i++) {
    sum += firstFlow[upFlow[i]! + 1]! - firstFlow[upFlow[i]!]!;
  }
  return sum;
}

/**
 * Writes the shares of a chunk to `shares[first … end - 1]`: whole packets, as even as they can be,
 * the larger shares first; the last one has the short packet. In place, since there may be
 * millions.
 */
function splitChunk(chunkBytes: number, mtuBytes: number, shares: Float64Array, first: number, end: number): void {
  const packets = Math.ceil(chunkBytes / mtuBytes);
  const least = Math.floor(packets / (end - first));
  const larger = packets % (end - first);
  let left = chunkBytes;
  for (let i = first; i < end; i++) {
    const share = Math.min(left, (least + (i - first < larger ? 1 : 0)) * mtuBytes);
    shares[i] = share;
    left -= share;
  }
}

function dependencies(
  schedule: Schedule,
  firstFlow: Uint32Array,
  upFirst: Uint32Array,
): Pick<FlowGraph, "upFlow" | "upLag"> {
  const total = upFirst.at(-1)!;
  const upFlow = new Uint32Array(total);
  const upLag = new Int32Array(total);
  let place = 0;
  for (let logical = 0; logical < schedule.count; logical++) {
    for (let flow = firstFlow[logical]!; flow < firstFlow[logical + 1]!; flow++) {
      for (let i = schedule.upFirst[logical]!; i < schedule.upFirst[logical + 1]!; i++) {
        const upstream = schedule.upFlow[i]!;
        for (let part = firstFlow[upstream]!; part < firstFlow[upstream + 1]!; part++) {
          upFlow[place] = part;
          upLag[place++] = schedule.upLag[i]!;
        }
      }
    }
  }
  return { upFlow, upLag };
}

/** Pairs of NICs numbered in the order in which they first occur; by flow of the schedule. */
function connectionNumbers({ src, dst }: { src: Uint32Array; dst: Uint32Array }): Uint32Array {
  const numbers = new Map<number, number>();
  return src.map((from, logical) => {
    const pair = from * 2 ** 22 + dst[logical]!;
    let number = numbers.get(pair);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(pair, number);
    }
    return number;
  });
}
