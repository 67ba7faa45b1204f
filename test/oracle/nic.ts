import type { NicStall } from "../../src/plan/plan.js";
import { Step } from "./events.js";
import { Fifo } from "./fifo.js";
import { Granter } from "./granter.js";
import { answerPacket, type Packet } from "./packet.js";
import { Port } from "./port.js";
import type { Sender } from "./sender.js";
import type { Simulation } from "./simulation.js";

/** A NIC: one port, the QPs that send from it, and the ACKs it has to send. */
export class Nic extends Port {
  /** In flow order. */
  readonly senders: Sender[] = [];
  private readonly answers = new Fifo<Packet>();
  private lastServedFlow = -1;
  private stalled = false;
  /** What came while it stalled. */
  private held: Packet[] = [];
  private readonly granter: Granter | null;
  private bufferBytes = 0;

  constructor(
    sim: Simulation,
    device: number,
    number: number,
    /** Between a post and the first packet, and between the arrival of a packet and its processing. */
    readonly nicLatencyPs: number,
    readonly address: number,
    readonly mtuBytes: number,
  ) {
    super(sim, device, number, nicLatencyPs);
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
      this.sendFrame("pause");
    });
    if (untilPs === Number.POSITIVE_INFINITY) return;
    sim.events.schedule({ timePs: untilPs, ...at }, () => {
      this.stalled = false;
      this.sendFrame("resume");
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
    this.sim.totals.droppedCongestion += 1;
    this.sim.ports.droppedCongestion[this.number]! += 1;
  }

  /** Queues an ACK or NACK to the sender of a flow. */
  answer(kind: "ack" | "nack", flow: number, expected: number, cause: Packet, marked: boolean): void {
    const { sim } = this;
    sim.totals.acksSent += 1;
    if (kind === "nack") sim.totals.nacksSent += 1;
    const destination = sim.senders[flow]!.nic.address;
    const { number, sentPs, entropy, reports } = cause;
    const credit = { ...cause.credit, granted: this.granter?.grantedFor(cause) ?? 0 };
    const answer = answerPacket(sim.plan.wire, kind, flow, expected, number, destination);
    this.answers.push({ ...answer, marked, sentPs, entropy, reports, credit });
    this.kick();
  }

  /** Queues a congestion notification to the sender of a flow. */
  notify(flow: number, entropy: number): void {
    const { sim } = this;
    sim.totals.cnpsSent += 1;
    const cnp = answerPacket(sim.plan.wire, "cnp", flow, 0, -1, sim.senders[flow]!.nic.address);
    this.answers.push({ ...cnp, entropy });
    this.kick();
  }

  /** Queues credit for the sender of a flow. */
  pull(flow: number, granted: number): void {
    const { sim } = this;
    sim.totals.pullsSent += 1;
    const packet = answerPacket(sim.plan.wire, "pull", flow, 0, -1, sim.senders[flow]!.nic.address);
    packet.credit.granted = granted;
    this.answers.push(packet);
    this.kick();
  }

  queuedPackets(): number {
    return this.frames.length + this.answers.length + this.held.length;
  }

  protected override queueFrame(packet: Packet): void {
    this.frames.push(packet);
    this.kick();
  }

  protected override takeNext(): Packet | undefined {
    const { ackClass, ackBytes, headerBytes } = this.sim.plan.wire;
    if (this.frames.length > 0) return this.frames.shift();
    if (ackClass === "control" && this.answers.length > 0) return this.answers.shift();
    if (this.holdsData) return undefined;
    if (this.answers.length > 0) return this.hasCredit(ackBytes) ? this.answers.shift() : undefined;
    const sendable = this.senders.filter((sender) => sender.isSendable());
    const sender = sendable.find((candidate) => candidate.flow > this.lastServedFlow) ?? sendable[0];
    if (sender === undefined) return undefined;
    if (!this.hasCredit(sender.nextPayloadBytes() + headerBytes)) return undefined;
    this.lastServedFlow = sender.flow;
    return sender.takePacket();
  }

  protected override process(packet: Packet): void {
    const { sim } = this;
    if (this.stalled && packet.trafficClass === "data") {
      this.hold(packet);
      return;
    }
    this.freeCredit(packet);
    if (packet.kind === "data") {
      sim.receivers[packet.flow]!.take(packet);
      this.granter?.heard(packet);
      return;
    }
    if (packet.kind === "trimmed") {
      sim.totals.trimmedReceived += 1;
      sim.receivers[packet.flow]!.miss(packet);
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
