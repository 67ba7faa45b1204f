/** Traces as they are read: nodes of ranks, and what they wait for. */
import { NO_GATE, NODE_ENDS, NodeKind, type ProgramGraph } from "../../../plan/program-graph.js";
import type { OperationEnd } from "../../../plan/programs.js";
import type { TraceCommunicator, TraceGraphs, TraceRank } from "../../../scenario/types/trace.js";
import { Growing } from "../../../util/columns.js";

/** Gates are numbered when all are known: until then each kind counts from its own base. */
const EXCLUSIVE_BASE = 2 ** 28;
const SIGNAL_BASE = 2 ** 29;

/** Everything is numbered from 0, in the order in which it was added. */
export class TraceBuilder {
  private readonly communicators: TraceCommunicator[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly labels = new Map<string, number>();
  private readonly builders: (RankBuilder | undefined)[];
  private readonly sealed: (TraceRank | undefined)[];

  constructor(ranks: number) {
    this.builders = new Array<RankBuilder | undefined>(ranks).fill(undefined);
    this.sealed = new Array<TraceRank | undefined>(ranks).fill(undefined);
  }

  /** What a rank does; made when it is first asked for. */
  rank(number: number): RankBuilder {
    if (this.sealed[number] !== undefined) throw new Error(`rank ${number} is sealed`);
    let builder = this.builders[number];
    if (builder === undefined) {
      builder = new RankBuilder();
      this.builders[number] = builder;
    }
    return builder;
  }

  /** Nothing more is added to a rank: frees what only building takes. */
  seal(number: number): TraceRank {
    const known = this.sealed[number];
    if (known !== undefined) return known;
    const rank = this.rank(number).build();
    this.sealed[number] = rank;
    this.builders[number] = undefined;
    return rank;
  }

  /** The number of a label; the same one for the same name. */
  label(name: string): number {
    const number = this.labels.get(name) ?? this.labels.size;
    this.labels.set(name, number);
    return number;
  }

  get labelCount(): number {
    return this.labels.size;
  }

  hasLabel(name: string): boolean {
    return this.labels.has(name);
  }

  /** The communicator of a key; made when it is first asked for. */
  communicator(key: string, make: () => TraceCommunicator): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.communicators.push(make()) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  build(): TraceGraphs {
    return {
      kind: "trace",
      communicators: this.communicators,
      labels: this.labels.size === 0 ? ["nothing"] : [...this.labels.keys()],
      ranks: this.sealed.map((_, number) => this.seal(number)),
    };
  }
}

/** What one rank does. */
export class RankBuilder {
  private readonly lanes = new Map<string, number>();
  private readonly signals = new Map<string, number>();
  private readonly exclusives = new Map<number, number>();
  private readonly kind = new Growing(Uint8Array);
  private readonly durationPs = new Growing(Float64Array);
  private readonly operand = new Growing(Uint32Array);
  private readonly ends = new Growing(Uint8Array);
  private readonly gate = new Growing(Uint32Array);
  private readonly labels = new Growing(Uint32Array);
  /** Pairs of nodes, the later one first. */
  private readonly later = new Growing(Uint32Array);
  private readonly earlier = new Growing(Uint32Array);
  private readonly onStart = new Growing(Uint8Array);

  /** Nodes that were added so far. */
  get count(): number {
    return this.kind.length;
  }

  /** The number of a lane: its nodes follow one another. */
  lane(name: string): number {
    return numberIn(this.lanes, name);
  }

  signal(name: string): number {
    return numberIn(this.signals, name);
  }

  compute(lane: number, durationPs: number, label: number): number {
    return this.add(NodeKind.compute, { durationPs, gate: lane, label });
  }

  /**
   * An operation of a communicator. Without a lane one at a time of each communicator is under way.
   */
  operation(communicator: number, label: number, { lane, ends = "delivered" }: OperationOptions = {}): number {
    const gate = lane ?? EXCLUSIVE_BASE + numberIn(this.exclusives, communicator);
    return this.add(NodeKind.operation, { operand: communicator, gate, label, ends: NODE_ENDS.indexOf(ends) });
  }

  /** Gives 1 to a signal. */
  give(signal: number): number {
    return this.add(NodeKind.signal, { operand: SIGNAL_BASE + signal });
  }

  /** Takes 1 from a signal. */
  take(signal: number, label: number): number {
    return this.add(NodeKind.wait, { gate: SIGNAL_BASE + signal, label });
  }

  /** `node` waits for the end of another, or for its beginning. */
  after(node: number, other: number, onStart = false): void {
    this.later.push(node);
    this.earlier.push(other);
    this.onStart.push(onStart ? 1 : 0);
  }

  build(): TraceRank {
    if (this.lanes.size === 0) this.lane("rank");
    const firstSignal = this.lanes.size + this.exclusives.size;
    const numbered = (gate: number) =>
      gate === NO_GATE || gate < EXCLUSIVE_BASE
        ? gate
        : gate < SIGNAL_BASE
          ? gate - EXCLUSIVE_BASE + this.lanes.size
          : gate - SIGNAL_BASE + firstSignal;
    const kind = this.kind.take();
    const operand = this.operand.take();
    for (let n = 0; n < kind.length; n++) if (kind[n] === NodeKind.signal) operand[n] = numbered(operand[n]!);
    const gate = this.gate.take();
    for (let n = 0; n < gate.length; n++) gate[n] = numbered(gate[n]!);
    const graph: ProgramGraph = {
      count: kind.length,
      kind,
      durationPs: this.durationPs.take(),
      operand,
      ends: this.ends.take(),
      gate,
      label: this.labels.take(),
      ...this.waits(kind.length),
      exclusive: this.exclusives.size,
    };
    return { graph, lanes: [...this.lanes.keys()], signals: [...this.signals.keys()] };
  }

  /** Pairs sorted by the later node. */
  private waits(count: number): Pick<ProgramGraph, "waitFirst" | "waitNode" | "waitStart"> {
    const { later, earlier, onStart } = this;
    const waitFirst = new Uint32Array(count + 1);
    for (let i = 0; i < later.length; i++) waitFirst[later.at(i) + 1]! += 1;
    for (let n = 0; n < count; n++) waitFirst[n + 1]! += waitFirst[n]!;
    const next = waitFirst.slice();
    const waitNode = new Uint32Array(later.length);
    const waitStart = new Uint8Array(later.length);
    for (let i = 0; i < later.length; i++) {
      const place = next[later.at(i)]!++;
      waitNode[place] = earlier.at(i);
      waitStart[place] = onStart.at(i);
    }
    later.take();
    earlier.take();
    onStart.take();
    return { waitFirst, waitNode, waitStart };
  }

  private add(kind: number, node: NewNode): number {
    const { durationPs = 0, operand = 0, ends = 0, gate = NO_GATE, label = 0 } = node;
    this.durationPs.push(durationPs);
    this.operand.push(operand);
    this.ends.push(ends);
    this.gate.push(gate);
    this.labels.push(label);
    this.kind.push(kind);
    return this.kind.length - 1;
  }
}

interface OperationOptions {
  readonly lane?: number;
  readonly ends?: OperationEnd;
}

interface NewNode {
  readonly durationPs?: number;
  readonly operand?: number;
  readonly ends?: number;
  readonly gate?: number;
  readonly label?: number;
}

function numberIn<K>(numbers: Map<K, number>, name: K): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

/** A node that waits for itself, by way of others or not; undefined where there is none. */
export function cyclicNode({ count, waitFirst, waitNode }: ProgramGraph): number | undefined {
  const left = new Uint32Array(count);
  const dependents = new Uint32Array(count + 1);
  for (let n = 0; n < count; n++) left[n] = waitFirst[n + 1]! - waitFirst[n]!;
  for (const node of waitNode) dependents[node + 1]! += 1;
  for (let n = 0; n < count; n++) dependents[n + 1]! += dependents[n]!;
  const next = dependents.slice();
  const dependent = new Uint32Array(waitNode.length);
  for (let n = 0; n < count; n++) {
    for (let i = waitFirst[n]!; i < waitFirst[n + 1]!; i++) dependent[next[waitNode[i]!]!++] = n;
  }
  const queue = new Uint32Array(count);
  let [head, tail] = [0, 0];
  for (let n = 0; n < count; n++) if (left[n] === 0) queue[tail++] = n;
  while (head < tail) {
    const node = queue[head++]!;
    for (let i = dependents[node]!; i < dependents[node + 1]!; i++) {
      if (--left[dependent[i]!]! === 0) queue[tail++] = dependent[i]!;
    }
  }
  if (tail === count) return undefined;
  // From a node that is left, the way back over nodes that are left ends in a cycle.
  let node = left.findIndex((waits) => waits > 0);
  for (let step = 0; step < count; step++) {
    let i = waitFirst[node]!;
    while (left[waitNode[i]!] === 0) i++;
    node = waitNode[i]!;
  }
  return node;
}
