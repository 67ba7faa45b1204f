import { classOfFlow } from "../../src/plan/flows.js";
import type { NicStall } from "../../src/plan/plan.js";
import { Step } from "./events.js";
import { Fifo } from "./fifo.js";
import { Granter } from "./granter.js";
import { Member } from "./member.js";
import { answerPacket, type Packet } from "./packet.js";
import { Port } from "./port.js";
import type { Sender } from "./sender.js";
import type { Simulation } from "./simulation.js";

/** A NIC: one port, the QPs that send from it, and the ACKs it has to send. */
export class Nic extends Port {
  /** In flow order. */
  readonly senders: Sender[] = [];
  /** By data class; with class 0 all that go in the control class. */
  private readonly answers: readonly Fifo<Packet>[];
  private readonly lastServedFlow: number[];
  private stalled = false;
  /** What came while it stalled. */
  private held: Packet[] = [];
  private readonly granter: Granter | null;
  private bufferBytes = 0;
  /** So far; they leave in the order of their packets. */
  private delayedCnps = 0;

  constructor(
    sim: Simulation,
    device: number,
    number: number,
    /**
     * Between a post and the first packet, and between the arrival of a packet and its processing.
     */
    readonly nicLatencyPs: number,
    readonly mtuBytes: number,
  ) {
    super(sim, device, number, nicLatencyPs);
    this.answers = sim.classes.map(() => new Fifo<Packet>());
    this.lastServedFlow = sim.classes.map(() => -1);
    const { congestionControl } = sim.plan.transport;
    this.granter = congestionControl?.kind === "rccc" ? new Granter(sim, this, congestionControl) : null;
  }

  /** Takes no data packets for a time, and pauses the peer. */
  stallFor({ fromPs, untilPs, bufferBytes }: NicStall): void {
    const { sim } = this;
    this.bufferBytes = bufferBytes;
    const at = { device: this.device, step: Step.stall, rank: this.number, subrank: 0 };
    sim.events.schedule({ timePs: fromPs, ...at }, () => {
      this.stalled = true;
      this.sendFrame("pause", "all");
    });
    if (untilPs === Number.POSITIVE_INFINITY) return;
    sim.events.schedule({ timePs: untilPs, ...at }, () => {
      this.stalled = false;
      this.sendFrame("resume", "all");
      const { held } = this;
      this.held = [];
      for (const packet of held) this.process(packet);
    });
  }

  private hold(packet: Packet): void {
    const heldBytes = this.held.reduce((sum, { accountedBytes }) => sum + accountedBytes, 0);
    if (heldBytes + packet.accountedBytes <= this.bufferBytes) {
      this.held.push(packet);
      return;
    }
    this.sim.log.loses(packet, this.number, "congestion", this.sim.nowPs);
    this.sim.totals.droppedCongestion += 1;
    this.sim.ports.droppedCongestion[this.number]! += 1;
  }

  /** Queues an ACK or NACK to the sender of a flow. */
  answer(kind: "ack" | "nack", flow: number, expected: number, cause: Packet, marked: boolean): void {
    const { sim } = this;
    sim.totals.acksSent += 1;
    if (kind === "nack") sim.totals.nacksSent += 1;
    const destination = this.addressOf(flow);
    const { number, sentPs, entropy, reports } = cause;
    const credit = { ...cause.credit, granted: this.granter?.grantedFor(cause) ?? 0 };
    const answer = answerPacket(sim.plan.wire, kind, flow, expected, number, destination);
    this.queueAnswer({ ...answer, marked, sentPs, entropy, reports, credit });
  }

  /** Address of the sender of a flow. */
  private addressOf(flow: number): number {
    return this.sim.senders[flow]!.address;
  }

  /** Queues a congestion notification after a delay, if there is one. */
  notifyLater(flow: number, entropy: number, delayPs: number): void {
    if (delayPs === 0) {
      this.notify(flow, entropy);
      return;
    }
    const { sim, device, number } = this;
    const rank = 2 * sim.plan.flows.count + number;
    this.delayedCnps += 1;
    const moment = { timePs: sim.nowPs + delayPs, device, step: Step.timer, rank, subrank: this.delayedCnps };
    sim.events.schedule(moment, () => this.notify(flow, entropy));
  }

  /** Queues a congestion notification to the sender of a flow. */
  private notify(flow: number, entropy: number): void {
    const { sim } = this;
    sim.totals.cnpsSent += 1;
    const cnp = answerPacket(sim.plan.wire, "cnp", flow, 0, -1, this.addressOf(flow));
    this.queueAnswer({ ...cnp, entropy });
  }

  /** Queues credit for the sender of a flow. */
  pull(flow: number, granted: number): void {
    const { sim } = this;
    sim.totals.pullsSent += 1;
    const packet = answerPacket(sim.plan.wire, "pull", flow, 0, -1, this.addressOf(flow));
    packet.credit.granted = granted;
    this.queueAnswer(packet);
  }

  /** Queues an empty packet of an operation. */
  queueEmpty(packet: Packet): void {
    this.queueAnswer(packet);
  }

  protected override waitingFlows(dataClass: number): number[] {
    const { plan } = this.sim;
    const answers = plan.wire.ackClass === "control" ? [] : this.answers[dataClass]!.all().slice(0, 64);
    const sendable = this.senders.filter((sender) => sender.isSendable()).slice(0, 64);
    const ofClass = sendable.filter(({ flow }) => classOfFlow(plan.flows, flow) === dataClass);
    return [...answers, ...ofClass].map(({ flow }) => flow);
  }

  private queueAnswer(packet: Packet): void {
    this.answers[packet.trafficClass === "control" ? 0 : this.sim.classOf(packet)]!.push(packet);
    this.kick();
  }

  queuedPackets(): number {
    return this.framesWaiting + this.answers.reduce((sum, { length }) => sum + length, 0) + this.held.length;
  }

  protected override started(packet: Packet): void {
    if (packet.kind !== "data") return;
    const { programs, senders } = this.sim;
    senders[packet.flow]!.noteSent(packet);
    programs?.sent(packet.flow, senders[packet.flow]!.sentPackets, this.transmissionEndPs);
  }

  protected override queueFrame(packet: Packet): void {
    this.pushFrame(packet);
    this.kick();
  }

  protected override takeNext(): Packet | undefined {
    const frame = this.nextFrame();
    if (frame !== undefined) return frame;
    if (this.sim.plan.wire.ackClass === "control" && this.answers[0]!.length > 0) return this.answers[0]!.shift();
    const dataClass = this.takeTurn((candidate) => this.nextBytes(candidate));
    if (dataClass === undefined) return undefined;
    const answer = this.answers[dataClass]!.shift();
    if (answer !== undefined) return answer;
    const sender = this.nextSender(dataClass)!;
    this.lastServedFlow[dataClass] = sender.flow;
    return sender.takePacket();
  }

  /** Accounted bytes of what the data class would send next. */
  private nextBytes(dataClass: number): number | undefined {
    const { ackBytes, headerBytes } = this.sim.plan.wire;
    if (this.answers[dataClass]!.length > 0) return ackBytes;
    const sender = this.nextSender(dataClass);
    return sender === undefined ? undefined : sender.nextPayloadBytes() + headerBytes;
  }

  private nextSender(dataClass: number): Sender | undefined {
    const sendable = this.senders.filter(
      (sender) => classOfFlow(this.sim.plan.flows, sender.flow) === dataClass && sender.isSendable(),
    );
    return sendable.find(({ flow }) => flow > this.lastServedFlow[dataClass]!) ?? sendable[0];
  }

  protected override process(packet: Packet): void {
    const { sim } = this;
    if (this.stalled && packet.trafficClass === "data") {
      this.hold(packet);
      return;
    }
    this.freeCredit(packet);
    const sender = sim.senders[packet.flow];
    if (sender instanceof Member) {
      sender.comeBack(packet);
      return;
    }
    if (packet.kind !== "data") this.granter?.overhear(packet);
    if (packet.kind === "data") {
      sim.log.processing = packet;
      sim.receivers[packet.flow]!.take(packet, this);
      this.granter?.heard(packet);
      return;
    }
    if (packet.kind === "trimmed") {
      sim.totals.trimmedReceived += 1;
      sim.receivers[packet.flow]!.takeTrimmed(packet, this);
      this.granter?.heard(packet);
      return;
    }
    if (packet.kind === "cnp") {
      sim.totals.cnpsReceived += 1;
      sim.senders[packet.flow]!.notified();
      return;
    }
    if (packet.kind === "pull") {
      sim.totals.pullsReceived += 1;
      sim.senders[packet.flow]!.pulled(packet);
      return;
    }
    sim.totals.acksReceived += 1;
    sim.senders[packet.flow]!.acknowledge(packet);
  }
}
