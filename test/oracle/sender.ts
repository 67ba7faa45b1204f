import { answerAddress } from "../../src/plan/flows.js";
import { MAX_RESEND_BORDERS } from "../../src/plan/limits.js";
import { controlOf } from "../../src/plan/plan.js";
import { check } from "./check.js";
import { type CongestionControl, congestionControl } from "./congestion.js";
import { type Event, Step } from "./events.js";
import type { SenderState } from "./log.js";
import type { Nic } from "./nic.js";
import { dataPacket, type Packet } from "./packet.js";
import type { Simulation } from "./simulation.js";
import { type Spraying, spraying } from "./spraying.js";

/** The sending end of a QP. */
export class Sender {
  readonly packetsPerChunk: number;
  readonly packetCount: number;
  /** Chunks that may be sent. */
  protected postedChunks = 0;
  protected firstUnacked = 0;
  protected next = 0;
  /** One past the highest packet ever sent. */
  private sentEnd = 0;
  private retries = 0;
  private timer: Event | null = null;
  private readonly resend = new Set<number>();
  /** Packets that the receiver is known to hold beyond the first unacknowledged one. */
  private readonly held = new Set<number>();
  private highestHeld = -1;
  private scan = 0;
  /** Of lost resends: b_1 and on. */
  private borders: number[] = [];
  /** Neither was anything sent nor answered for the quiet time, since the last answer of use. */
  private wasQuiet = false;
  private readonly control: CongestionControl | null;
  private readonly spraying: Spraying | null;
  /** The packet that it sends was sent before. */
  private sendsAgain = false;
  /** It waits for the time of its next packet. */
  private paced = false;
  /** To other NICs, and has had no post since. */
  private hasMoved = false;
  /** Where answers go. */
  address: number;

  constructor(
    protected readonly sim: Simulation,
    readonly flow: number,
    public nic: Nic,
    private destination: number,
  ) {
    this.address = answerAddress(sim.plan.fabric, sim.plan.flows, flow);
    const { chunkBytes, chunks } = sim.plan.flows;
    this.packetsPerChunk = Math.ceil(chunkBytes[flow]! / nic.mtuBytes);
    this.packetCount = this.packetsPerChunk * chunks[flow]!;
    const parameters = controlOf(sim.plan.transport, sim.plan.fabric.portClass[nic.number]!);
    this.control = congestionControl(parameters, nic.psPerByte, nic.mtuBytes);
    this.spraying = spraying(sim.plan.routing, sim.plan.seed, flow);
  }

  /** Makes the first `chunks` chunks sendable. */
  post(chunks: number): void {
    check(chunks <= this.sim.plan.flows.chunks[this.flow]!, "a flow posts no more chunks than it has");
    this.postedChunks = Math.max(this.postedChunks, chunks);
    this.hasMoved = false;
    this.note();
    this.nic.kick();
  }

  /** Goes on over other NICs: MODEL §7. */
  move(nic: Nic, destination: number, away: boolean): void {
    const { sim } = this;
    this.nic.senders.splice(this.nic.senders.indexOf(this), 1);
    nic.senders.push(this);
    nic.senders.sort((a, b) => a.flow - b.flow);
    if (nic !== this.nic) this.address = sim.plan.fabric.nics.address[sim.plan.fabric.nics.port.indexOf(nic.number)]!;
    this.nic = nic;
    this.destination = destination;
    this.hasMoved = true;
    if (!away) return;
    this.retries = 0;
    this.wasQuiet = false;
    this.stopTimer();
    if (this.sentEnd === this.firstUnacked) return;
    if (sim.plan.transport.recovery === "go-back-n") {
      this.next = this.firstUnacked;
      this.noteTurn(true);
    } else {
      this.resendUnheld();
    }
    this.startTimer();
    this.note(true);
  }

  isSendable(): boolean {
    return !this.hasMoved && this.canSend();
  }

  private canSend(): boolean {
    if (this.paced || (this.control !== null && !this.hasRoom(this.control.windowBytes))) return false;
    if (this.resend.size > 0) return true;
    const { windowPackets } = this.sim.plan.transport;
    const isPosted = this.next < this.postedChunks * this.packetsPerChunk;
    return isPosted && (windowPackets === 0 || this.next - this.firstUnacked < windowPackets);
  }

  private state(): SenderState {
    if (this.canSend()) return "sendable";
    if (this.resend.size === 0 && this.next >= this.postedChunks * this.packetsPerChunk) return "empty";
    const isHeld = this.paced || (this.control !== null && !this.hasRoom(this.control.windowBytes));
    return isHeld ? "held" : "full";
  }

  private note(timer = false): void {
    this.sim.log.events.add(this.flow, { timePs: this.sim.nowPs, state: this.state(), timer });
  }

  /** A packet has begun to be sent. */
  noteSent(packet: Packet): void {
    const sent = { packet, again: this.sendsAgain };
    this.sim.log.events.add(this.flow, { timePs: this.sim.nowPs, state: this.state(), timer: false, sent });
  }

  private noteTurn(timer: boolean): void {
    this.sim.log.turns.add(this.flow, { timePs: this.sim.nowPs, number: this.firstUnacked, timer });
  }

  private queueAgain(number: number, timer: boolean): void {
    if (!this.resend.has(number)) this.sim.log.queuesAgain(this.flow, number, timer, this.sim.nowPs);
    this.resend.add(number);
  }

  private hasRoom(windowBytes: number): boolean {
    const underWay = this.underWayBytes();
    return underWay === 0 || underWay < windowBytes;
  }

  private underWayBytes(): number {
    return (this.next - this.firstUnacked - this.held.size - this.resend.size) * this.nic.mtuBytes;
  }

  /** Payload of the packet that it sends next. */
  nextPayloadBytes(): number {
    return this.payloadBytes(this.nextNumber());
  }

  private nextNumber(): number {
    return this.resend.size > 0 ? Math.min(...this.resend) : this.next;
  }

  /** The packet to transmit now. */
  takePacket(): Packet {
    const { sim, flow } = this;
    const number = this.nextNumber();
    if (!this.resend.delete(number)) this.next += 1;
    check(number >= this.firstUnacked, "no acknowledged packet is sent");
    sim.totals.dataSent += 1;
    this.sendsAgain = number < this.sentEnd;
    if (this.sendsAgain) sim.totals.retransmitted += 1;
    this.sentEnd = Math.max(this.sentEnd, number + 1);
    if (this.timer === null || (this.heedsQuiet && !this.wasQuiet)) this.startTimer();
    const packet = dataPacket(sim.plan.wire, flow, number, this.payloadBytes(number), this.destination);
    packet.sentPs = sim.nowPs;
    packet.entropy = this.spraying?.next(sim.nowPs) ?? 0;
    this.control?.spend?.(packet, this.waitingBytes());
    this.holdUntil(Math.max(this.ratePs(packet), this.messagePs(packet)));
    return packet;
  }

  /** Posted and not sent, or to be resent, as full packets on the wire. */
  private waitingBytes(): number {
    const { headerBytes, gapBytes } = this.sim.plan.wire;
    const packets = this.postedChunks * this.packetsPerChunk - this.next + this.resend.size;
    return packets * (this.nic.mtuBytes + headerBytes + gapBytes);
  }

  /** Credit is processed. */
  pulled({ credit }: Packet): void {
    this.control?.pulled?.(credit.granted);
    this.note();
    this.nic.kick();
  }

  /** When the rate allows the next packet after this one, which begins now. */
  private ratePs({ wireBytes }: Packet): number {
    const { sim, control } = this;
    return control === null ? 0 : sim.nowPs + Math.floor(wireBytes / control.sent(wireBytes, sim.nowPs));
  }

  /** When the NIC is ready for the message after the one that this packet ends, if it ends one. */
  private messagePs(packet: Packet): number {
    const { sim, nic, flow } = this;
    const overheadPs = sim.plan.messageOverheadPs?.[sim.plan.flows.srcNic[flow]!] ?? 0;
    if (overheadPs === 0 || (packet.number + 1) % this.packetsPerChunk !== 0) return 0;
    return sim.nowPs + nic.serializationPs(packet) + overheadPs;
  }

  /** Holds the QP back. */
  private holdUntil(timePs: number): void {
    const { sim, nic } = this;
    if (timePs <= sim.nowPs) return;
    this.paced = true;
    const rank = sim.plan.flows.count + sim.placeOf[this.flow]!;
    sim.events.schedule({ timePs, device: nic.device, step: Step.timer, rank, subrank: 0 }, () => {
      this.paced = false;
      this.note();
      this.nic.kick();
    });
  }

  /** A congestion notification is processed. */
  notified(): void {
    this.control?.notified(this.sim.nowPs);
  }

  /** An ACK or NACK is processed: MODEL §7. */
  acknowledge(answer: Packet): void {
    const selective = this.sim.plan.transport.recovery === "selective";
    const known = this.firstUnacked + this.held.size;
    let lost = false;
    if (answer.number > this.firstUnacked) this.advance(answer.number);
    if (
      !selective &&
      answer.kind === "nack" &&
      answer.number === this.firstUnacked &&
      this.sentEnd > this.firstUnacked
    ) {
      this.next = this.firstUnacked;
      this.noteTurn(false);
      this.startTimer();
      lost = true;
    }
    if (selective && answer.cause >= this.firstUnacked) {
      lost = answer.kind === "nack" ? this.resendTrimmed(answer.cause) : this.hold(answer.cause);
    }
    const outcome = answer.kind === "nack" ? "lost" : answer.marked ? "marked" : "clear";
    this.spraying?.answered(answer.entropy, outcome);
    const delivered = (this.firstUnacked + this.held.size - known) * this.nic.mtuBytes;
    const delayPs = this.sim.nowPs - answer.sentPs;
    this.control?.answered(delivered, answer.marked, delayPs, this.underWayBytes(), this.sim.nowPs);
    this.control?.pulled?.(answer.credit.granted);
    this.control?.reported?.(answer.reports, this.firstUnacked, this.next);
    if (lost) this.control?.lost(this.underWayBytes(), this.sim.nowPs);
    this.note();
    this.nic.kick();
    this.sim.programs?.acknowledged(this.flow);
  }

  /** Packets below the first unacknowledged one. */
  get acknowledgedPackets(): number {
    return this.firstUnacked;
  }

  /** Packets that were sent at least once. */
  get sentPackets(): number {
    return this.sentEnd;
  }

  private advance(expected: number): void {
    const { sim, flow } = this;
    check(expected <= this.sentEnd, "only packets that were sent are acknowledged");
    this.firstUnacked = expected;
    this.borders = this.borders.filter((border) => border > expected);
    this.retries = 0;
    this.wasQuiet = false;
    this.next = Math.max(this.next, expected);
    for (const set of [this.resend, this.held]) {
      for (const number of set) if (number < expected) set.delete(number);
    }
    if (this.firstUnacked === this.sentEnd) this.stopTimer();
    else this.startTimer();
    if (this.firstUnacked === this.packetCount) {
      sim.times.ackedPs[flow] = sim.nowPs;
      sim.ackedFlows += 1;
      sim.endPs = sim.nowPs;
    }
  }

  private resendTrimmed(number: number): boolean {
    if (this.held.has(number) || this.resend.has(number)) return false;
    this.queueAgain(number, false);
    return true;
  }

  /** Returns whether packets below count as lost now. */
  private hold(number: number): boolean {
    const isNew = !this.held.has(number);
    const answersResend = isNew && !this.resend.has(number) && number < this.scan;
    this.held.add(number);
    if (isNew && this.heedsQuiet) {
      this.wasQuiet = false;
      this.startTimer();
    }
    this.resend.delete(number);
    this.highestHeld = Math.max(this.highestHeld, number);
    const queued = this.resend.size;
    const lostBelow = this.highestHeld - this.sim.plan.transport.reorderPackets;
    for (let m = Math.max(this.firstUnacked, this.scan); m <= lostBelow; m++) {
      if (!this.held.has(m)) this.queueAgain(m, false);
      this.scan = m + 1;
    }
    if (answersResend && this.detects) this.moveBorder(number);
    return this.resend.size > queued;
  }

  /** The answer to a resend shows which resends of the same turn, sent before, are lost. */
  private moveBorder(number: number): void {
    const { borders } = this;
    const index = borders.filter((border) => number < border).length;
    if (index === MAX_RESEND_BORDERS) return;
    const lostBelow = number - this.sim.plan.transport.reorderPackets;
    const from = Math.max(this.firstUnacked, borders[index] ?? 0);
    if (lostBelow < from) return;
    for (let m = from; m <= lostBelow; m++) if (!this.held.has(m)) this.queueAgain(m, false);
    borders[index] = lostBelow + 1;
  }

  private get detects(): boolean {
    const { recovery, lostResends } = this.sim.plan.transport;
    return recovery === "selective" && lostResends === "detect";
  }

  private get heedsQuiet(): boolean {
    return this.detects && this.sim.plan.transport.quietPs > 0;
  }

  private resendUnheld(): void {
    this.noteTurn(true);
    for (let m = this.firstUnacked; m < this.next; m++) if (!this.held.has(m)) this.queueAgain(m, true);
    if (!this.detects) return;
    this.scan = this.next;
    this.borders = [];
  }

  private quiet(): void {
    this.timer = null;
    this.wasQuiet = true;
    this.resendUnheld();
    this.toldOfTimeout();
  }

  private toldOfTimeout(): void {
    const { nowPs } = this.sim;
    this.spraying?.timedOut(nowPs);
    this.control?.lost(this.underWayBytes(), nowPs);
    this.startTimer();
    this.note(true);
    this.nic.kick();
  }

  private timeout(): void {
    const { sim, flow } = this;
    const { recovery, retryLimit } = sim.plan.transport;
    this.timer = null;
    sim.totals.timeouts += 1;
    this.retries += 1;
    if (this.retries > retryLimit) {
      sim.failedFlow = sim.failedFlow < 0 ? flow : Math.min(sim.failedFlow, flow);
      return;
    }
    if (recovery === "go-back-n") {
      this.next = this.firstUnacked;
      this.noteTurn(true);
    } else {
      this.resendUnheld();
    }
    this.toldOfTimeout();
  }

  private startTimer(): void {
    this.stopTimer();
    const { sim } = this;
    const { rtoPs, mostRtoPs, quietPs } = sim.plan.transport;
    const timeoutPs = mostRtoPs === null ? rtoPs : Math.min(rtoPs * 2 ** this.retries, mostRtoPs);
    const isQuiet = this.heedsQuiet && !this.wasQuiet && quietPs < timeoutPs;
    const timePs = sim.nowPs + (isQuiet ? quietPs : timeoutPs);
    const moment = { timePs, device: this.nic.device, step: Step.timer, rank: sim.placeOf[this.flow]!, subrank: 0 };
    this.timer = sim.events.schedule(moment, () => (isQuiet ? this.quiet() : this.timeout()));
  }

  private stopTimer(): void {
    if (this.timer !== null) this.timer.cancelled = true;
    this.timer = null;
  }

  payloadBytes(number: number): number {
    const { mtuBytes } = this.nic;
    const inChunk = number % this.packetsPerChunk;
    if (inChunk < this.packetsPerChunk - 1) return mtuBytes;
    return this.sim.plan.flows.chunkBytes[this.flow]! - inChunk * mtuBytes;
  }
}
