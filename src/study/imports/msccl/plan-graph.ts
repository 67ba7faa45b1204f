/**
 * A plan of MSCCL++ as a graph. Threadblocks are lanes. Puts and signals are messages; a wait waits
 * for the signal, and for what its threadblock put there before. A read asks the other GPU for
 * data, which answers by itself.
 */
import type { TraceGraphs } from "../../../scenario/types/trace.js";
import { Queue } from "../../../util/queue.js";
import { type RankBuilder, TraceBuilder } from "../common/trace-builder.js";
import type { Sizes } from "./graph.js";
import type { ChannelEnd, Plan, PlanBuffer, PlanOp } from "./plan.js";

/** Of a signal, and of a request to read. */
const WORD_BYTES = 8;

/** A signal that was given: what had been put before, as nodes that receive it. */
interface Signal {
  readonly arrived: readonly number[];
}

export function planGraph(plan: Plan, sizes: Sizes): TraceGraphs {
  const trace = new TraceBuilder(plan.gpus.length);
  const signals = new Signals(plan);
  const barriers = new Map<string, number[]>();
  const blocks = plan.gpus.flatMap((gpu, rank) =>
    gpu.map((ops, tb) => new Block(ops, { trace, sizes, signals, barriers, rank, tb })),
  );
  for (let round = 0; round < sizes.rounds; round++) {
    for (const block of blocks) block.next = 0;
    for (let moved = true; moved; ) moved = blocks.map((block) => block.run()).includes(true);
    const stuck = blocks.find((block) => !block.hasEnded);
    if (stuck !== undefined) {
      const { path, name } = stuck.current!;
      plan.file.fail(`${path}: ${name} waits here for what never comes: the plan does not end`);
    }
  }
  signals.finish();
  return trace.build();
}

/** Signals under way by channel: the two GPUs, the type, and which of those between them. */
class Signals {
  private readonly given = new Map<string, Queue<Signal>>();
  private readonly last = new Map<string, PlanOp>();

  constructor(private readonly plan: Plan) {}

  give(from: number, { type, peer, place }: ChannelEnd, signal: Signal, op: PlanOp): void {
    const key = `${from} ${peer} ${type} ${place}`;
    const queue = this.given.get(key) ?? new Queue();
    queue.add(signal);
    this.given.set(key, queue);
    this.last.set(key, op);
  }

  take(to: number, { type, peer, place }: ChannelEnd): Signal | undefined {
    return this.given.get(`${peer} ${to} ${type} ${place}`)?.take();
  }

  /** @throws ScenarioError where nothing waits for a signal */
  finish(): void {
    for (const [key, left] of this.given) {
      if (left.length === 0) continue;
      const { path, name } = this.last.get(key)!;
      this.plan.file.fail(`${path}: nothing waits for this ${name}`);
    }
  }
}

interface Site {
  readonly trace: TraceBuilder;
  readonly sizes: Sizes;
  readonly signals: Signals;
  readonly rank: number;
  readonly tb: number;
  /** By GPU, barrier and turn: nodes of the threadblocks that have come there. */
  readonly barriers: Map<string, number[]>;
}

/** A threadblock: its operations one after the other. */
class Block {
  next = 0;
  private readonly builder: RankBuilder;
  private readonly lane: number;
  private last: number | undefined;
  /** The next node waits for its beginning only. */
  private isAsync = false;
  /** By peer: nodes there that receive what was put since the last signal. */
  private readonly put = new Map<number, number[]>();
  /** Puts over ports that a flush waits for. */
  private underWay: number[] = [];
  private readonly turns = new Map<number, number>();
  /** Channels of the wait that is being written whose signal has come. */
  private waited = 0;
  private entered: { readonly key: string; readonly node: number } | undefined;

  constructor(
    private readonly ops: readonly PlanOp[],
    private readonly site: Site,
  ) {
    this.builder = site.trace.rank(site.rank);
    this.lane = this.builder.lane(`tb ${site.tb}`);
  }

  get hasEnded(): boolean {
    return this.next === this.ops.length;
  }

  get current(): PlanOp | undefined {
    return this.ops[this.next];
  }

  /** Writes operations until one waits. @returns whether any was written */
  run(): boolean {
    const from = this.next;
    while (this.next < this.ops.length && this.write(this.ops[this.next]!)) this.next++;
    return this.next > from;
  }

  private write(op: PlanOp): boolean {
    switch (op.name) {
      case "nop":
        break;
      case "barrier":
        return this.barrier(op);
      case "wait":
      case "rlxwait":
        return this.wait(op);
      case "signal":
      case "rlxsignal":
        this.signal(op);
        break;
      case "flush":
        this.flush();
        break;
      case "copy":
        this.compute(this.site.sizes.copyPs, "copy");
        break;
      default:
        this.move(op);
    }
    return true;
  }

  /** What reads, reduces and puts, in this order. */
  private move(op: PlanOp): void {
    const reads = op.name === "get" || op.name === "rre" || op.name === "rres";
    if (reads) this.read(op);
    if (op.name !== "get" && op.name !== "put" && op.name !== "pws" && op.name !== "pwsf") {
      this.compute(this.site.sizes.reducePs, "reduce");
    }
    for (const target of op.targets) if (target.rank !== undefined) this.putTo(target.rank, target, op);
    if (op.name === "pws" || op.name === "pwsf") this.signal(op);
    if (op.name === "pwsf") this.flush();
  }

  private bytes({ chunks }: PlanBuffer, { share }: PlanOp): number {
    return Math.max(1, Math.ceil((chunks * this.site.sizes.chunkBytes) / share));
  }

  /** Over a port a put goes on by itself; writing to memory takes a threadblock's time. */
  private putTo(peer: number, target: PlanBuffer, op: PlanOp): void {
    const { trace } = this.site;
    const bytes = this.bytes(target, op);
    const isPort = op.channels[0]?.type === "port";
    const communicator = this.message(this.site.rank, peer, bytes, op.path);
    const label = trace.label("put");
    if (isPort) {
      const node = this.add(this.builder.operation(communicator, label, { ends: "acked" }));
      this.isAsync = true;
      this.underWay.push(node);
    } else this.add(this.builder.operation(communicator, label, { lane: this.lane, ends: "sent" }));
    const arrived = trace.rank(peer).operation(communicator, trace.label("arrival"));
    const put = this.put.get(peer) ?? [];
    put.push(arrived);
    this.put.set(peer, put);
  }

  /** Asks for all that is read, then waits for all of it. */
  private read(op: PlanOp): void {
    const { trace, rank } = this.site;
    const remote = op.sources.filter((source) => source.rank !== undefined);
    const answers = remote.map((source, i) => {
      const peer = source.rank!;
      const request = this.message(rank, peer, WORD_BYTES, `${op.path} request ${i}`);
      this.add(this.builder.operation(request, trace.label("request"), { lane: this.lane }));
      const answer = this.message(peer, rank, this.bytes(source, op), `${op.path} answer ${i}`);
      const other = trace.rank(peer);
      other.after(other.operation(answer, trace.label("answer")), other.operation(request, trace.label("arrival")));
      return answer;
    });
    for (const answer of answers) this.add(this.builder.operation(answer, trace.label("read"), { lane: this.lane }));
  }

  private signal(op: PlanOp): void {
    const { trace, signals, rank } = this.site;
    for (const end of op.channels) {
      const communicator = this.signalMessage(rank, end.peer, end);
      this.add(this.builder.operation(communicator, trace.label("signal"), { lane: this.lane }));
      signals.give(rank, end, { arrived: this.put.get(end.peer) ?? [] }, op);
      this.put.delete(end.peer);
    }
  }

  /** All of its channels must have a signal. */
  private wait(op: PlanOp): boolean {
    const { trace, signals, rank } = this.site;
    while (this.waited < op.channels.length) {
      const end = op.channels[this.waited]!;
      const signal = signals.take(rank, end);
      if (signal === undefined) return false;
      const communicator = this.signalMessage(end.peer, rank, end);
      const node = this.add(this.builder.operation(communicator, trace.label("wait"), { lane: this.lane }));
      for (const put of signal.arrived) this.builder.after(node, put);
      this.waited++;
    }
    this.waited = 0;
    return true;
  }

  private flush(): void {
    const node = this.compute(0, "flush");
    for (const put of this.underWay) this.builder.after(node, put);
    this.underWay = [];
  }

  /** Goes on when all threadblocks of the barrier have come to it. */
  private barrier(op: PlanOp): boolean {
    const { id, blocks } = op.barrier;
    const { barriers } = this.site;
    if (this.entered === undefined) {
      const turn = this.turns.get(id) ?? 0;
      this.turns.set(id, turn + 1);
      const key = `${this.site.rank} ${id} ${turn}`;
      this.entered = { key, node: this.compute(0, "barrier") };
      const there = barriers.get(key) ?? [];
      there.push(this.entered.node);
      barriers.set(key, there);
    }
    const there = barriers.get(this.entered.key)!;
    if (there.length < blocks) return false;
    const joined = this.compute(0, "barrier");
    for (const node of there) if (node !== this.entered.node) this.builder.after(joined, node);
    this.entered = undefined;
    return true;
  }

  private compute(durationPs: number, label: string): number {
    return this.add(this.builder.compute(this.lane, durationPs, this.site.trace.label(label)));
  }

  /** Puts a node behind the one before. */
  private add(node: number): number {
    if (this.last !== undefined) this.builder.after(node, this.last, this.isAsync);
    this.isAsync = false;
    this.last = node;
    return node;
  }

  private message(src: number, dst: number, bytes: number, key: string): number {
    const name = `${src} ${dst} ${bytes} ${key}`;
    return this.site.trace.communicator(name, () => ({ kind: "message", src, dst, bytes, rendezvous: false }));
  }

  private signalMessage(src: number, dst: number, { type, place }: ChannelEnd): number {
    return this.message(src, dst, WORD_BYTES, `signal ${type} ${place}`);
  }
}
