/** Reads what telemetry tells of ports and queue pairs at the instant that a run stands at. */
import type { Gauges, PortGauges, QpGauges } from "../../plan/gauges.js";
import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import {
  Congestion,
  Dcqcn,
  Hpcc,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  Run,
  SENDER_BYTES,
  Sender,
} from "./layout.js";
import { portNow } from "./port-now.js";
import { readPorts } from "./read.js";

/** Backlogs are marked in units of 2^10 ps (assembly/switch/statistics.ts). */
const MARK_PS = 2 ** 10;
const MAX_MARK = 2 ** 32 - 1;

/** @param nowPs everything before it has been simulated */
export function readGauges(core: CoreInstance, plan: RunPlan, nowPs: number): Gauges {
  return { nowPs, ports: readPortGauges(core, plan, nowPs), qps: readQpGauges(core, plan) };
}

function readPortGauges(core: CoreInstance, plan: RunPlan, nowPs: number): PortGauges {
  const { memory, header } = core;
  const count = plan.fabric.peerPort.length;
  const [portsAt, extrasAt] = [memory.get(header, Run.ports), memory.get(header, Run.portExtras)];
  const { ports } = readPorts(core, plan, nowPs);
  const column = () => new Float64Array(count);
  const [leavingBytes, waitingBytes, mostWaitingBytes, rateBps] = [column(), column(), column(), column()];
  for (let port = 0; port < count; port++) {
    const { psPerByte, ...now } = portNow(
      memory,
      [portsAt + port * PORT_BYTES, extrasAt + port * PORTEXTRA_BYTES],
      nowPs,
    );
    leavingBytes[port] = now.leavingBytes;
    waitingBytes[port] = now.waitingBytes;
    rateBps[port] = now.rateBps;
    mostWaitingBytes[port] = ports.maxBacklogPs[port]! / psPerByte;
  }
  return { ...ports, leavingBytes, waitingBytes, mostWaitingBytes, rateBps };
}

function readQpGauges({ memory, header }: CoreInstance, { flows, transport }: RunPlan): QpGauges {
  const { count } = flows;
  const column = () => new Float64Array(count);
  const qps = { ackedBytes: column(), outstandingBytes: column(), retransmitted: column() };
  const [windowBytes, rateBps] = [column(), column().fill(Number.NaN)];
  const senders = memory.get(header, Run.senders);
  const resends = memory.get(header, Run.resendCounts);
  const kind = transport.congestionControl?.kind;
  for (let qp = 0; qp < count; qp++) {
    const at = senders + qp * SENDER_BYTES;
    const [acked, next] = [memory.get(at, Sender.acked), memory.get(at, Sender.next)];
    const full = memory.get(at, Sender.payloadBytes);
    const payload = payloadOf(memory.get(at, Sender.packetsPerChunk), full, memory.get(at, Sender.lastPayloadBytes));
    qps.ackedBytes[qp] = payload(acked);
    qps.outstandingBytes[qp] = Math.max(0, payload(next) - payload(acked));
    qps.retransmitted[qp] = resends === 0 ? Number.NaN : memory.view.getUint32(resends + 4 * qp, true);
    const fixed = transport.windowPackets === 0 ? Number.POSITIVE_INFINITY : transport.windowPackets * full;
    windowBytes[qp] = fixed;
    if (kind === undefined) continue;
    const control = memory.get(at, Sender.congestion);
    windowBytes[qp] = Math.min(fixed, memory.get(control, Congestion.windowBytes));
    if (kind === "dcqcn") rateBps[qp] = 8e12 * memory.get(control, Dcqcn.currentRate);
    if (kind === "hpcc") rateBps[qp] = 8e12 * memory.get(control, Hpcc.rate);
  }
  return { ...qps, windowBytes, rateBps };
}

/** Payload of the first `packets` packets of a QP. */
function payloadOf(perChunk: number, full: number, last: number): (packets: number) => number {
  return (packets) => packets * full - Math.floor(packets / perChunk) * (full - last);
}

/**
 * Begins an interval: from now on marks tell the largest backlog of this interval alone.
 * @param most the largest backlogs before, by port in ps; they are raised to what was marked
 */
export function lowerMarks({ memory, header }: CoreInstance, plan: RunPlan, most: Float64Array): void {
  const [portsAt, extrasAt] = [memory.get(header, Run.ports), memory.get(header, Run.portExtras)];
  for (let lane = 0; lane < laneCount(plan); lane++) {
    const port = portOfLane(plan, lane);
    const extra = extrasAt + lane * PORTEXTRA_BYTES;
    const marked = memory.get(extra, PortExtra.maxBacklogPs);
    if (marked === 0) continue;
    most[port] = Math.max(most[port]!, marked);
    memory.set(extra, PortExtra.maxBacklogPs, 0);
    memory.set(portsAt + lane * PORT_BYTES, Port.backlogMark, 0);
  }
}

/** Gives the marks back what they would be without intervals. */
export function raiseMarks({ memory, header }: CoreInstance, most: Float64Array): void {
  const [portsAt, extrasAt] = [memory.get(header, Run.ports), memory.get(header, Run.portExtras)];
  most.forEach((ps, port) => {
    const extra = extrasAt + port * PORTEXTRA_BYTES;
    if (ps <= memory.get(extra, PortExtra.maxBacklogPs)) return;
    memory.set(extra, PortExtra.maxBacklogPs, ps);
    memory.set(portsAt + port * PORT_BYTES, Port.backlogMark, Math.min(MAX_MARK, Math.floor(ps / MARK_PS)));
  });
}
