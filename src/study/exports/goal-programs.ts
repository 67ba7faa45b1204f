/** Programs of a rank as GOAL: loops are unrolled, signals become requirements. */

import { PlanError } from "../../plan/plan-error.js";
import { NODE_ENDS, NodeKind } from "../../plan/program-graph.js";
import type { Instruction, OperationEnd, Programs, Role } from "../../plan/programs.js";
import type { RankFlows } from "./goal-flows.js";
import type { Block } from "./goal-text.js";

/** What is written of one program rank. */
export interface WrittenRank {
  readonly programs: Programs;
  readonly programRank: number;
  readonly flows: RankFlows;
}

/** Counts the time up to the start of the program. */
const START_CPU = 254;

type Step = Exclude<Instruction, { kind: "loop" }>;

interface StreamState {
  readonly steps: readonly Step[];
  next: number;
  last: number | undefined;
}

/** Writes streams as far as they go, in turn, so that signals are given before they are taken. */
export function writeStreams(block: Block, written: WrittenRank): void {
  const { programs, programRank } = written;
  const role = programs.roles[programs.ranks.role[programRank]!]!;
  checkSignals(role);
  const operations = new Operations(block, written);
  const start = startOf(block, written);
  const streams = role.streams.map(({ instructions }): StreamState => {
    return { steps: unrolled(instructions), next: 0, last: start };
  });
  /** Statements after which each signal was given, in order. */
  const given = Array.from({ length: role.signalCount }, () => [] as (number | undefined)[]);
  for (;;) {
    const moved = streams.map((stream, cpu) => {
      const from = stream.next;
      while (stream.next < stream.steps.length) {
        if (!writeStep(stream.steps[stream.next]!, stream, { block, operations, given, cpu, written })) break;
        stream.next++;
      }
      return stream.next > from;
    });
    if (streams.every(({ next, steps }) => next === steps.length)) return;
    if (!moved.includes(true))
      throw new PlanError(`${role.name} waits for a signal that it never gives`, [["workload"]]);
  }
}

interface StepPlace {
  readonly block: Block;
  readonly operations: Operations;
  readonly given: (number | undefined)[][];
  readonly cpu: number;
  readonly written: WrittenRank;
}

/** Returns false where the step waits for a signal that was not given yet. */
function writeStep(step: Step, stream: StreamState, { block, operations, given, cpu, written }: StepPlace): boolean {
  switch (step.kind) {
    case "compute":
      stream.last = block.after(block.calc(durationOf(step.durationPs, written), cpu), stream.last);
      return true;
    case "operation":
      stream.last = operations.write(step.slot, step.ends, stream.last, cpu);
      return true;
    case "signal":
      given[step.signal]!.push(stream.last);
      return true;
    case "wait": {
      const list = given[step.signal]!;
      if (list.length === 0) return false;
      const giver = list.shift();
      if (giver === undefined) return true;
      stream.last = block.after(block.after(block.calc(0, cpu), stream.last), giver);
      return true;
    }
  }
}

/** Writes a graph node by node, then what they wait for. */
export function writeGraph(block: Block, written: WrittenRank): void {
  const { programs, programRank } = written;
  const { graph, streams } = programs.roles[programs.ranks.role[programRank]!]!;
  const operations = new Operations(block, written);
  const start = startOf(block, written);
  const begins = new Uint32Array(graph!.count);
  const ends = new Uint32Array(graph!.count);
  for (let n = 0; n < graph!.count; n++) {
    const cpu = Math.min(graph!.gate[n]!, streams.length);
    if (graph!.kind[n] === NodeKind.compute) {
      begins[n] = block.calc(durationOf(graph!.durationPs[n]!, written), cpu);
      ends[n] = begins[n]!;
    } else if (graph!.kind[n] === NodeKind.operation) {
      begins[n] = block.calc(0, cpu);
      ends[n] = operations.write(graph!.operand[n]!, NODE_ENDS[graph!.ends[n]!]!, begins[n], cpu);
    } else {
      throw new PlanError("a trace with receives of any source or tag is not written as GOAL", [["workload"]]);
    }
    block.after(begins[n]!, start);
  }
  for (let n = 0; n < graph!.count; n++) {
    for (let i = graph!.waitFirst[n]!; i < graph!.waitFirst[n + 1]!; i++) {
      const other = graph!.waitNode[i]!;
      if (graph!.waitStart[i] === 1) block.afterStart(begins[n]!, begins[other]!);
      else block.after(begins[n]!, ends[other]!);
    }
  }
}

/** Operations at a rank: the n-th one on a slot is the n-th of its communicator. */
class Operations {
  private readonly done = new Map<number, number>();

  constructor(
    private readonly block: Block,
    private readonly written: WrittenRank,
  ) {}

  /** @returns the statement with which it ends */
  write(slot: number, ends: OperationEnd, after: number | undefined, cpu: number): number {
    const { block } = this;
    const { programs, programRank, flows } = this.written;
    const { slotFirst, slots } = programs.ranks;
    const communicator = slots[slotFirst[programRank]! + slot]!;
    const operation = this.done.get(communicator) ?? 0;
    this.done.set(communicator, operation + 1);
    const operations = programs.communicators.operations[communicator]!;
    const awaited: number[] = [];
    for (const flow of flows.within(flows.arriving, programs, communicator)) {
      const count = flows.chunksOf(flow, operations);
      awaited.push(...flows.receive(block, flow, operation * count, count));
    }
    for (const flow of flows.within(flows.leaving, programs, communicator)) {
      const count = flows.chunksOf(flow, operations);
      const sent = flows.send(block, flow, { from: operation * count, count, after });
      if (ends !== "delivered") awaited.push(...sent);
    }
    const end = block.after(block.calc(0, cpu), after);
    for (const statement of awaited) block.after(end, statement);
    return end;
  }
}

function startOf(block: Block, { programs, programRank }: WrittenRank): number | undefined {
  const startPs = programs.ranks.startPs[programRank]!;
  return startPs === 0 ? undefined : block.calc(startPs, START_CPU);
}

function durationOf(asGivenPs: number, { programs, programRank }: WrittenRank): number {
  return Math.floor(asGivenPs * programs.ranks.computeFactor[programRank]! + 0.5);
}

function unrolled(instructions: readonly Instruction[]): Step[] {
  const steps: Step[] = [];
  for (const each of instructions) {
    if (each.kind !== "loop") steps.push(each);
    else {
      const body = unrolled(each.body);
      for (let i = 0; i < each.count; i++) for (const step of body) steps.push(step);
    }
  }
  return steps;
}

/** The n-th wait takes what the n-th signal gave: so each has one stream. */
function checkSignals({ name, streams, signals }: Role): void {
  for (const kind of ["signal", "wait"] as const) {
    const streamOf = new Map<number, number>();
    streams.forEach(({ instructions }, s) => {
      for (const step of unrolled(instructions)) {
        if (step.kind !== kind) continue;
        const known = streamOf.get(step.signal) ?? s;
        streamOf.set(step.signal, known);
        if (known === s) continue;
        const what = `the signal ${signals?.[step.signal] ?? step.signal} of ${name}`;
        const does = kind === "signal" ? "is given" : "is waited for";
        throw new PlanError(`${what} ${does} by several streams; GOAL has no word for that`, [["workload"]]);
      }
    });
  }
}
