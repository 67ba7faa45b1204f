import type { RcccControl } from "../../src/plan/congestion.js";
import { check } from "./check.js";
import { type Event, Step } from "./events.js";
import type { Nic } from "./nic.js";
import type { Packet } from "./packet.js";
import { inQuanta, mostUnderWay, QUANTUM_BYTES, roundTripQuanta } from "./rccc.js";
import type { Simulation } from "./simulation.js";

/** A QP's credit, in quanta since its beginning, as its receiver sees it. */
interface Grant {
  readonly flow: number;
  spent: number;
  wanted: number;
  granted: number;
  /** Speculative credit of the sender; unknown until a packet is heard. */
  unasked: number | null;
}

/** What a NIC grants to the QPs that send to it: MODEL §10, rccc. */
export class Granter {
  private readonly grants = new Map<number, Grant>();
  private readonly wanting: Grant[] = [];
  private readonly sparing: Grant[] = [];
  private turn: Event | null = null;
  /** Until then its grants take the link, and speculative data may take it. */
  private paidPs = 0;
  private bookedPs = 0;
  /** Of the NIC's link at the start of the run. */
  private readonly psPerByte: number;
  private readonly spare: number;
  private readonly mostUnderWay: number;

  constructor(
    private readonly sim: Simulation,
    private readonly nic: Nic,
    private readonly p: RcccControl,
  ) {
    this.psPerByte = nic.psPerByte;
    this.spare = roundTripQuanta(p.speculativeShare, p.baseRttPs, nic.psPerByte);
    this.mostUnderWay = mostUnderWay(p, nic.psPerByte);
  }

  /** What an answer to the packet says. */
  grantedFor({ flow, credit }: Packet): number {
    return Math.max(credit.granted, this.grantOf(flow).granted);
  }

  /** A packet that is not data is processed. */
  overhear({ wireBytes }: Packet): void {
    this.paidPs += Math.floor(wireBytes * this.psPerByte);
    if (this.turn !== null) this.lookForTurn();
  }

  /** A data packet has been received. */
  heard({ flow, credit }: Packet): void {
    const grant = this.grantOf(flow);
    grant.granted = Math.max(grant.granted, credit.granted);
    if (inQuanta(credit.spentBytes) > grant.spent) {
      grant.spent = inQuanta(credit.spentBytes);
      grant.wanted = inQuanta(credit.wantedBytes);
    }
    if (this.isComplete(flow)) grant.wanted = grant.spent;
    if (grant.unasked === null) {
      grant.unasked = credit.granted;
      const bookedPs = Math.floor(stillToCome(grant) * (this.psPerByte * QUANTUM_BYTES));
      this.bookedPs = Math.max(this.bookedPs, this.sim.nowPs) + bookedPs;
    }
    this.queue(grant);
    this.lookForTurn();
  }

  private lookForTurn(): void {
    if (this.turn !== null) this.turn.cancelled = true;
    this.turn = null;
    if (this.wanting.length === 0 && this.sparing.length === 0) return;
    const { sim, nic } = this;
    const timePs = Math.max(sim.nowPs, this.paidPs, this.isHeldBack() ? this.bookedPs : 0);
    const rank = 2 * sim.plan.flows.count + sim.plan.fabric.peerPort.length + nic.number;
    const moment = { timePs, device: nic.device, step: Step.timer, rank, subrank: 0 };
    this.turn = sim.events.schedule(moment, () => this.grantNext());
  }

  private grantNext(): void {
    this.turn = null;
    const grant = this.takeFirst();
    if (grant === undefined) return;
    const most = grant.granted < grant.wanted ? grant.wanted : grant.wanted + this.spare;
    const more = Math.min(this.p.pullQuanta, most - grant.granted);
    check(more > 0, "a pull grants something");
    grant.granted += more;
    this.paidPs = this.sim.nowPs + Math.floor(more * (this.psPerByte * QUANTUM_BYTES));
    this.queue(grant);
    this.nic.pull(grant.flow, grant.granted);
    this.lookForTurn();
  }

  private takeFirst(): Grant | undefined {
    for (let grant = this.wanting.shift(); grant !== undefined; grant = this.wanting.shift()) {
      if (grant.granted < grant.wanted) return grant;
    }
    for (let grant = this.sparing.shift(); grant !== undefined; grant = this.sparing.shift()) {
      if (this.mayHaveSpare(grant)) return grant;
    }
    return undefined;
  }

  private queue(grant: Grant): void {
    if (grant.granted < grant.wanted) {
      if (!this.wanting.includes(grant)) this.wanting.push(grant);
    } else if (this.mayHaveSpare(grant) && !this.sparing.includes(grant)) {
      this.sparing.push(grant);
    }
  }

  private mayHaveSpare({ flow, granted, wanted }: Grant): boolean {
    return !this.isComplete(flow) && granted >= wanted && granted < wanted + this.spare;
  }

  private isHeldBack(): boolean {
    if (this.wanting.length === 0 || this.sim.nowPs >= this.bookedPs) return false;
    const unasked = [...this.grants.values()].reduce((sum, grant) => sum + stillToCome(grant), 0);
    return unasked >= this.mostUnderWay;
  }

  private isComplete(flow: number): boolean {
    return this.sim.posting.chunksDelivered[flow] === this.sim.plan.flows.chunks[flow];
  }

  private grantOf(flow: number): Grant {
    const grant = this.grants.get(flow) ?? { flow, spent: 0, wanted: 0, granted: 0, unasked: null };
    this.grants.set(flow, grant);
    return grant;
  }
}

/** Sent unasked, and not heard of yet. */
function stillToCome({ spent, wanted, unasked }: Grant): number {
  return Math.max(0, Math.min(unasked ?? 0, wanted) - spent);
}
