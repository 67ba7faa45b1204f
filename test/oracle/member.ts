import { answerPacket, dataPacket, type Packet } from "./packet.js";
import { Sender } from "./sender.js";

/** A member of an operation that switches reduce: MODEL §12. */
export class Member extends Sender {
  override post(chunks: number): void {
    this.postedChunks = Math.max(this.postedChunks, chunks);
    this.goOn();
  }

  override isSendable(): boolean {
    return this.contributes && this.mayGoOn();
  }

  override takePacket(): Packet {
    const { sim, flow } = this;
    const number = this.next++;
    sim.totals.dataSent += 1;
    return dataPacket(sim.plan.wire, flow, number, this.payloadBytes(number), -1);
  }

  /** A packet of the operation is processed. */
  comeBack(packet: Packet): void {
    const { sim, flow } = this;
    const isFull = packet.kind === "data";
    if (!isFull) sim.totals.acksReceived += 1;
    if (packet.number !== this.firstUnacked) {
      if (isFull) sim.totals.droppedOrdering += 1;
      return;
    }
    if (isFull) sim.totals.dataDelivered += 1;
    const end = packet.number + 1;
    if (end % this.packetsPerChunk === 0) sim.posting.deliverChunk(flow, end / this.packetsPerChunk - 1);
    this.firstUnacked = end;
    if (end === this.packetCount) {
      sim.times.ackedPs[flow] = sim.nowPs;
      sim.ackedFlows += 1;
      sim.endPs = sim.nowPs;
    }
    this.goOn();
  }

  private goOn(): void {
    while (!this.contributes && this.mayGoOn()) {
      this.sim.totals.acksSent += 1;
      this.nic.queueEmpty(answerPacket(this.sim.plan.wire, "ack", this.flow, this.next++, -1, -1));
    }
    this.nic.kick();
  }

  private mayGoOn(): boolean {
    const { operationOf, windowPackets } = this.sim.plan.reduction!;
    const isPosted = this.next < this.postedChunks * this.packetsPerChunk;
    return isPosted && this.next - this.firstUnacked < windowPackets[operationOf[this.flow]!]!;
  }

  private get contributes(): boolean {
    return this.sim.plan.reduction!.contributes[this.flow] === 1;
  }
}
