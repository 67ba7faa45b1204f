/**
 * A plan as GOAL text (LogGOPSim, ATLAHS): what ranks send, receive and compute, and what waits for
 * what. Fabric, transport and start of the network are the peer's own affair.
 */
import type { RunPlan } from "../../plan/plan.js";
import { PlanError } from "../../plan/plan-error.js";
import { type Programs, programFlows } from "../../plan/programs.js";
import { FlowStatements, type RankFlows } from "./goal-flows.js";
import { writeGraph, writeStreams } from "./goal-programs.js";
import { Block } from "./goal-text.js";

/** Statements of one file: peers keep all of them in memory. */
const MAX_STATEMENTS = 2 ** 25;

export interface GoalExport {
  /** Parts of the text, in order. */
  readonly text: Iterable<string>;
  /** What the text leaves out, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * @throws PlanError where the plan has what GOAL has no word for: reductions in switches, delays
 * between a delivery and what it allows, jitter
 */
export function exportGoal(plan: RunPlan): GoalExport {
  check(plan);
  const unitPs = unitOf(plan);
  const flows = new FlowStatements(plan);
  const statements = flows.count();
  if (statements > MAX_STATEMENTS) {
    const what = `the workload is ${statements} messages as GOAL, which lists each`;
    throw new PlanError(`${what}; at most ${MAX_STATEMENTS}: use fewer GPUs, or less to send`, [["workload"]]);
  }
  return { text: texts(plan, flows, unitPs), notes: notesOf(plan, unitPs) };
}

function* texts(plan: RunPlan, flows: FlowStatements, unitPs: number): Generator<string> {
  const { rankCount } = plan.fabric;
  yield `// Written by heddle. 1 of a calc is ${unitPs === 1 ? "1 ps" : "1 ns"}.\nnum_ranks ${rankCount}\n`;
  const programs = plan.programs && programsByRank(plan.programs, rankCount);
  for (let rank = 0; rank < rankCount; rank++) {
    const block = new Block(unitPs);
    const own = flows.of(rank);
    writeFlows(block, plan, own);
    for (const programRank of programs?.[rank] ?? []) {
      const program = { programs: plan.programs!, programRank, flows: own };
      const { ranks, roles } = program.programs;
      if (roles[ranks.role[programRank]!]!.graph === undefined) writeStreams(block, program);
      else writeGraph(block, program);
    }
    yield `\nrank ${rank} {\n`;
    yield* block.lines();
    yield "}\n";
  }
}

/** Flows of no communicator: each chunk waits for what its upstream flows have delivered. */
function writeFlows(block: Block, plan: RunPlan, own: RankFlows): void {
  const [first, end] = plan.programs === undefined ? [plan.flows.count, 0] : programFlows(plan.programs);
  const isFree = (flow: number) => flow < first || flow >= end;
  const arriving = own.arriving.filter(isFree);
  for (const flow of arriving) own.receive(block, flow, 0, plan.flows.chunks[flow]!);
  const leaving = own.leaving.filter(isFree).sort((a, b) => plan.flows.startPs[a]! - plan.flows.startPs[b]!);
  let timer: number | undefined;
  let nowPs = 0;
  for (const flow of leaving) {
    const startPs = plan.flows.startPs[flow]!;
    if (startPs > nowPs) {
      timer = block.after(block.calc(startPs - nowPs, TIMER_CPU), timer);
      nowPs = startPs;
    }
    own.send(block, flow, { from: 0, count: plan.flows.chunks[flow]!, after: timer });
  }
}

/** Counts the time up to starts, beside what the rank computes. */
const TIMER_CPU = 255;

function programsByRank({ ranks }: Programs, rankCount: number): number[][] {
  const byRank = Array.from({ length: rankCount }, () => [] as number[]);
  for (let r = 0; r < ranks.count; r++) byRank[ranks.rank[r]!]!.push(r);
  return byRank;
}

function check({ flows, reduction, programs }: RunPlan): void {
  const fail = (message: string) => {
    throw new PlanError(message, [["workload"]]);
  };
  if (reduction !== undefined) fail("GOAL has no reduction in switches; write another algorithm, e.g. ring");
  if (flows.delayPs?.some((ps) => ps > 0) === true) {
    fail("GOAL has no delay between a delivery and what it allows; write protocol: none and no reductionDelay");
  }
  if (programs?.ranks.jitter.some((share) => share > 0) === true) fail("GOAL has no jitter; leave it out");
}

/** Picoseconds of 1 of a calc: 1 ns where all times are whole nanoseconds. */
function unitOf({ flows, programs }: RunPlan): number {
  const isWhole = (ps: number) => ps % 1000 === 0;
  if (!flows.startPs.every(isWhole)) return 1;
  if (programs === undefined) return 1000;
  if (!programs.ranks.startPs.every(isWhole) || programs.ranks.computeFactor.some((factor) => factor !== 1)) return 1;
  return programs.roles.every((role) => durationsOf(role).every(isWhole)) ? 1000 : 1;
}

function durationsOf({ streams, graph }: Programs["roles"][number]): number[] {
  type Steps = (typeof streams)[number]["instructions"];
  const inside = (steps: Steps): number[] =>
    steps.flatMap((each) =>
      each.kind === "loop" ? inside(each.body) : each.kind === "compute" ? [each.durationPs] : [],
    );
  return [...streams.flatMap(({ instructions }) => inside(instructions)), ...(graph?.durationPs ?? [])];
}

function notesOf(plan: RunPlan, unitPs: number): string[] {
  const notes = unitPs === 1 ? ["1 of a calc is 1 ps: some times are no whole nanoseconds (unit: 1ps reads them)"] : [];
  if (plan.flows.connection.some((connection, flow) => flow > 0 && connection === plan.flows.connection[flow - 1])) {
    notes.push("messages over several queue pairs are as many messages");
  }
  return notes;
}
