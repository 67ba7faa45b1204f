import { NO_GATE, NODE_ENDS, NodeKind, type ProgramGraph } from "../../src/plan/program-graph.js";
import type { WaitingStream } from "../../src/plan/program-outcome.js";
import type { OperationEnd, Role } from "../../src/plan/programs.js";
import { Draws, Purpose } from "./random.js";

/** What a graph asks of the rank that it is the program of. */
export interface GraphHost {
  readonly number: number;
  readonly nowPs: number;
  readonly seed: number;
  readonly firstStream: number;
  durationPs(asGivenPs: number, draws: Draws): number;
  /** The rank reaches the next operation of a slot. @returns whether it has not ended */
  reach(slot: number, node: GraphNode, ends: OperationEnd): boolean;
  /** Operations of the slot that the rank has reached. */
  reached(slot: number): number;
  /** Lets the node go on at a time, as an event of its own. */
  at(timePs: number, node: GraphNode): void;
  recordEnd(stream: number, label: number, startPs: number): void;
}

type State = "waiting" | "begun" | "ended";

/** A node; `index` is its lane, for the order of events. */
export interface GraphNode {
  readonly number: number;
  readonly index: number;
}

/** A program that is a graph: MODEL §11. */
export class Graph {
  private readonly graph: ProgramGraph;
  private readonly lanes: number;
  private readonly exclusive: number;
  private readonly states: State[];
  private readonly nodes: readonly GraphNode[];
  private readonly sincePs: number[];
  private readonly counts: number[];
  private readonly draws: readonly Draws[];
  private isStarted = false;
  /** Operations under way, in the order in which they began. */
  private readonly busy: number[] = [];

  constructor(
    private readonly host: GraphHost,
    private readonly role: Role,
  ) {
    this.graph = role.graph!;
    const { count, gate, exclusive } = this.graph;
    this.lanes = role.streams.length;
    this.exclusive = this.lanes + exclusive;
    this.states = new Array<State>(count).fill("waiting");
    this.nodes = Array.from({ length: count }, (_, number) => ({ number, index: Math.min(gate[number]!, this.lanes) }));
    this.sincePs = new Array<number>(count).fill(0);
    this.counts = Array.from({ length: role.signalCount }, (_, number) => (number < this.exclusive ? 1 : 0));
    this.draws = role.streams.map((_, lane) => new Draws(host.seed, Purpose.durations, host.firstStream + lane));
  }

  get hasEnded(): boolean {
    return this.isStarted && this.states.every((state) => state === "ended");
  }

  get isComputing(): boolean {
    return this.states.some((state, n) => state === "begun" && this.graph.kind[n] === NodeKind.compute);
  }

  /** Label of the operation that began first of those under way. */
  get blamed(): number | undefined {
    return this.busy.length === 0 ? undefined : this.graph.label[this.busy[0]!];
  }

  /** The program starts (no node), or what a node has waited for has come. */
  goOn(node: GraphNode | null): void {
    this.isStarted = true;
    if (node !== null) {
      this.host.recordEnd(node.index, this.graph.label[node.number]!, this.sincePs[node.number]!);
      if (this.busy.includes(node.number)) this.busy.splice(this.busy.indexOf(node.number), 1);
      this.end(node.number);
    }
    for (;;) {
      const next = this.states.findIndex((state, n) => state === "waiting" && this.isReady(n) && this.isOpen(n));
      if (next < 0) return;
      this.begin(next);
    }
  }

  private isReady(node: number): boolean {
    const { waitFirst, waitNode, waitStart } = this.graph;
    for (let i = waitFirst[node]!; i < waitFirst[node + 1]!; i++) {
      const state = this.states[waitNode[i]!]!;
      if (state === "waiting" || (state === "begun" && waitStart[i] === 0)) return false;
    }
    return true;
  }

  private isOpen(node: number): boolean {
    const gate = this.graph.gate[node]!;
    return gate === NO_GATE || this.counts[gate]! > 0;
  }

  private begin(node: number): void {
    const { host, graph } = this;
    const gate = graph.gate[node]!;
    if (gate !== NO_GATE) this.counts[gate]! -= 1;
    this.states[node] = "begun";
    this.sincePs[node] = host.nowPs;
    const label = graph.label[node]!;
    const each = this.nodes[node]!;
    switch (graph.kind[node]) {
      case NodeKind.compute: {
        const durationPs = host.durationPs(graph.durationPs[node]!, this.draws[gate]!);
        if (durationPs > 0) {
          host.at(host.nowPs + durationPs, each);
          return;
        }
        host.recordEnd(each.index, label, host.nowPs);
        break;
      }
      case NodeKind.operation:
        if (host.reach(graph.operand[node]!, each, NODE_ENDS[graph.ends[node]!]!)) {
          this.busy.push(node);
          return;
        }
        host.recordEnd(each.index, label, host.nowPs);
        break;
      case NodeKind.signal:
        this.counts[graph.operand[node]!]! += 1;
        break;
    }
    this.end(node);
  }

  private end(node: number): void {
    this.states[node] = "ended";
    const gate = this.graph.gate[node]!;
    if (gate < this.exclusive) this.counts[gate]! += 1;
  }

  /** Where it stands, in a program that has not ended. */
  told(): WaitingStream[] {
    const { graph, host, nodes, states } = this;
    const none: WaitingStream = {
      programRank: host.number,
      stream: this.lanes,
      state: "starting",
      label: -1,
      operand: -1,
      operation: -1,
    };
    const begun = nodes.filter(({ number }) => states[number] === "begun");
    const operations = begun
      .filter(({ number }) => graph.kind[number] === NodeKind.operation)
      .sort((a, b) => graph.operand[a.number]! - graph.operand[b.number]!)
      .map(({ number, index }): WaitingStream => {
        const operand = graph.operand[number]!;
        const operation = host.reached(operand) - 1;
        return { ...none, stream: index, state: "operation", label: graph.label[number]!, operand, operation };
      });
    const computations = begun
      .filter(({ number }) => graph.kind[number] === NodeKind.compute)
      .sort((a, b) => a.index - b.index)
      .map(({ number, index }): WaitingStream => {
        return { ...none, stream: index, state: "computing", label: graph.label[number]! };
      });
    const signals = (this.role.signals ?? []).flatMap((_, signal): WaitingStream[] => {
      const gate = this.exclusive + signal;
      const isWaitedFor = nodes.some(
        ({ number }) =>
          this.isStarted && states[number] === "waiting" && graph.gate[number] === gate && this.isReady(number),
      );
      return isWaitedFor ? [{ ...none, state: "waiting", operand: signal }] : [];
    });
    const all = [...operations, ...computations, ...signals];
    return all.length > 0 ? all : [{ ...none, stream: 0 }];
  }
}
