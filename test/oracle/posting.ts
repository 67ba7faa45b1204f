import type { MoveChange } from "../../src/plan/changes.js";
import { delayOfFlow } from "../../src/plan/flows.js";
import { check } from "./check.js";
import { type Event, Step } from "./events.js";
import type { Nic } from "./nic.js";
import type { Simulation } from "./simulation.js";

/** Starts flows, and posts the chunks that deliveries allow. */
export class Posting {
  readonly chunksDelivered: Uint32Array;
  private readonly chunksAllowed: Uint32Array;
  private readonly isStarted: boolean[];
  /** Flows that wait for each flow, in flow order. */
  private readonly downstream: number[][];
  /** When the last chunks of a flow become sendable that its program has allowed. */
  private readonly postedPs: Float64Array;
  private triggered = 0;
  /** Posts of each flow that wait for their time. */
  private readonly waiting: Map<Event, () => void>[];

  constructor(private readonly sim: Simulation) {
    const { flows } = sim.plan;
    this.chunksDelivered = new Uint32Array(flows.count);
    this.chunksAllowed = new Uint32Array(flows.count);
    this.postedPs = new Float64Array(flows.count);
    this.isStarted = new Array<boolean>(flows.count).fill(false);
    this.downstream = Array.from({ length: flows.count }, () => []);
    this.waiting = Array.from({ length: flows.count }, () => new Map());
    for (let flow = 0; flow < flows.count; flow++) {
      for (const { upstream } of this.dependencies(flow)) {
        check(
          this.rankOf(flows.dstNic[upstream]!) === this.rankOf(flows.srcNic[flow]!),
          "a flow waits at its own rank",
        );
        if (!this.downstream[upstream]!.includes(flow)) this.downstream[upstream]!.push(flow);
      }
      if (sim.programs !== null && sim.programs.reachedAt(flow) !== null) sim.times.startPs[flow] = Number.NaN;
      else this.at(flow, flows.startPs[flow]!, Step.start, flow, () => this.start(flow));
    }
  }

  /** The program of the rank where a flow starts has reached the next operation. */
  reach(flow: number): void {
    const { sim } = this;
    if (!this.isStarted[flow]) sim.times.startPs[flow] = sim.nowPs;
    this.isStarted[flow] = true;
    this.postInTurn(flow, sim.senders[flow]!.nic.nicLatencyPs);
  }

  /** Of a program's flow, chunks become sendable in their order. */
  private postInTurn(flow: number, ownDelayPs: number): void {
    const { sim } = this;
    const isOfProgram = sim.programs !== null && sim.programs.reachedAt(flow) !== null;
    const timePs = isOfProgram ? Math.max(sim.nowPs + ownDelayPs, this.postedPs[flow]!) : sim.nowPs + ownDelayPs;
    this.postAllowed(
      flow,
      timePs - sim.nowPs,
      (post) => this.postAt(flow, timePs, Step.dependencyPost, this.triggered++, post),
      timePs,
    );
  }

  private start(flow: number): void {
    const { sim } = this;
    this.isStarted[flow] = true;
    const delayPs = sim.senders[flow]!.nic.nicLatencyPs;
    this.postAllowed(flow, delayPs, (post) => this.postAt(flow, sim.nowPs + delayPs, Step.start, flow, post));
  }

  /** A queue pair goes on over other NICs: MODEL §7. */
  move({ flow, dstNic, away }: MoveChange, nic: Nic): void {
    const { sim } = this;
    const sender = sim.senders[flow]!;
    const { address } = sim.plan.fabric.nics;
    if (sender.nic !== nic) {
      const waiting = [...this.waiting[flow]!];
      this.waiting[flow]!.clear();
      for (const [event, post] of waiting) {
        event.cancelled = true;
        this.postAt(flow, event.timePs, Step.dependencyPost, this.triggered++, post);
      }
    }
    sender.move(nic, address[dstNic]!, away);
    this.postAt(flow, sim.nowPs, Step.dependencyPost, this.triggered++, () => sender.post(0));
  }

  private postAt(flow: number, timePs: number, step: number, rank: number, post: () => void): void {
    const event = this.at(flow, timePs, step, rank, () => {
      this.waiting[flow]!.delete(event);
      post();
    });
    this.waiting[flow]!.set(event, post);
  }

  /** A chunk is delivered to the rank: passes it to the flows that wait for it. */
  deliverChunk(flow: number, chunk: number): void {
    const { sim } = this;
    check(chunk === this.chunksDelivered[flow], "each chunk is delivered once, in order");
    this.chunksDelivered[flow] = chunk + 1;
    sim.endPs = sim.nowPs;
    sim.log.delivers(flow, chunk, sim.nowPs);
    if (chunk + 1 === sim.plan.flows.chunks[flow]) sim.times.finishPs[flow] = sim.nowPs;
    for (const waiting of this.downstream[flow]!) {
      if (!this.isStarted[waiting]) continue;
      const delayPs = delayOfFlow(sim.plan.flows, waiting) + sim.senders[waiting]!.nic.nicLatencyPs;
      this.postInTurn(waiting, delayPs);
    }
    sim.programs?.delivered(flow);
  }

  private postAllowed(flow: number, delayPs: number, later: (post: () => void) => void, timePs = 0): void {
    const allowed = this.allowedNow(flow);
    if (allowed === this.chunksAllowed[flow]) return;
    this.chunksAllowed[flow] = allowed;
    this.postedPs[flow] = timePs;
    const post = () => this.sim.senders[flow]!.post(allowed);
    if (delayPs === 0) post();
    else later(post);
  }

  private allowedNow(flow: number): number {
    const { programs, plan } = this.sim;
    const reached = programs?.reachedAt(flow) ?? null;
    const chunks = (f: number) => (reached === null ? plan.flows.chunks[f]! : programs!.chunksOf(f));
    const end = reached === null ? chunks(flow) : reached * chunks(flow);
    const dependencies = this.dependencies(flow);
    const isAllowed = (chunk: number) =>
      dependencies.every(({ upstream, lag }) => {
        const operation = Math.floor(chunk / chunks(flow));
        const within = (chunk % chunks(flow)) - lag;
        const needed = operation * chunks(upstream) + Math.min(within, chunks(upstream) - 1);
        return within < 0 || this.chunksDelivered[upstream]! > needed;
      });
    let allowed = this.chunksAllowed[flow]!;
    while (allowed < end && isAllowed(allowed)) allowed += 1;
    return allowed;
  }

  private dependencies(flow: number): { upstream: number; lag: number }[] {
    const { upFirst, upFlow, upLag } = this.sim.plan.flows;
    const entries = [];
    for (let i = upFirst[flow]!; i < upFirst[flow + 1]!; i++) entries.push({ upstream: upFlow[i]!, lag: upLag[i]! });
    return entries;
  }

  private rankOf(nic: number): number {
    return this.sim.plan.fabric.nics.rank[nic]!;
  }

  private at(flow: number, timePs: number, step: number, rank: number, action: () => void): Event {
    const { device } = this.sim.senders[flow]!.nic;
    return this.sim.events.schedule({ timePs, device, step, rank, subrank: 0 }, action);
  }
}
