import type { Nic } from "./nic.js";
import type { Packet } from "./packet.js";
import type { Simulation } from "./simulation.js";

/** The receiving end of a QP. */
export abstract class Receiver {
  /** Next packet in order that has not come. */
  protected expected = 0;
  /** Packets accepted since the last answer. */
  protected unanswered = 0;
  /** The NIC that the packet came to which is taken. */
  private nic!: Nic;

  constructor(
    protected readonly sim: Simulation,
    readonly flow: number,
    private readonly packetsPerChunk: number,
  ) {}

  /** A packet that was marked has come since the last answer. */
  private marked = false;

  /**
   * Whether as many packets as one answer may tell of, or a mark that must be told at once, wait
   * for an answer.
   */
  protected get isAnswerDue(): boolean {
    const { ackEvery, ackMarked } = this.sim.plan.transport;
    return this.unanswered >= ackEvery || (ackMarked && this.marked);
  }
  private nextCnpPs = 0;

  /** A data packet is processed. */
  take(packet: Packet, nic: Nic): void {
    this.nic = nic;
    if (packet.marked) this.noteMark(packet);
    if (packet.number > this.expected) this.sim.totals.outOfOrder += 1;
    this.receive(packet);
  }

  protected abstract receive(packet: Packet): void;
  /** The header of a trimmed packet is processed. */
  takeTrimmed(packet: Packet, nic: Nic): void {
    this.nic = nic;
    this.miss(packet);
  }

  protected abstract miss(packet: Packet): void;

  private noteMark({ entropy }: Packet): void {
    this.marked = true;
    const { nowPs, plan } = this.sim;
    const control = plan.transport.congestionControl;
    if (control === null || control.cnpIntervalPs === 0 || nowPs < this.nextCnpPs) return;
    this.nextCnpPs = nowPs + control.cnpIntervalPs;
    this.nic.notifyLater(this.flow, entropy, control.kind === "dcqcn" ? control.cnpDelayPs : 0);
  }

  protected accept(): void {
    this.sim.totals.dataDelivered += 1;
    this.unanswered += 1;
  }

  protected discard(): void {
    this.sim.totals.droppedOrdering += 1;
  }

  /** Moves past the expected packet; true if a chunk ended with it, which is then delivered. */
  protected advance(): boolean {
    this.expected += 1;
    if (this.expected % this.packetsPerChunk !== 0) return false;
    this.sim.posting.deliverChunk(this.flow, this.expected / this.packetsPerChunk - 1);
    return true;
  }

  protected sendAck(cause: Packet): void {
    this.unanswered = 0;
    this.answer("ack", cause);
  }

  protected sendNack(cause: Packet): void {
    this.unanswered = 0;
    this.answer("nack", cause);
  }

  private answer(kind: "ack" | "nack", cause: Packet): void {
    const { marked } = this;
    this.marked = false;
    this.nic.answer(kind, this.flow, this.expected, cause, marked);
  }
}

/** Accepts packets in order only. */
export class GoBackNReceiver extends Receiver {
  private mayNack = true;

  protected override receive(packet: Packet): void {
    const { number } = packet;
    if (number === this.expected) {
      this.accept();
      this.mayNack = true;
      const chunkEnded = this.advance();
      if (chunkEnded || this.isAnswerDue) this.sendAck(packet);
      return;
    }
    this.discard();
    if (number < this.expected) {
      this.sendAck(packet);
    } else if (this.mayNack) {
      this.mayNack = false;
      this.sendNack(packet);
    }
  }

  protected override miss(): void {
    throw new Error("go-back-n has no answer to a trimmed packet");
  }
}

/** Places packets out of order; chunks are still delivered in order. */
export class SelectiveReceiver extends Receiver {
  /** Placed packets beyond the expected one. */
  private readonly placed = new Set<number>();

  protected override receive(packet: Packet): void {
    const { number } = packet;
    if (number < this.expected || this.placed.has(number)) {
      this.discard();
      this.sendAck(packet);
      return;
    }
    const inOrder = number === this.expected;
    this.accept();
    this.placed.add(number);
    let chunkEnded = false;
    while (this.placed.delete(this.expected)) {
      if (this.advance()) chunkEnded = true;
    }
    const atOnce = !inOrder || chunkEnded || this.placed.size > 0;
    if (atOnce || this.isAnswerDue) this.sendAck(packet);
  }

  protected override miss(packet: Packet): void {
    if (packet.number >= this.expected && !this.placed.has(packet.number)) this.sendNack(packet);
  }
}
