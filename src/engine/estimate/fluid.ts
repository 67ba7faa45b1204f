/**
 * A run as a fluid: packets by fractions, in steps of about the time of a hop. What each flow may
 * send is limited by its window, by the chunks that it waits for and by its NIC; each pipe passes
 * on what waits at it, in proportion, up to its rate, and less where the next switch would pause
 * it. That gives how much waits where, and how much is on its way, without an event per packet.
 */
import { delayOfFlow, type FlowGraph } from "../../plan/flows.js";
import { controlOf } from "../../plan/plan.js";
import { mostUnderWayBytes } from "./control.js";
import { type Copies, copiesOf } from "./copies.js";
import type { Network } from "./pipes.js";
import type { Phase } from "./traffic.js";
import { type Ways, waysOf } from "./ways.js";

/** Moves of one flow over one hop that an estimate may take: some tenths of a second. */
const MAX_MOVES = 8e6;
const MIN_STEPS = 40;
/** Packets that are none. */
const LITTLE = 1e-6;
const MAX_STEPS = 400;
/**
 * Every one of the first steps is looked at, for short messages, then only some: it costs more than
 * the step.
 */
const LOOK_AT_FIRST = 12;
const LOOK_EVERY = 3;

/** The state that memory follows from; arrays by pipe. */
export interface FluidState {
  readonly network: Network;
  readonly copies: Copies;
  /** Flows that ever use the pipe. */
  readonly flowsOn: Uint32Array;
  /** Bytes of a packet on the wire, on average. */
  readonly wireBytes: Float64Array;
  /** Packets that have to wait for the next step. */
  readonly waiting: Float64Array;
  /** Packets that crossed in the step, and since the start. */
  readonly moved: Float64Array;
  readonly movedInAll: Float64Array;
  /** By place: acknowledgements that crossed a link from there in the step. */
  readonly answers: Float64Array;
  /** Chunks posted by deliveries in the step. */
  posted: number;
  /** Mean delay of a flow. */
  readonly delayPs: number;
  stepPs: number;
}

/**
 * Follows a phase and shows its state step by step, until all is delivered or the budget is used
 * up.
 */
export class Fluid {
  readonly state: FluidState;
  readonly #ways: Ways;
  readonly #total: Float64Array;
  readonly #window: Float64Array;
  readonly #perChunk: Float64Array;
  readonly #wire: Float64Array;
  readonly #sent: Float64Array;
  readonly #delivered: Float64Array;
  /** What the sender knows of that. */
  readonly #acknowledged: Float64Array;
  readonly #want: Float64Array;
  /** By hop of `#ways`: packets at the pipe. */
  readonly #at: Float64Array;
  /**
   * By pipe: packets at it, share that it passes on, share that is not dropped, bytes that came
   * over it and are still in the next switch.
   */
  readonly #load: Float64Array;
  readonly #share: Float64Array;
  readonly #kept: Float64Array;
  readonly #charged: Float64Array;
  /** By flow: place of its upstream flows among those followed. */
  readonly #placeOf: Int32Array;
  #active: number[];
  #nowPs = 0;
  readonly #mayDrop: boolean;
  /** By place: reserve of an ingress port in bytes. */
  readonly #reserve: Float64Array;
  /**
   * By pipe: packets per step, and the ends; columns are much faster to go through than objects.
   */
  readonly #capacity: Float64Array;
  readonly #to: Uint32Array;
  readonly #from: Uint32Array;
  readonly #ports: Uint32Array;
  readonly #isFromHost: Uint8Array;
  /** By place: packets answered whose acknowledgements have yet to cross it. */
  readonly #unanswered: Float64Array;

  constructor(
    readonly network: Network,
    readonly phase: Phase,
  ) {
    const { plan } = network;
    const { flows, fabric, transport, wire } = plan;
    const count = phase.flows.length;
    this.#ways = waysOf(network, phase.flows);
    const { first, pipe } = this.#ways;
    const pipes = network.pipes.length;
    const perPipe = () => new Float64Array(pipes);
    const perFlow = () => new Float64Array(count);
    [this.#total, this.#window, this.#perChunk, this.#wire] = [perFlow(), perFlow(), perFlow(), perFlow()];
    [this.#sent, this.#delivered, this.#acknowledged, this.#want] = [perFlow(), perFlow(), perFlow(), perFlow()];
    [this.#load, this.#share, this.#kept, this.#charged] = [perPipe(), perPipe(), perPipe().fill(1), perPipe()];
    this.#at = new Float64Array(pipe.length);
    this.#placeOf = new Int32Array(flows.upFlow.length === 0 ? 0 : flows.count).fill(-1);
    const flowsOn = new Uint32Array(pipes);
    const packetsOn = perPipe();
    const wireBytes = perPipe();
    phase.flows.forEach((flow, i) => {
      if (this.#placeOf.length > 0) this.#placeOf[flow] = i;
      const linkClass = fabric.portClass[fabric.nics.port[flows.srcNic[flow]!]!]!;
      const { mtuBytes, rateBps } = fabric.linkClasses[linkClass]!;
      const chunkBytes = flows.chunkBytes[flow]!;
      const packets = Math.max(1, Math.ceil(chunkBytes / mtuBytes));
      this.#perChunk[i] = packets * phase.volume;
      this.#total[i] = packets * flows.chunks[flow]! * phase.volume;
      const fixed = transport.windowPackets === 0 ? Number.POSITIVE_INFINITY : transport.windowPackets;
      const controlled = Math.ceil(mostUnderWayBytes(controlOf(transport, linkClass), rateBps, mtuBytes) / mtuBytes);
      this.#window[i] = Math.max(1, Math.min(fixed, controlled)) * phase.volume;
      this.#wire[i] = chunkBytes / packets + wire.headerBytes + wire.gapBytes;
      for (let hop = first[i]!; hop < first[i + 1]!; hop++) {
        flowsOn[pipe[hop]!]! += 1;
        packetsOn[pipe[hop]!]! += this.#total[i]!;
        wireBytes[pipe[hop]!]! += this.#total[i]! * this.#wire[i]!;
      }
    });
    wireBytes.forEach((bytes, i) => {
      wireBytes[i] = bytes / (packetsOn[i]! || 1);
    });
    this.#active = Array.from({ length: count }, (_, i) => i);
    this.#mayDrop = network.places.some(({ isSwitch, isLossless }) => isSwitch && !isLossless);
    this.state = {
      network,
      copies: copiesOf(network, flowsOn, phase.copies),
      flowsOn,
      wireBytes,
      waiting: perPipe(),
      moved: perPipe(),
      movedInAll: perPipe(),
      answers: new Float64Array(network.places.length),
      posted: 0,
      delayPs: meanDelayPs(flows, phase.flows),
      stepPs: this.#stepPs(wireBytes, flowsOn),
    };
    const { stepPs } = this.state;
    this.#capacity = Float64Array.from(
      network.pipes,
      ({ bytesPerPs }, i) => (bytesPerPs * stepPs) / (wireBytes[i]! || 1),
    );
    this.#to = Uint32Array.from(network.pipes, ({ to }) => to);
    this.#from = Uint32Array.from(network.pipes, ({ from }) => from);
    this.#ports = Uint32Array.from(network.pipes, ({ ports }) => ports);
    this.#isFromHost = Uint8Array.from(network.pipes, ({ isFromHost }) => (isFromHost ? 1 : 0));
    this.#reserve = Float64Array.from(network.places, ({ reserveBytes }) => reserveBytes);
    this.#unanswered = new Float64Array(network.places.length);
  }

  /**
   * The state now and then, until all is delivered, the budget is used up, or nobody asks any more.
   * The object is the same each time.
   */
  *follow(): Generator<FluidState, void> {
    const steps = this.#mostSteps();
    for (let step = 0; step < steps && this.#active.length > 0; step++) {
      if (this.#nowPs > this.network.plan.timeLimitPs) return;
      this.#begin();
      this.#drop();
      this.#passOn();
      this.#answer();
      this.#move();
      if (step < LOOK_AT_FIRST || step % LOOK_EVERY === 0) yield this.state;
      this.#nowPs += this.state.stepPs;
    }
  }

  #mostSteps(): number {
    return Math.min(MAX_STEPS, Math.max(MIN_STEPS, Math.floor(MAX_MOVES / this.#ways.pipe.length)));
  }

  /** Time of a hop; more where sending would take more steps than there may be. */
  #stepPs(wireBytes: Float64Array, flowsOn: Uint32Array): number {
    const hopPs = this.#hopPs(wireBytes, flowsOn);
    return this.#placeOf.length > 0 ? hopPs : Math.max(hopPs, this.#sendingPs() / (this.#mostSteps() * 0.75));
  }

  /** Time of a hop, on average over the ways. */
  #hopPs(wireBytes: Float64Array, flowsOn: Uint32Array): number {
    let [sum, hops] = [0, 0];
    this.network.pipes.forEach(({ delayPs, bytesPerPs, ports }, i) => {
      sum += flowsOn[i]! * (delayPs + (wireBytes[i]! * ports) / bytesPerPs);
      hops += flowsOn[i]!;
    });
    return sum / Math.max(1, hops);
  }

  /** Longest time that a NIC takes to send all it has. */
  #sendingPs(): number {
    const { first, pipe } = this.#ways;
    const bytes = new Float64Array(this.network.pipes.length);
    for (let i = 0; i < this.phase.flows.length; i++) bytes[pipe[first[i]!]!]! += this.#total[i]! * this.#wire[i]!;
    return bytes.reduce((most, sum, i) => Math.max(most, sum / this.network.pipes[i]!.bytesPerPs), 0);
  }

  /** What each flow may send, if its NIC had the time. */
  #begin(): void {
    // Columns at hand: this goes over every flow in every step.
    const [sent, delivered, acknowledged, total] = [this.#sent, this.#delivered, this.#acknowledged, this.#total];
    const [load, capacity, window] = [this.#load, this.#capacity, this.#window];
    const { first, pipe } = this.#ways;
    const { startPs } = this.network.plan.flows;
    const { flows } = this.phase;
    this.state.posted = 0;
    this.state.moved.fill(0);
    let nextStartPs = Number.POSITIVE_INFINITY;
    let isIdle = true;
    const active = this.#active.filter((i) => delivered[i]! < total[i]! * 0.9999);
    this.#active = active;
    for (const i of active) {
      // Nothing waits at a NIC: what is wanted is found anew.
      load[pipe[first[i]!]!] = 0;
      const flowStartPs = startPs[flows[i]!]!;
      if (sent[i]! > delivered[i]! || flowStartPs <= this.#nowPs) isIdle = false;
      else nextStartPs = Math.min(nextStartPs, flowStartPs);
    }
    if (isIdle && nextStartPs < Number.POSITIVE_INFINITY) this.#nowPs = nextStartPs;
    const [nowPs, want] = [this.#nowPs, this.#want];
    for (const i of active) {
      const nic = pipe[first[i]!]!;
      // The way back takes as many steps as the way has hops, on average.
      acknowledged[i]! += (delivered[i]! - acknowledged[i]!) / (first[i + 1]! - first[i]!);
      const outstanding = sent[i]! - acknowledged[i]!;
      const free = Math.min(this.#allowed(i) - sent[i]!, window[i]! - outstanding);
      const isStarted = startPs[flows[i]!]! <= nowPs;
      want[i] = isStarted ? Math.max(0, Math.min(capacity[nic]!, free)) : 0;
      load[nic]! += want[i]!;
    }
  }

  /** Packets of the chunks that a flow's upstream flows allow. */
  #allowed(i: number): number {
    const [total, perChunk, delivered, placeOf] = [this.#total, this.#perChunk, this.#delivered, this.#placeOf];
    let allowed = total[i]!;
    if (placeOf.length === 0) return allowed;
    const { upFirst, upFlow, upLag } = this.network.plan.flows;
    const flow = this.phase.flows[i]!;
    const end = upFirst[flow + 1]!;
    for (let edge = upFirst[flow]!; edge < end; edge++) {
      const up = placeOf[upFlow[edge]!]!;
      // An earlier phase is over.
      if (up < 0 || delivered[up]! >= total[up]! * 0.9999) continue;
      const chunks = Math.floor(delivered[up]! / perChunk[up]! + 1e-3) + upLag[edge]!;
      allowed = Math.min(allowed, Math.max(0, chunks) * perChunk[i]!);
    }
    return allowed;
  }

  /** What share of the packets at each pipe it passes on in this step. */
  #passOn(): void {
    const { places } = this.network;
    const { wireBytes, waiting } = this.state;
    const [charged, capacity, share, load] = [this.#charged, this.#capacity, this.#share, this.#load];
    const [ports, to, reserve, kept, isFromHost] = [this.#ports, this.#to, this.#reserve, this.#kept, this.#isFromHost];
    const count = waiting.length;
    const shared = new Float64Array(places.length);
    for (let i = 0; i < count; i++) {
      const over = charged[i]! - ports[i]! * reserve[to[i]!]!;
      if (over > 0) shared[to[i]!]! += over;
    }
    /**
     * Bytes that an ingress port may hold: Infinity at hosts and where packets are dropped instead.
     */
    const most = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < places.length; i++) {
      const { isLossless, reserveBytes, xoffBytes, sharedBytes, devices, alpha } = places[i]!;
      if (!isLossless) continue;
      most[i] = reserveBytes + Math.min(xoffBytes, (Math.max(0, sharedBytes - shared[i]!) / devices) * alpha);
    }
    for (let i = 0; i < count; i++) {
      const arriving = load[i]! * kept[i]!;
      if (arriving <= LITTLE) {
        waiting[i] = 0;
        share[i] = arriving > 0 ? 1 : 0;
        continue;
      }
      let packets = capacity[i]!;
      const mostBytes = most[to[i]!]!;
      if (mostBytes !== Number.POSITIVE_INFINITY) {
        packets = Math.min(packets, Math.max(0, ports[i]! * mostBytes - charged[i]!) / wireBytes[i]!);
      }
      share[i] = Math.min(1, packets / arriving);
      waiting[i] = isFromHost[i] === 1 ? 0 : arriving * (1 - share[i]!);
    }
  }

  /**
   * What share of the packets at each egress of a lossy switch fits below its threshold: alpha of
   * what is free when it stands there.
   */
  #drop(): void {
    if (!this.#mayDrop) return;
    const { places, plan } = this.network;
    const { wireBytes } = this.state;
    const { dropAlphaNum, dropAlphaDen } = plan.flowControl;
    const alpha = dropAlphaNum / dropAlphaDen;
    const queues = new Uint32Array(places.length);
    for (let i = 0; i < this.#load.length; i++) {
      if (this.#load[i]! > this.#capacity[i]!) queues[this.#from[i]!]! += this.#ports[i]!;
    }
    this.#kept.fill(1);
    for (let i = 0; i < this.#load.length; i++) {
      const { isSwitch, isLossless, bufferBytes, devices } = places[this.#from[i]!]!;
      if (!isSwitch || isLossless || this.#load[i]! <= LITTLE) continue;
      // n queues at the threshold leave 1 / (1 + n alpha) of the buffer free.
      const standing = Math.max(1, queues[this.#from[i]!]! / devices);
      const mostBytes = (this.#ports[i]! * alpha * (bufferBytes / devices)) / (1 + standing * alpha);
      this.#kept[i] = Math.min(1, mostBytes / (this.#load[i]! * wireBytes[i]!));
    }
  }

  #move(): void {
    const { first, pipe } = this.#ways;
    const { moved, movedInAll } = this.state;
    const [at, load, charged, share, kept] = [this.#at, this.#load, this.#charged, this.#share, this.#kept];
    const { ackEvery, recovery } = this.network.plan.transport;
    const answersEach = recovery === "selective" ? 1 : 1 / ackEvery;
    const hasDependents = this.#placeOf.length > 0;
    for (const i of this.#active) {
      const begin = first[i]!;
      const wire = this.#wire[i]!;
      for (let hop = first[i + 1]! - 1; hop > begin; hop--) {
        let here = at[hop]!;
        if (here === 0) continue;
        const p = pipe[hop]!;
        if (kept[p]! < 1) {
          const lost = here * (1 - kept[p]!);
          load[p]! -= lost;
          charged[pipe[hop - 1]!]! -= lost * wire;
          here -= lost;
        }
        const out = here * share[p]!;
        at[hop] = here - out;
        load[p]! -= out;
        charged[pipe[hop - 1]!]! -= out * wire;
        moved[p]! += out;
        this.#enter(i, hop, out, answersEach, hasDependents);
      }
      const nic = pipe[begin]!;
      const out = this.#want[i]! * share[nic]!;
      if (out === 0) continue;
      this.#sent[i]! += out;
      moved[nic]! += out;
      this.#enter(i, begin, out, answersEach, hasDependents);
    }
    for (let p = 0; p < moved.length; p++) movedInAll[p]! += moved[p]!;
  }

  /** Packets have crossed hop `hop` of a flow. */
  #enter(i: number, hop: number, out: number, answersEach: number, hasDependents: boolean): void {
    const { first, pipe } = this.#ways;
    if (hop + 1 < first[i + 1]!) {
      this.#at[hop + 1]! += out;
      this.#load[pipe[hop + 1]!]! += out;
      this.#charged[pipe[hop]!]! += out * this.#wire[i]!;
      return;
    }
    this.#delivered[i]! += out;
    if (hasDependents) this.state.posted += out / this.#perChunk[i]!;
    for (let back = first[i]!; back <= hop; back++) {
      this.#unanswered[this.#from[pipe[back]!]!]! += out * answersEach;
    }
  }

  /**
   * Acknowledgements cross one link after the other: each place sees them over as many steps as the
   * way back has, on average.
   */
  #answer(): void {
    const hops = this.#ways.pipe.length / this.phase.flows.length;
    for (let place = 0; place < this.#unanswered.length; place++) {
      const answers = this.#unanswered[place]! / hops;
      this.state.answers[place] = answers;
      this.#unanswered[place]! -= answers;
    }
  }
}

function meanDelayPs(graph: FlowGraph, flows: Uint32Array): number {
  return flows.reduce((sum, flow) => sum + delayOfFlow(graph, flow), 0) / Math.max(1, flows.length);
}
