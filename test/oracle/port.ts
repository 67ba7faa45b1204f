import type { LinkClass } from "../../src/plan/fabric.js";
import { check } from "./check.js";
import { type Event, Step } from "./events.js";
import { Fifo } from "./fifo.js";
import { Gate } from "./gate.js";
import { frame, type Packet } from "./packet.js";
import { Draws, Purpose } from "./random.js";
import { serializationPs } from "./serialization.js";
import type { Simulation } from "./simulation.js";
import { Turns } from "./turns.js";

const MAX_REPLAYS = 4;

/**
 * One end of a link: the egress of the direction that leaves here, and the ingress of the other
 * one.
 */
export abstract class Port {
  peer!: Port;
  /** By data class. */
  protected readonly gates: readonly Gate[];
  protected readonly turns: Turns;
  /** Frames that wait, by the data class that they are for; with class 0 those that are for all. */
  private readonly frames: readonly Fifo<Packet>[];
  protected transmitting = false;
  protected transmissionEndPs = 0;
  private link: LinkClass;
  private hazard: Float64Array | null;
  /** Index of its class, which changes may replace. */
  protected linkClass: number;
  private downAtPs: number;
  private readonly lossDraws: Draws;
  /** In units of 2^-58. */
  private lossBudget: bigint;

  constructor(
    protected readonly sim: Simulation,
    /** Device it belongs to. */
    readonly device: number,
    /** Global port number. */
    readonly number: number,
    /** Between the arrival of a packet and its effect. */
    private readonly latencyPs: number,
  ) {
    const { plan } = sim;
    this.linkClass = plan.fabric.portClass[number]!;
    this.link = plan.fabric.linkClasses[this.linkClass]!;
    this.hazard = plan.hazards[this.linkClass] ?? null;
    this.downAtPs = this.link.downAtPs;
    this.lossDraws = new Draws(plan.seed, Purpose.loss, number);
    this.lossBudget = inUnits(this.lossDraws.exponential());
    this.gates = sim.classes.map((dataClass) => new Gate(sim, number, dataClass));
    this.frames = sim.classes.map(() => new Fifo<Packet>());
    this.turns = new Turns(plan.dataClasses);
  }

  /** The direction takes another class: MODEL §3, changes. */
  takeClass(linkClass: number): void {
    const { plan } = this.sim;
    this.linkClass = linkClass;
    this.link = plan.fabric.linkClasses[linkClass]!;
    this.hazard = plan.hazards[linkClass] ?? null;
  }

  /** The direction carries again. */
  goUp(downAtPs: number): void {
    this.downAtPs = downAtPs;
  }

  /** Flows of the first packets, or senders, of a data class that wait here. */
  protected abstract waitingFlows(dataClass: number): number[];

  laneOf(dataClass: number): number {
    return this.number + dataClass * this.sim.plan.fabric.peerPort.length;
  }

  private holdsUp({ dataClass }: Gate): void {
    this.sim.log.holdsUp(this.laneOf(dataClass), this.waitingFlows(dataClass));
  }

  /** What holds the packets that came over the link from here, at the end of a run. */
  protected lastHolder(_ingress: Port, _dataClass: number): number {
    return -1;
  }

  /** Takes the packet that the port sends next out of its queues. */
  protected abstract takeNext(): Packet | undefined;
  protected abstract queueFrame(packet: Packet): void;
  /** A data packet, ACK or NACK takes effect here. */
  protected abstract process(packet: Packet): void;
  /** Called when a transmission has begun, after the port is seized. */
  protected started(_packet: Packet): void {}
  /** Called when a transmission has ended, before the port looks for its next packet. */
  protected ended(_packet: Packet): void {}

  serializationPs(packet: Packet): number {
    return serializationPs(packet.wireBytes, this.link.rateBps, this.sim.plan.wire.serialization);
  }

  /** Serialization of one byte. */
  get psPerByte(): number {
    return 8e12 / this.link.rateBps;
  }

  /** Bytes per picosecond. */
  get lineRate(): number {
    return 1 / this.psPerByte;
  }

  /** What is left of the transmission in progress. */
  protected remainingPs(): number {
    return this.transmitting ? this.transmissionEndPs - this.sim.nowPs : 0;
  }

  /** Starts the next packet if the port is idle and has one that may go. */
  kick(): void {
    if (this.transmitting) return;
    const packet = this.takeNext();
    if (packet !== undefined) this.transmit(packet);
  }

  /** Takes the frame that goes next. */
  protected nextFrame(): Packet | undefined {
    return this.frames.find(({ length }) => length > 0)?.shift();
  }

  protected waitingFrames(): readonly Packet[] {
    return this.frames.flatMap((queue) => queue.all());
  }

  protected get framesWaiting(): number {
    return this.frames.reduce((sum, { length }) => sum + length, 0);
  }

  protected pushFrame(packet: Packet): void {
    this.frames[packet.frameClass === "all" ? 0 : packet.frameClass]!.push(packet);
  }

  /**
   * The data class whose packet starts now, which takes its turn with that.
   * @param nextOf The next packet of a class: accounted bytes.
   */
  protected takeTurn(nextOf: (dataClass: number) => number | undefined): number | undefined {
    for (;;) {
      const able = this.gates.filter(({ holds, dataClass }) => !holds && nextOf(dataClass) !== undefined);
      const chosen = this.turns.choose(able.map(({ dataClass }) => dataClass));
      if (chosen === undefined) return undefined;
      const accountedBytes = nextOf(chosen)!;
      const gate = this.gates[chosen]!;
      if (gate.outgoingCredit?.covers(accountedBytes) ?? true) {
        this.turns.start(chosen, accountedBytes + this.sim.plan.wire.gapBytes);
        return chosen;
      }
      gate.creditWaitSincePs = this.sim.nowPs;
      this.sim.log.beginsWait(this.laneOf(chosen), "credit", this.sim.nowPs);
    }
  }

  /** A data packet leaves the buffer that it came into here. */
  protected freeCredit(packet: Packet, egress?: Port, dataClass = this.sim.classOf(packet)): void {
    if (packet.trafficClass !== "data") return;
    const gate = this.gates[dataClass]!;
    const credit = gate.incomingCredit;
    if (credit === null) return;
    credit.free(packet.accountedBytes);
    if (gate.updateWaits || !credit.isUpdateDue()) return;
    gate.updateWaits = true;
    this.noteFreed(gate.dataClass, egress);
    this.sim.totals.creditUpdatesSent += 1;
    this.queueFrame(frame("update", credit.updateBytes, gate.dataClass));
  }

  private transmit(packet: Packet): void {
    const { sim, peer } = this;
    this.transmitting = true;
    if (packet.kind === "update") {
      const gate = this.gates[packet.frameClass as number]!;
      gate.updateWaits = false;
      packet.limitBlocks = gate.incomingCredit!.tell();
    }
    this.transmissionEndPs = sim.nowPs + this.serializationPs(packet);
    sim.totals.hops += 1;
    if (packet.kind === "data") sim.totals.dataHops += 1;
    sim.ports.txBytes[this.number]! += packet.wireBytes;

    const lost = this.lossOf(packet);
    const takesPs = this.serializationPs(packet);
    sim.log.transmits(packet, this.number, sim.nowPs, takesPs, this.transmissionEndPs);
    if (lost !== null) {
      sim.log.loses(packet, this.number, lost === "crc" ? "crc" : "link-down", this.transmissionEndPs);
    }
    if (lost === "link down") {
      sim.totals.droppedLinkDown += 1;
      sim.ports.droppedLinkDown[this.number]! += 1;
    } else if (lost === "crc") {
      sim.totals.droppedCrc += 1;
      if (sim.ports.droppedCrc[this.number] === 0) sim.ports.firstCrcPs[this.number] = this.transmissionEndPs;
      sim.ports.droppedCrc[this.number]! += 1;
    } else {
      const isFrame = packet.trafficClass === "frame";
      const delayPs = isFrame ? this.responsePs(packet) : peer.latencyPs;
      if (packet.trafficClass === "data") {
        this.gates[sim.classOf(packet)]!.outgoingCredit?.spend(packet.accountedBytes);
      }
      const timePs = this.transmissionEndPs + this.link.propagationPs + this.link.fecPs + delayPs;
      check(timePs > sim.nowPs, "a packet takes time to reach the next device");
      const moment = { timePs, device: peer.device, step: Step.arrival, rank: peer.number, subrank: isFrame ? 0 : 1 };
      sim.events.schedule(moment, () => peer.takeEffect(packet), packet);
    }

    sim.lastTransmissionPs = Math.max(sim.lastTransmissionPs, this.transmissionEndPs);
    const end = { device: this.device, step: Step.endOfTransmission, rank: this.number, subrank: 0 };
    sim.events.schedule({ timePs: this.transmissionEndPs, ...end }, () => {
      this.transmitting = false;
      this.ended(packet);
      this.kick();
    });
    this.started(packet);
  }

  /**
   * How the packet gets lost; null if it arrives. The transmission lasts to the end of its last
   * repetition.
   */
  private lossOf(packet: Packet): "crc" | "link down" | null {
    if (packet.trafficClass === "frame") return null;
    const { retries, propagationPs, fecPs } = this.link;
    for (let replays = 0; this.transmissionEndPs <= this.downAtPs; replays++) {
      if (!this.loses(packet)) return null;
      if (!retries || replays === MAX_REPLAYS) return "crc";
      this.transmissionEndPs += 2 * (propagationPs + fecPs) + this.serializationPs(packet);
      this.sim.totals.replays += 1;
      this.sim.ports.txBytes[this.number]! += packet.wireBytes;
    }
    return "link down";
  }

  private loses(packet: Packet): boolean {
    if (this.hazard === null || packet.trafficClass === "frame") return false;
    const hazard = this.hazard[packet.wireBytes];
    check(hazard !== undefined, `there is a hazard for packets of ${packet.wireBytes} B`);
    this.lossBudget -= inUnits(hazard);
    if (this.lossBudget >= 0n) return false;
    this.lossBudget = inUnits(this.lossDraws.exponential());
    return true;
  }

  private responsePs(packet: Packet): number {
    const { pauseResponsePs, credit } = this.sim.plan.flowControl;
    return packet.kind === "update" ? credit!.responsePs : pauseResponsePs;
  }

  private takeEffect(packet: Packet): void {
    if (packet.trafficClass === "frame") this.sim.framesReceived += 1;
    if (packet.trafficClass === "data") {
      this.gates[this.sim.classOf(packet)]!.incomingCredit?.arrive(packet.accountedBytes);
    }
    if (packet.kind === "pause") for (const gate of this.gatesOf(packet)) this.pause(gate);
    else if (packet.kind === "resume") this.endPauses(this.gatesOf(packet));
    else if (packet.kind === "update") this.takeUpdate(packet);
    else this.process(packet);
  }

  private gatesOf({ frameClass }: Packet): readonly Gate[] {
    return frameClass === "all" ? this.gates : [this.gates[frameClass]!];
  }

  private endPauses(gates: readonly Gate[]): void {
    for (const gate of gates) this.endPause(gate);
    this.kick();
  }

  /** Tells the peer to pause a data class or all, and goes on telling it, or to resume. */
  sendFrame(kind: "pause" | "resume", frameClass: number | "all"): void {
    const gate = this.gates[frameClass === "all" ? 0 : frameClass]!;
    if (kind === "pause") {
      this.sim.totals.pausesSent += 1;
      this.sim.ports.pausesSent[this.number]! += 1;
      this.scheduleRefresh(gate, frameClass);
    } else {
      this.sim.totals.resumesSent += 1;
      if (gate.nextRefresh !== null) gate.nextRefresh.cancelled = true;
    }
    this.queueFrame(this.pauseFrame(kind, frameClass));
  }

  private pauseFrame(kind: "pause" | "resume", frameClass: number | "all"): Packet {
    const { pauseBytes, gapBytes } = this.sim.plan.wire;
    return frame(kind, pauseBytes + gapBytes, frameClass);
  }

  private scheduleRefresh(gate: Gate, frameClass: number | "all"): void {
    const refreshPs = this.sim.plan.flowControl.pauses?.refreshPs[this.number] ?? Number.POSITIVE_INFINITY;
    if (refreshPs === Number.POSITIVE_INFINITY) return;
    gate.nextRefresh = this.atPauseTimer(gate, this.sim.nowPs + refreshPs, 1, () => {
      this.scheduleRefresh(gate, frameClass);
      if (this.frames[gate.dataClass]!.length > 0) return;
      this.sim.totals.refreshesSent += 1;
      this.queueFrame(this.pauseFrame("pause", frameClass));
    });
  }

  /** How long a pause of this port lasts. */
  private get pauseLastsPs(): number {
    return this.sim.plan.flowControl.pauses?.lastsPs[this.number] ?? Number.POSITIVE_INFINITY;
  }

  private takeUpdate(packet: Packet): void {
    const gate = this.gates[packet.frameClass as number]!;
    gate.outgoingCredit!.learn(packet.limitBlocks);
    const sincePs = gate.creditWaitSincePs;
    if (sincePs === null) return;
    this.holdsUp(gate);
    gate.creditWaitSincePs = null;
    this.kick();
    if (gate.creditWaitSincePs === null) {
      this.countCreditWait(gate, sincePs, this.sim.nowPs);
      this.sim.log.endsWait(this.laneOf(gate.dataClass), this.sim.nowPs);
    } else gate.creditWaitSincePs = sincePs;
  }

  private countCreditWait({ dataClass }: Gate, sincePs: number, untilPs: number): void {
    const { creditWaitPs, longestCreditWaitPs } = this.sim.ports;
    creditWaitPs[this.number]! += untilPs - sincePs;
    this.sim.perClass[dataClass]!.creditWaitPs[this.number]! += untilPs - sincePs;
    longestCreditWaitPs[this.number] = Math.max(longestCreditWaitPs[this.number]!, untilPs - sincePs);
  }

  /** A pause frame takes effect. */
  protected pause(gate: Gate): void {
    const lapses = this.pauseLastsPs !== Number.POSITIVE_INFINITY;
    check(!gate.paused || lapses, "what is paused is not paused again, but to go on with it");
    if (!gate.paused) {
      gate.pausedSincePs = this.sim.nowPs;
      this.sim.log.notesPause(this.number, gate.dataClass, true, this.sim.nowPs);
      this.sim.log.beginsWait(this.laneOf(gate.dataClass), "pause", this.sim.nowPs);
    }
    gate.paused = true;
    this.startLapse(gate);
  }

  protected startLapse(gate: Gate): void {
    if (this.pauseLastsPs === Number.POSITIVE_INFINITY) return;
    this.stopLapse(gate);
    gate.lapse = this.atPauseTimer(gate, this.sim.nowPs + this.pauseLastsPs, 0, () => {
      this.sim.totals.pausesLapsed += 1;
      this.endPauses([gate]);
    });
  }

  protected stopLapse(gate: Gate): void {
    if (gate.lapse !== null) gate.lapse.cancelled = true;
    gate.lapse = null;
  }

  /** Schedules the lapse of a pause (0), its refreshing (1), a storm (2) or restoration (3). */
  protected atPauseTimer({ dataClass }: Gate, timePs: number, kind: number, action: () => void): Event {
    const subrank = 4 * dataClass + kind;
    const moment = { timePs, device: this.device, step: Step.pauseTimer, rank: this.number, subrank };
    return this.sim.events.schedule(moment, action);
  }

  /** A resume frame takes effect, or the pause has lapsed. */
  protected endPause(gate: Gate): void {
    this.stopLapse(gate);
    if (!gate.paused) {
      check(this.pauseLastsPs !== Number.POSITIVE_INFINITY, "a resume frame finds the class paused");
      return;
    }
    this.countPause(gate, this.sim.nowPs);
    gate.paused = false;
    this.noteResumed(gate);
  }

  protected noteResumed(gate: Gate): void {
    const { log, nowPs } = this.sim;
    log.notesPause(this.number, gate.dataClass, false, nowPs);
    this.holdsUp(gate);
    log.endsWait(this.laneOf(gate.dataClass), nowPs);
  }

  protected noteFreed(_dataClass: number, _egress?: Port): void {}

  /** Notes who waits here, and for what, when the run ends. */
  noteRest(endOfRunPs: number): void {
    for (const gate of this.gates) {
      if (!gate.holds) continue;
      const { log } = this.sim;
      const lane = this.laneOf(gate.dataClass);
      this.holdsUp(gate);
      const holder = gate.paused ? -1 : this.peer.lastHolder(this.peer, gate.dataClass);
      if (holder >= 0) {
        log.holders.add(this.peer.laneOf(gate.dataClass), { timePs: endOfRunPs, holder, isAlone: false });
      }
      const wait = log.waits.find((one) => one.lane === lane && one.isOpen)!;
      wait.toPs = Math.max(endOfRunPs, wait.fromPs);
    }
  }

  /** Counts pauses, and waits for credit, that are still on when the run ends. */
  finish(endOfRunPs: number): void {
    for (const gate of this.gates) {
      if (gate.paused) this.countPause(gate, Math.max(endOfRunPs, gate.pausedSincePs));
      const sincePs = gate.creditWaitSincePs;
      if (sincePs !== null) this.countCreditWait(gate, sincePs, Math.max(endOfRunPs, sincePs));
    }
  }

  protected countPause(gate: Gate, untilPs: number): void {
    const { pausedPs, longestPausePs } = this.sim.ports;
    const intervalPs = untilPs - gate.pausedSincePs;
    pausedPs[this.number]! += intervalPs;
    this.sim.perClass[gate.dataClass]!.pausedPs[this.number]! += intervalPs;
    longestPausePs[this.number] = Math.max(longestPausePs[this.number]!, intervalPs);
  }
}

/** A hazard or budget in whole units of 2^-58. */
function inUnits(value: number): bigint {
  return value >= 64 ? 2n ** 64n - 1n : BigInt(Math.floor(value * 2 ** 58));
}
