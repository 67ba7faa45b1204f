/** The critical path by MODEL.md §13, from what the oracle noted. */
import type { Tile } from "../../src/answer/path/tiles.js";
import { classOfFlow, delayOfFlow } from "../../src/plan/flows.js";
import type { RunPlan } from "../../src/plan/plan.js";
import type { SenderEvent } from "./log.js";
import type { Packet } from "./packet.js";
import type { Simulation } from "./simulation.js";

/** A tile without what was sent meanwhile. */
export type OracleTile = Omit<Tile, "behind">;
type Reason = Pick<OracleTile, "cause" | "loss">;

/** From 0 to the last delivery. The run has finished, and measures all of its flows. */
export function pathOfOracle(sim: Simulation): OracleTile[] {
  const { plan, times, log } = sim;
  const { flows } = plan;
  let flow = 0;
  for (let f = 1; f < flows.count; f++) if (times.finishPs[f]! > times.finishPs[flow]!) flow = f;
  let chunk = flows.chunks[flow]! - 1;
  const tiles: OracleTile[] = [];
  for (;;) {
    const { timePs, packet } = log.deliveries.get(`${flow} ${chunk}`)!;
    const sender = sim.senders[flow]!;
    const number = Math.floor(packet.number / sender.packetsPerChunk);
    const ups = upstream(sim, flow, number);
    const last = ups.sort((a, b) => b.timePs - a.timePs || a.flow - b.flow)[0];
    const latencyPs = sender.nic.nicLatencyPs;
    const startPs = flows.startPs[flow]!;
    const isFirst = last === undefined || last.timePs < startPs;
    const allowedPs = (isFirst ? startPs : last.timePs + delayOfFlow(flows, flow)) + latencyPs;
    const port = sender.nic.number;
    const part = [
      isFirst
        ? { fromPs: 0, toPs: startPs, cause: "start" as const, flow, port }
        : { fromPs: last.timePs, toPs: allowedPs - latencyPs, cause: "compute" as const, flow, port },
      { fromPs: allowedPs - latencyPs, toPs: allowedPs, cause: "nic" as const, flow, port },
      ...new SenderPath(sim, flow, packet).tiles(allowedPs),
      ...journey(sim, packet, timePs),
    ];
    tiles.unshift(...part);
    if (isFirst) break;
    ({ flow, chunk } = last);
  }
  return tiles.filter(({ fromPs, toPs }) => toPs > fromPs);
}

function upstream({ plan: { flows }, log }: Simulation, flow: number, chunk: number) {
  const result: { flow: number; chunk: number; timePs: number }[] = [];
  for (let i = flows.upFirst[flow]!; i < flows.upFirst[flow + 1]!; i++) {
    const up = flows.upFlow[i]!;
    const wanted = Math.min(chunk - flows.upLag[i]!, flows.chunks[up]! - 1);
    if (wanted >= 0) result.push({ flow: up, chunk: wanted, timePs: log.deliveries.get(`${up} ${wanted}`)!.timePs });
  }
  return result;
}

/** Hop by hop: every packet has noted its own way. */
function journey(sim: Simulation, packet: Packet, deliveredPs: number): OracleTile[] {
  const { fabric } = sim.plan;
  const { flow } = packet;
  const hops = sim.log.hops.get(packet)!;
  return hops.flatMap(({ port, queuedPs, startPs, takesPs, endPs }, i) => {
    const { propagationPs, fecPs } = fabric.linkClasses[fabric.portClass[port]!]!;
    const peer = fabric.peerPort[port]!;
    const flownPs = endPs + propagationPs + fecPs;
    const isLast = i === hops.length - 1;
    const nicPs = flownPs + latencyOf(sim, flow);
    const effectPs = isLast ? nicPs : hops[i + 1]!.queuedPs;
    return [
      ...waitTiles(sim, port, flow, queuedPs, startPs),
      { fromPs: startPs, toPs: startPs + takesPs, cause: "serialization", flow, port },
      { fromPs: startPs + takesPs, toPs: endPs, cause: "link-retry", flow, port },
      { fromPs: endPs, toPs: endPs + propagationPs, cause: "propagation", flow, port },
      { fromPs: endPs + propagationPs, toPs: flownPs, cause: "fec", flow, port },
      { fromPs: flownPs, toPs: effectPs, cause: isLast ? "nic" : "switch", flow, port: peer },
      { fromPs: effectPs, toPs: isLast ? deliveredPs : effectPs, cause: "stall", flow, port: peer },
    ] satisfies OracleTile[];
  });
}

/** Latency of the NIC at which a flow ends. */
function latencyOf({ plan }: Simulation, flow: number): number {
  return plan.nicLatencyPs[plan.flows.dstNic[flow]!]!;
}

/** Instant by instant between all that happens at the port. */
function waitTiles(sim: Simulation, port: number, flow: number, fromPs: number, toPs: number): OracleTile[] {
  const { log, plan } = sim;
  const pauses = log.pauses.get(`${port} ${classOfFlow(plan.flows, flow)}`) ?? [];
  const sendings = log.sendings.of(port).filter((one) => one.fromPs < toPs && one.toPs > fromPs);
  const marks = [fromPs, toPs, ...pauses.map(({ timePs }) => timePs)];
  for (const sending of sendings) marks.push(sending.fromPs, sending.toPs);
  const times = [...new Set(marks)].filter((ps) => ps >= fromPs && ps <= toPs).sort((a, b) => a - b);
  const isOnCredit = (plan.flowControl.credit?.bufferBlocks[plan.fabric.peerPort[port]!] ?? 0) > 0;
  return times.slice(1).map((untilPs, i) => {
    const sincePs = times[i]!;
    const isPaused = pauses.findLast(({ timePs }) => timePs <= sincePs)?.paused === true;
    const isSending = sendings.some((one) => one.fromPs <= sincePs && one.toPs >= untilPs);
    const cause = isPaused ? "pause" : isSending ? "queueing" : isOnCredit ? "credit" : "unknown";
    return { fromPs: sincePs, toPs: untilPs, cause, flow, port };
  });
}

interface TurnOfPacket {
  /** The copy of the packet with which it begins that was sent before. */
  readonly copy: Packet | undefined;
  readonly timePs: number;
  readonly timer: boolean;
  readonly reason: Reason;
}

interface SentPacket {
  readonly timePs: number;
  /** Among the events of the sender. */
  readonly place: number;
  readonly packet: Packet;
  readonly again: boolean;
}

/** What a sender did until a packet left. */
class SenderPath {
  readonly #events: readonly SenderEvent[];
  readonly #sends: readonly SentPacket[];
  readonly #turns = new Map<Packet, TurnOfPacket | undefined>();
  readonly #port: number;

  constructor(
    private readonly sim: Simulation,
    private readonly flow: number,
    private readonly packet: Packet,
  ) {
    this.#events = sim.log.events.of(flow);
    this.#sends = this.#events.flatMap(({ timePs, sent }, place) =>
      sent === undefined ? [] : [{ timePs, place, ...sent }],
    );
    this.#port = sim.senders[flow]!.nic.number;
  }

  tiles(allowedPs: number): OracleTile[] {
    return this.#until(this.packet, allowedPs);
  }

  /** From `allowedPs` to the start of a packet. */
  #until(packet: Packet, allowedPs: number): OracleTile[] {
    const hop = this.sim.log.hops.get(packet)![0]!;
    const turn = this.#turnOf(packet);
    if (turn === undefined) return this.#sendTiles(allowedPs, hop.startPs);
    const { copy, timePs, timer, reason } = turn;
    const copyHop = copy && this.sim.log.hops.get(copy)![0]!;
    const wasSentHere = copyHop !== undefined && copyHop.endPs > allowedPs;
    const before = wasSentHere ? [...this.#until(copy!, allowedPs), ...this.#copy(copy!, allowedPs)] : [];
    const newsPs = Math.min(wasSentHere ? Math.max(timePs, copyHop.endPs) : timePs, hop.startPs);
    const sincePs = wasSentHere ? copyHop.endPs : allowedPs;
    const cause: Reason = timer ? { ...reason, cause: "timeout" } : reason;
    return [
      ...before,
      { fromPs: sincePs, toPs: Math.max(sincePs, newsPs), flow: this.flow, port: this.#port, ...cause },
      ...this.#sendTiles(Math.max(sincePs, newsPs), hop.startPs),
    ];
  }

  /** The copy itself on the wire. */
  #copy(copy: Packet, allowedPs: number): OracleTile[] {
    const { startPs, endPs } = this.sim.log.hops.get(copy)![0]!;
    return this.#sendTiles(Math.max(startPs, allowedPs), endPs);
  }

  /** What it sends from one instant to another, and what keeps it from sending. */
  #sendTiles(fromPs: number, toPs: number): OracleTile[] {
    const tiles: OracleTile[] = [];
    const { flow } = this;
    const port = this.#port;
    const marks = [fromPs, toPs];
    for (const { timePs, sent } of this.#events) {
      if (timePs > toPs) break;
      marks.push(timePs);
      if (sent === undefined) continue;
      const { startPs, takesPs, endPs } = this.sim.log.hops.get(sent.packet)![0]!;
      marks.push(startPs + takesPs, endPs);
    }
    const times = [...new Set(marks)].filter((ps) => ps >= fromPs && ps <= toPs).sort((a, b) => a - b);
    times.slice(1).forEach((untilPs, i) => {
      const sincePs = times[i]!;
      const sending = this.#events.findLast(({ timePs, sent }) => sent !== undefined && timePs <= sincePs)?.sent;
      const hop = sending && this.sim.log.hops.get(sending.packet)![0]!;
      if (hop !== undefined && hop.endPs > sincePs) {
        const reason: Reason =
          hop.startPs + hop.takesPs <= sincePs
            ? { cause: "link-retry" }
            : sending!.again
              ? this.#turnOf(sending!.packet)!.reason
              : { cause: "serialization" };
        tiles.push({ fromPs: sincePs, toPs: untilPs, flow, port, ...reason });
        return;
      }
      const { state } = this.#events.findLast(({ timePs }) => timePs <= sincePs)!;
      if (state === "sendable") tiles.push(...waitTiles(this.sim, port, flow, sincePs, untilPs));
      else tiles.push({ fromPs: sincePs, toPs: untilPs, flow, port, ...this.#whyHeld(state, sincePs) });
    });
    return tiles;
  }

  #whyHeld(state: SenderEvent["state"], sincePs: number): Reason {
    const isLater = ({ timePs }: SenderEvent) => timePs > sincePs;
    const release = this.#events.find((one) => isLater(one) && (one.state === "sendable" || one.sent !== undefined));
    const next = this.#events.find((one) => isLater(one) && one.sent !== undefined)?.sent;
    const again = next?.again === true ? this.#turnOf(next.packet)!.reason : undefined;
    if (release?.timer === true) return { cause: "timeout", ...(again?.loss && { loss: again.loss }) };
    if (state === "held") return { cause: "pacing" };
    return state === "full" ? (again ?? { cause: "window" }) : { cause: "unknown" };
  }

  /** The turn of a packet that was sent before. */
  #turnOf(packet: Packet): TurnOfPacket | undefined {
    if (!this.#turns.has(packet)) this.#turns.set(packet, this.#findTurn(packet));
    return this.#turns.get(packet);
  }

  #findTurn(packet: Packet): TurnOfPacket | undefined {
    const { log, plan } = this.sim;
    const sends = this.#sends;
    const at = sends.find((send) => send.packet === packet)!;
    if (!at.again) return undefined;
    const expired = log.turns.of(this.flow);
    if (plan.transport.recovery === "selective") {
      const copy = sends.findLast((send) => send.timePs < at.timePs && send.packet.number === packet.number)!;
      const queued = log.queuedAgain
        .of(this.flow)
        .find(({ eventsBefore, number }) => number === packet.number && eventsBefore > copy.place)!;
      const timer = expired.some(({ timePs }) => timePs > copy.timePs && timePs <= at.timePs);
      const reason = this.#reason(packet.number, at.timePs, timer);
      return { copy: copy.packet, timePs: queued.timePs, timer: queued.timer, reason };
    }
    const turn = expired.findLast(({ timePs }) => timePs <= at.timePs)!;
    const copy = sends.findLast((send) => send.timePs < turn.timePs && send.packet.number === turn.number);
    const { timePs, timer } = turn;
    return { copy: copy?.packet, timePs, timer, reason: this.#reason(turn.number, turn.timePs, turn.timer) };
  }

  #reason(number: number, beforePs: number, timer: boolean): Reason {
    const loss = this.sim.log.losses.of(this.flow).findLast((one) => one.number === number && one.timePs < beforePs);
    if (loss !== undefined) return { cause: "retransmission", loss: { port: loss.port, reason: loss.reason } };
    return { cause: timer ? "retransmission" : "reordering" };
  }
}

/** Whether a plan is one whose path can be followed. */
export function hasPath({ reduction, programs }: RunPlan): boolean {
  return reduction === undefined && programs === undefined;
}
