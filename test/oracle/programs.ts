import type { ProgramOutcome, StreamState, TimelineEntry } from "../../src/plan/program-outcome.js";
import { MAX_WAITING } from "../../src/plan/program-outcome.js";
import type { Instruction, OperationEnd, Programs as Plan, Role } from "../../src/plan/programs.js";
import { check } from "./check.js";
import { Step } from "./events.js";
import { Graph, type GraphNode } from "./graphs.js";
import { Draws, Purpose } from "./random.js";
import type { Simulation } from "./simulation.js";

/** What a stream halts for; also what it does meanwhile. */
type Halt =
  | { readonly kind: "computing"; readonly label: number; readonly durationPs: number }
  | { readonly kind: "operation"; readonly label: number; readonly member: Member; readonly slot: number }
  | { readonly kind: "waiting"; readonly signal: number };

/** The programs of a run: MODEL §11. */
export class Programs {
  readonly ranks: readonly ProgramRank[];
  /** Members of communicators by flow: where it starts, and where it ends. */
  private readonly source = new Map<number, Member>();
  private readonly destination = new Map<number, Member>();
  readonly labels: { count: number; totalPs: number; mostPs: number; exposedPs: number }[];

  constructor(
    readonly sim: Simulation,
    readonly plan: Plan,
  ) {
    this.labels = plan.labels.map(() => ({ count: 0, totalPs: 0, mostPs: 0, exposedPs: 0 }));
    let streams = 0;
    this.ranks = Array.from({ length: plan.ranks.count }, (_, number) => {
      const rank = new ProgramRank(this, number, streams);
      streams += rank.streams.length;
      return rank;
    });
    for (const { members } of this.ranks) {
      for (const member of members) {
        for (const flow of member.out) this.source.set(flow, member);
        for (const flow of member.in) this.destination.set(flow, member);
      }
    }
  }

  /** Operations of its communicator that the source rank of a flow has reached; null for flows of none. */
  reachedAt(flow: number): number | null {
    if (this.communicatorOf(flow) < 0) return null;
    return this.source.get(flow)?.reached ?? 0;
  }

  /** Chunks of a flow in each operation. */
  chunksOf(flow: number): number {
    const { chunks } = this.sim.plan.flows;
    return chunks[flow]! / this.plan.communicators.operations[this.communicatorOf(flow)]!;
  }

  private communicatorOf(flow: number): number {
    const { firstFlow, count } = this.plan.communicators;
    for (let c = 0; c < count; c++) if (firstFlow[c]! <= flow && flow < firstFlow[c + 1]!) return c;
    return -1;
  }

  delivered(flow: number): void {
    this.destination.get(flow)?.progress();
  }

  acknowledged(flow: number): void {
    this.source.get(flow)?.progress();
  }

  /** All packets of a flow below `packets` have been sent, the last one until `endPs`. */
  sent(flow: number, packets: number, endPs: number): void {
    this.source.get(flow)?.transmitted(flow, packets, endPs);
  }

  get allEnded(): boolean {
    return this.ranks.every(({ finishPs }) => !Number.isNaN(finishPs));
  }

  outcome(): ProgramOutcome {
    const column = (of: (rank: ProgramRank) => number) => Float64Array.from(this.ranks, of);
    return {
      ranks: {
        finishPs: column(({ finishPs }) => finishPs),
        computePs: column(({ computePs }) => computePs),
        exposedPs: column(({ exposedPs }) => exposedPs),
      },
      labels: this.labels.map(({ totalPs, exposedPs, ...times }) => {
        return { ...times, totalPs: BigInt(totalPs), exposedPs: BigInt(exposedPs) };
      }),
      timelines: this.plan.recorded.map((programRank) => {
        const { entries } = this.ranks[programRank]!;
        const { recordLimit } = this.plan;
        return {
          programRank,
          entries: entries.slice(0, recordLimit),
          dropped: Math.max(0, entries.length - recordLimit),
        };
      }),
      waiting: this.ranks.flatMap((rank) => rank.told()).slice(0, MAX_WAITING),
    };
  }
}

class ProgramRank {
  readonly role: Role;
  readonly members: readonly Member[];
  readonly streams: readonly Stream[];
  /** In place of the streams' instructions. */
  readonly graph: Graph | null = null;
  readonly signals: number[];
  readonly entries: TimelineEntry[] = [];
  readonly device: number;
  finishPs = Number.NaN;
  computePs = 0;
  exposedPs = 0;
  private sincePs: number;

  constructor(
    readonly programs: Programs,
    readonly number: number,
    readonly firstStream: number,
  ) {
    const { plan, sim } = programs;
    const { rank, role, startPs, slotFirst, slots } = plan.ranks;
    this.role = plan.roles[role[number]!]!;
    this.signals = new Array<number>(this.role.signalCount).fill(0);
    const { nics, firstPort } = sim.plan.fabric;
    const port = nics.port[nics.rank.indexOf(rank[number]!)]!;
    this.device = firstPort.findIndex((first, device) => port >= first && port < firstPort[device + 1]!);
    this.members = Array.from(slots.subarray(slotFirst[number]!, slotFirst[number + 1]!), (communicator, slot) => {
      return new Member(this, slotFirst[number]! + slot, communicator, rank[number]!);
    });
    this.streams = this.role.streams.map(({ instructions }, index) => new Stream(this, index, instructions));
    this.sincePs = startPs[number]!;
    if (this.role.graph !== undefined) {
      this.graph = new Graph(this.graphHost(), this.role);
      this.at(startPs[number]!, null);
      return;
    }
    for (const stream of this.streams) this.at(startPs[number]!, stream);
  }

  private graphHost() {
    const { programs, members, number, firstStream } = this;
    const { sim } = programs;
    return {
      number,
      firstStream,
      seed: sim.plan.seed,
      get nowPs() {
        return sim.nowPs;
      },
      durationPs: (asGivenPs: number, draws: Draws) => this.durationPs(asGivenPs, draws),
      reach: (slot: number, node: GraphNode, ends: OperationEnd) => {
        members[slot]!.reach(node, ends);
        return members[slot]!.awaits();
      },
      reached: (slot: number) => members[slot]!.reached,
      at: (timePs: number, node: GraphNode) => this.at(timePs, node),
      recordEnd: (stream: number, label: number, startPs: number) => this.recordEnd(stream, label, startPs),
    };
  }

  durationPs(asGivenPs: number, draws: Draws): number {
    const { ranks } = this.programs.plan;
    const factor = ranks.computeFactor[this.number]!;
    const jitter = ranks.jitter[this.number]!;
    const scale = jitter === 0 ? factor : factor * (1 + jitter * (2 * (draws.next32() / 2 ** 32) - 1));
    return Math.floor(asGivenPs * scale + 0.5);
  }

  recordEnd(stream: number, label: number, startPs: number): void {
    const endPs = this.programs.sim.nowPs;
    const times = this.programs.labels[label]!;
    times.count += 1;
    times.totalPs += endPs - startPs;
    times.mostPs = Math.max(times.mostPs, endPs - startPs);
    this.entries.push({ stream, label, startPs, endPs });
  }

  /** Where it stands; nothing where it has ended. */
  told() {
    if (!Number.isNaN(this.finishPs)) return [];
    if (this.graph !== null) return this.graph.told();
    return this.streams.filter(({ state }) => state !== "ended").map((stream) => stream.told());
  }

  /** Lets a stream or node go on at a time, as an event of its own; null starts a graph. */
  at(timePs: number, stream: Waiter | null): void {
    const moment = {
      timePs,
      device: this.device,
      step: Step.program,
      rank: this.firstStream + (stream?.index ?? 0),
      subrank: 0,
    };
    this.programs.sim.events.schedule(moment, () => this.goOn(stream));
  }

  /** What the stream has halted for has come. */
  goOn(stream: Waiter | null): void {
    this.account();
    if (!(stream instanceof Stream)) {
      this.graph!.goOn(stream);
      if (!this.graph!.hasEnded) return;
      this.finishPs = this.programs.sim.nowPs;
      this.programs.sim.endPs = this.finishPs;
      return;
    }
    stream.isReady = true;
    for (;;) {
      const next = this.streams.find(({ isReady }) => isReady);
      if (next === undefined) break;
      next.execute();
    }
    if (this.streams.every(({ state }) => state === "ended")) {
      this.finishPs = this.programs.sim.nowPs;
      this.programs.sim.endPs = this.finishPs;
    }
  }

  /** Attributes the time since the last event. */
  private account(): void {
    const { nowPs } = this.programs.sim;
    const passedPs = nowPs - this.sincePs;
    this.sincePs = nowPs;
    if (this.graph?.isComputing ?? this.streams.some(({ state }) => state === "computing")) {
      this.computePs += passedPs;
      return;
    }
    const label = this.graph === null ? this.blamed() : this.graph.blamed;
    if (label === undefined) return;
    this.exposedPs += passedPs;
    this.programs.labels[label]!.exposedPs += passedPs;
  }

  private blamed(): number | undefined {
    let stream = this.streams.find(({ state }) => state !== "ended");
    for (let step = 0; step <= this.streams.length && stream !== undefined; step++) {
      const { halt } = stream;
      if (halt?.kind === "operation") return halt.label;
      if (halt?.kind !== "waiting") break;
      const { signal } = halt;
      stream = this.streams.find(({ instructions }) => signals(instructions, signal));
    }
    return this.streams.find(({ state }) => state === "operation")?.label;
  }
}

function signals(instructions: readonly Instruction[], signal: number): boolean {
  return instructions.some((instruction) =>
    instruction.kind === "loop"
      ? signals(instruction.body, signal)
      : instruction.kind === "signal" && instruction.signal === signal,
  );
}

/** What waits for an operation, or for a time. */
type Waiter = Stream | GraphNode;

class Stream {
  isReady = false;
  state: StreamState = "starting";
  halt: Halt | undefined;
  private readonly steps: Generator<Halt, void>;
  private readonly draws: Draws;
  private sincePs = 0;

  constructor(
    private readonly rank: ProgramRank,
    readonly index: number,
    readonly instructions: readonly Instruction[],
  ) {
    this.steps = this.run(instructions);
    this.draws = new Draws(rank.programs.sim.plan.seed, Purpose.durations, rank.firstStream + index);
  }

  get label(): number {
    return this.halt === undefined || this.halt.kind === "waiting" ? -1 : this.halt.label;
  }

  /** Executes until it halts. */
  execute(): void {
    const { sim } = this.rank.programs;
    this.isReady = false;
    if (this.halt !== undefined && this.halt.kind !== "waiting") this.recordEnd(this.halt.label, this.sincePs);
    this.halt = undefined;
    this.state = "starting";
    const { value, done } = this.steps.next();
    if (done) {
      this.state = "ended";
      return;
    }
    this.halt = value as Halt;
    this.state = this.halt.kind;
    this.sincePs = sim.nowPs;
    if (this.halt.kind === "computing") this.rank.at(sim.nowPs + this.halt.durationPs, this);
  }

  private *run(instructions: readonly Instruction[]): Generator<Halt, void> {
    const { rank } = this;
    for (const instruction of instructions) {
      switch (instruction.kind) {
        case "compute": {
          const durationPs = rank.durationPs(instruction.durationPs, this.draws);
          if (durationPs === 0) this.recordEnd(instruction.label, rank.programs.sim.nowPs);
          else yield { kind: "computing", label: instruction.label, durationPs };
          break;
        }
        case "operation": {
          const member = rank.members[instruction.slot]!;
          member.reach(this, instruction.ends);
          if (member.awaits()) yield { kind: "operation", label: instruction.label, member, slot: instruction.slot };
          else this.recordEnd(instruction.label, rank.programs.sim.nowPs);
          break;
        }
        case "signal":
          rank.signals[instruction.signal]! += 1;
          for (const stream of rank.streams) {
            if (stream.halt?.kind === "waiting" && stream.halt.signal === instruction.signal) stream.isReady = true;
          }
          break;
        case "wait":
          while (rank.signals[instruction.signal] === 0) yield { kind: "waiting", signal: instruction.signal };
          rank.signals[instruction.signal]! -= 1;
          break;
        case "loop":
          for (let i = 0; i < instruction.count; i++) yield* this.run(instruction.body);
          break;
      }
    }
  }

  private recordEnd(label: number, startPs: number): void {
    this.rank.recordEnd(this.index, label, startPs);
  }

  told() {
    const { halt, state, index, label } = this;
    const operand = halt?.kind === "operation" ? halt.slot : halt?.kind === "waiting" ? halt.signal : -1;
    const operation = halt?.kind === "operation" ? halt.member.reached - 1 : -1;
    return { programRank: this.rank.number, stream: index, state, label, operand, operation };
  }
}

/** A program rank in a communicator. */
class Member {
  readonly out: readonly number[];
  readonly in: readonly number[];
  reached = 0;
  private stream: Waiter | null = null;
  private ends: OperationEnd = "delivered";
  /** By flow: packets sent at least once. */
  private readonly sent = new Map<number, number>();
  /** End of the last transmission that was awaited. */
  private sentPs = 0;

  constructor(
    private readonly rank: ProgramRank,
    entry: number,
    communicator: number,
    fabricRank: number,
  ) {
    const { plan, sim } = rank.programs;
    const { firstFlow, ends } = plan.communicators;
    const { flows, fabric } = sim.plan;
    if (ends !== undefined) {
      const bound = (column: Uint32Array) =>
        Array.from(column.keys(), (i) => i + firstFlow[0]!).filter((flow) => column[flow - firstFlow[0]!] === entry);
      this.out = bound(ends.source);
      this.in = bound(ends.destination);
      return;
    }
    const all = Array.from({ length: flows.count }, (_, flow) => flow).slice(
      firstFlow[communicator],
      firstFlow[communicator + 1],
    );
    this.out = all.filter((flow) => fabric.nics.rank[flows.srcNic[flow]!] === fabricRank);
    this.in = all.filter((flow) => fabric.nics.rank[flows.dstNic[flow]!] === fabricRank);
  }

  /** The stream, or node, begins the next operation. */
  reach(stream: Waiter, ends: OperationEnd): void {
    check(this.stream === null, "a rank executes the operations of a communicator one after the other");
    const { sim } = this.rank.programs;
    this.reached += 1;
    this.ends = ends;
    this.stream = stream;
    for (const flow of this.out) sim.posting.reach(flow);
    if (!this.awaits()) this.stream = null;
  }

  /** Whether the operation has not ended. */
  awaits(): boolean {
    return this.lacks() || this.sentPs > this.rank.programs.sim.nowPs;
  }

  private lacks(): boolean {
    const { programs } = this.rank;
    const { posting, senders } = programs.sim;
    const chunks = (flow: number) => this.reached * programs.chunksOf(flow);
    const packets = (flow: number) => chunks(flow) * senders[flow]!.packetsPerChunk;
    if (this.in.some((flow) => posting.chunksDelivered[flow]! < chunks(flow))) return true;
    if (this.ends === "acked") return this.out.some((flow) => senders[flow]!.acknowledgedPackets < packets(flow));
    if (this.ends === "sent") return this.out.some((flow) => (this.sent.get(flow) ?? 0) < packets(flow));
    return false;
  }

  /** Something was delivered or acknowledged. */
  progress(): void {
    const { stream } = this;
    if (stream === null || this.lacks()) return;
    this.stream = null;
    if (this.sentPs > this.rank.programs.sim.nowPs) this.rank.at(this.sentPs, stream);
    else this.rank.goOn(stream);
  }

  transmitted(flow: number, packets: number, endPs: number): void {
    if (packets === this.sent.get(flow)) return;
    this.sent.set(flow, packets);
    const { programs } = this.rank;
    const last = this.reached * programs.chunksOf(flow) * programs.sim.senders[flow]!.packetsPerChunk;
    if (this.ends !== "sent" || this.stream === null || packets !== last) return;
    this.sentPs = Math.max(this.sentPs, endPs);
    this.progress();
  }
}
