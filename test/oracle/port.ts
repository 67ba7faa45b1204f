import type { LinkClass } from "../../src/plan/fabric.js";
import { check } from "./check.js";
import { CreditedLink } from "./credit.js";
import { type Event, Step } from "./events.js";
import { Fifo } from "./fifo.js";
import { frame, type Packet } from "./packet.js";
import { Draws, Purpose } from "./random.js";
import { serializationPs } from "./serialization.js";
import type { Simulation } from "./simulation.js";

const MOST_REPLAYS = 4;

/** One end of a link: the egress of the direction that leaves here, and the ingress of the other one. */
export abstract class Port {
  peer!: Port;
  protected paused = false;
  /** Of what leaves here, and of what arrives here; null where that needs no credit. */
  protected readonly outgoingCredit: CreditedLink | null;
  private readonly incomingCredit: CreditedLink | null;
  /** Since when it waits for credit; null where it does not. */
  private creditWaitSincePs: number | null = null;
  private updateWaits = false;
  private pausedSincePs = 0;
  private lapse: Event | null = null;
  /** Pause and resume frames that wait. */
  protected readonly frames = new Fifo<Packet>();
  private nextRefresh: Event | null = null;
  private transmitting = false;
  private transmissionEndPs = 0;
  private readonly link: LinkClass;
  private readonly hazard: Float64Array | null;
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
    const linkClass = plan.fabric.portClass[number]!;
    this.link = plan.fabric.linkClasses[linkClass]!;
    this.hazard = plan.hazards[linkClass] ?? null;
    this.lossDraws = new Draws(plan.seed, Purpose.loss, number);
    this.lossBudget = inUnits(this.lossDraws.exponential());
    this.outgoingCredit = CreditedLink.into(sim, plan.fabric.peerPort[number]!);
    this.incomingCredit = CreditedLink.into(sim, number);
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

  /** No data packet may start. */
  protected get holdsData(): boolean {
    return this.paused || this.creditWaitSincePs !== null;
  }

  /** Whether a data packet of so many accounted bytes may start; if not, the port waits for credit. */
  protected hasCredit(accountedBytes: number): boolean {
    if (this.outgoingCredit?.covers(accountedBytes) ?? true) return true;
    this.creditWaitSincePs ??= this.sim.nowPs;
    return false;
  }

  /** A data packet leaves the buffer that it came into here. */
  protected freeCredit(packet: Packet): void {
    const credit = this.incomingCredit;
    if (credit === null || packet.trafficClass !== "data") return;
    credit.free(packet.accountedBytes);
    if (this.updateWaits || !credit.isUpdateDue()) return;
    this.updateWaits = true;
    this.sim.totals.creditUpdatesSent += 1;
    this.queueFrame(frame("update", credit.updateBytes));
  }

  private transmit(packet: Packet): void {
    const { sim, peer } = this;
    this.transmitting = true;
    if (packet.kind === "update") {
      this.updateWaits = false;
      packet.limitBlocks = this.incomingCredit!.tell();
    }
    this.transmissionEndPs = sim.nowPs + this.serializationPs(packet);
    sim.totals.hops += 1;
    if (packet.kind === "data") sim.totals.dataHops += 1;
    sim.ports.txBytes[this.number]! += packet.wireBytes;

    const lost = this.lossOf(packet);
    if (lost === "link down") {
      sim.totals.droppedLinkDown += 1;
      sim.ports.droppedLinkDown[this.number]! += 1;
    } else if (lost === "crc") {
      sim.totals.droppedCrc += 1;
      sim.ports.droppedCrc[this.number]! += 1;
    } else {
      const isFrame = packet.trafficClass === "frame";
      const delayPs = isFrame ? this.responsePs(packet) : peer.latencyPs;
      if (packet.trafficClass === "data") this.outgoingCredit?.spend(packet.accountedBytes);
      const timePs = this.transmissionEndPs + this.link.propagationPs + this.link.fecPs + delayPs;
      check(timePs > sim.nowPs, "a packet takes time to reach the next device");
      const moment = { timePs, device: peer.device, step: Step.arrival, rank: peer.number, subrank: isFrame ? 0 : 1 };
      sim.events.schedule(moment, () => peer.takeEffect(packet), packet);
    }

    const end = { device: this.device, step: Step.endOfTransmission, rank: this.number, subrank: 0 };
    sim.events.schedule({ timePs: this.transmissionEndPs, ...end }, () => {
      this.transmitting = false;
      this.ended(packet);
      this.kick();
    });
    this.started(packet);
  }

  /** How the packet gets lost; null if it arrives. The transmission lasts to the end of its last repetition. */
  private lossOf(packet: Packet): "crc" | "link down" | null {
    if (packet.trafficClass === "frame") return null;
    const { retries, propagationPs, fecPs, downAtPs } = this.link;
    for (let replays = 0; this.transmissionEndPs <= downAtPs; replays++) {
      if (!this.loses(packet)) return null;
      if (!retries || replays === MOST_REPLAYS) return "crc";
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
    const { pauseResponsePs } = this.sim.plan.flowControl;
    return packet.kind === "update" ? this.incomingCredit!.responsePs : pauseResponsePs;
  }

  private takeEffect(packet: Packet): void {
    if (packet.trafficClass === "frame") this.sim.framesReceived += 1;
    if (packet.trafficClass === "data") this.incomingCredit?.arrive(packet.accountedBytes);
    if (packet.kind === "pause") this.pause();
    else if (packet.kind === "resume") this.resume();
    else if (packet.kind === "update") this.takeUpdate(packet);
    else this.process(packet);
  }

  /** Tells the peer to pause, and goes on telling it, or to resume. */
  sendFrame(kind: "pause" | "resume"): void {
    if (kind === "pause") {
      this.sim.totals.pausesSent += 1;
      this.sim.ports.pausesSent[this.number]! += 1;
      this.scheduleRefresh();
    } else {
      this.sim.totals.resumesSent += 1;
      if (this.nextRefresh !== null) this.nextRefresh.cancelled = true;
    }
    this.queueFrame(this.pauseFrame(kind));
  }

  private pauseFrame(kind: "pause" | "resume"): Packet {
    const { pauseBytes, gapBytes } = this.sim.plan.wire;
    return frame(kind, pauseBytes + gapBytes);
  }

  private scheduleRefresh(): void {
    const refreshPs = this.sim.plan.flowControl.pauses?.refreshPs[this.number] ?? Number.POSITIVE_INFINITY;
    if (refreshPs === Number.POSITIVE_INFINITY) return;
    this.nextRefresh = this.atPauseTimer(this.sim.nowPs + refreshPs, 1, () => {
      this.scheduleRefresh();
      if (this.frames.length > 0) return;
      this.sim.totals.refreshesSent += 1;
      this.queueFrame(this.pauseFrame("pause"));
    });
  }

  /** How long a pause of this port lasts. */
  private get pauseLastsPs(): number {
    return this.sim.plan.flowControl.pauses?.lastsPs[this.number] ?? Number.POSITIVE_INFINITY;
  }

  private takeUpdate(packet: Packet): void {
    this.outgoingCredit!.learn(packet.limitBlocks);
    const sincePs = this.creditWaitSincePs;
    if (sincePs === null) return;
    this.creditWaitSincePs = null;
    this.kick();
    if (this.creditWaitSincePs === null) this.countCreditWait(sincePs, this.sim.nowPs);
    else this.creditWaitSincePs = sincePs;
  }

  private countCreditWait(sincePs: number, untilPs: number): void {
    const { creditWaitPs, longestCreditWaitPs } = this.sim.ports;
    creditWaitPs[this.number]! += untilPs - sincePs;
    longestCreditWaitPs[this.number] = Math.max(longestCreditWaitPs[this.number]!, untilPs - sincePs);
  }

  /** A pause frame takes effect. */
  protected pause(): void {
    const lapses = this.pauseLastsPs !== Number.POSITIVE_INFINITY;
    check(!this.paused || lapses, "a paused port is not paused again, but to go on with it");
    if (!this.paused) this.pausedSincePs = this.sim.nowPs;
    this.paused = true;
    this.startLapse();
  }

  protected startLapse(): void {
    if (this.pauseLastsPs === Number.POSITIVE_INFINITY) return;
    this.stopLapse();
    this.lapse = this.atPauseTimer(this.sim.nowPs + this.pauseLastsPs, 0, () => {
      this.sim.totals.pausesLapsed += 1;
      this.resume();
    });
  }

  protected stopLapse(): void {
    if (this.lapse !== null) this.lapse.cancelled = true;
    this.lapse = null;
  }

  /** Schedules the lapse of a pause (0), its refreshing (1), a storm (2) or restoration (3). */
  protected atPauseTimer(timePs: number, subrank: number, action: () => void): Event {
    const moment = { timePs, device: this.device, step: Step.pauseTimer, rank: this.number, subrank };
    return this.sim.events.schedule(moment, action);
  }

  /** A resume frame takes effect, or the pause has lapsed. */
  protected resume(): void {
    this.stopLapse();
    if (!this.paused) {
      check(this.pauseLastsPs !== Number.POSITIVE_INFINITY, "a resume frame finds the port paused");
      return;
    }
    this.countPause(this.sim.nowPs);
    this.paused = false;
    this.kick();
  }

  /** Counts a pause, or a wait for credit, that is still on when the run ends. */
  finish(endOfRunPs: number): void {
    if (this.paused) this.countPause(Math.max(endOfRunPs, this.pausedSincePs));
    const sincePs = this.creditWaitSincePs;
    if (sincePs !== null) this.countCreditWait(sincePs, Math.max(endOfRunPs, sincePs));
  }

  protected countPause(untilPs: number): void {
    const { pausedPs, longestPausePs } = this.sim.ports;
    const intervalPs = untilPs - this.pausedSincePs;
    pausedPs[this.number]! += intervalPs;
    longestPausePs[this.number] = Math.max(longestPausePs[this.number]!, intervalPs);
  }
}

/** A hazard or budget in whole units of 2^-58. */
function inUnits(value: number): bigint {
  return value >= 64 ? 2n ** 64n - 1n : BigInt(Math.floor(value * 2 ** 58));
}
