/** A training step as programs: roles, ranks and communicators of a plan. */
import { PlanError } from "../../plan/plan-error.js";
import { microBatches, type TrainingStep } from "../../plan/training/step.js";
import type { ProgramBuilder } from "../programs/builder.js";
import type { JobPlace, Place } from "../programs/place.js";
import { loop, RoleBuilder } from "../programs/role.js";
import { TrainingCommunicators } from "./communicators.js";
import { largestMemory } from "./fit.js";
import { inOrder, STREAMS, times } from "./lines.js";
import { totalBytes } from "./memory.js";
import { StageProgram } from "./passes.js";
import { asLoops, stagePasses } from "./schedule.js";
import { type ModelPart, modelParts, optimizerSeconds } from "./sizes.js";

/** Entries of the timeline of the first rank that are kept where there are several steps. */
const RECORD_MAX = 1_000_000;

/**
 * Adds the roles, ranks and communicators of training steps. Ranks of one pipeline stage share a
 * role. Memory is in proportion to ranks, and to the length of one step of a stage with its
 * repetitions as loops.
 * @throws PlanError where the layout does not fit into the memory of a GPU
 */
export function addTraining({ builder, site }: Place, job: JobPlace<TrainingStep>): void {
  const { workload: step, number: jobNumber, ranks, startPs } = job;
  if (step.checksMemory) checkMemory(step);
  const communicators = new TrainingCommunicators(site, job, builder);
  const parts = modelParts(step);
  const roles = Array.from({ length: step.degrees.pp }, (_, stage) => {
    const own = parts.filter((_, part) => part % step.degrees.pp === stage);
    return stageRole(step, stage, own, { builder, communicators, jobNumber });
  });
  bindAll(roles, communicators);
  const factorOf = new Map(step.stragglers.map(({ rank, factor }) => [rank, factor]));
  const programRanks = Array.from({ length: communicators.layout.rankCount }, (_, rank) => {
    const { role, number, program } = roles[communicators.layout.coordinatesOf(rank).pp]!;
    const slots = role.slotNames.map((name) => communicators.of(name, program.slots.get(name)!, rank));
    const computeFactor = factorOf.get(rank) ?? 1;
    const own = { role: number, slots, startPs, computeFactor, jitter: step.jitter };
    return builder.rank({ ...own, rank: ranks?.[rank] ?? rank, job: jobNumber });
  });
  if (step.steps > 1) builder.record(programRanks.slice(0, 1), RECORD_MAX);
  builder.record(
    step.record.ranks.map((rank) => programRanks[rank]!),
    step.record.limit,
  );
}

/**
 * Makes the communicators, one slot after the other. So the flows of a NIC have the same order at
 * all ranks of a role: replicas are alike, and one of them can be simulated for all.
 */
function bindAll(roles: readonly StageRole[], communicators: TrainingCommunicators): void {
  const { layout } = communicators;
  const names = new Set(roles.flatMap(({ role }) => role.slotNames));
  for (const name of names) {
    for (let rank = 0; rank < layout.rankCount; rank++) {
      const spec = roles[layout.coordinatesOf(rank).pp]!.program.slots.get(name);
      if (spec !== undefined) communicators.of(name, spec, rank);
    }
  }
}

type StageRole = ReturnType<typeof stageRole>;

interface RolePlace {
  readonly builder: ProgramBuilder;
  readonly communicators: TrainingCommunicators;
  readonly jobNumber: number;
}

function stageRole(
  step: TrainingStep,
  stage: number,
  parts: readonly ModelPart[],
  { builder, communicators, jobNumber }: RolePlace,
) {
  const role = new RoleBuilder(step.degrees.pp === 1 ? "rank" : `stage ${stage}`);
  const program = new StageProgram(step, parts, role, {
    label: (name) => builder.label(name, jobNumber),
    groupSize: (kind) => communicators.size(kind),
  });
  const shape = { stages: step.degrees.pp, parts: step.virtualStages, microBatches: microBatches(step) };
  const longest = 2 * shape.stages * shape.parts;
  const passes = asLoops(stagePasses(shape, stage), longest).map(({ count, passes: body }) =>
    times(count, inOrder(body.map((pass) => program.pass(pass)))),
  );
  const once = inOrder([program.begin(), ...passes, program.end(optimizerSeconds(parts, step))]);
  const whole = inOrder([times(step.localSteps, once), program.average()]);
  const count = step.steps / step.localSteps;
  for (const stream of STREAMS) {
    const instructions = whole[stream];
    if (instructions !== undefined && instructions.length > 0) role.stream(stream, loop(count, instructions));
  }
  return { role, program, number: builder.role(role.build()) };
}

function checkMemory(step: TrainingStep): void {
  const most = largestMemory(step);
  const needed = totalBytes(most);
  if (needed <= step.gpu.memoryBytes) return;
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const { parametersBytes, gradientsBytes, optimizerBytes, activationsBytes } = most;
  const parts = [
    `parameters ${gib(parametersBytes)}`,
    `gradients ${gib(gradientsBytes)}`,
    `optimizer ${gib(optimizerBytes)}`,
    `activations ${gib(activationsBytes)}`,
  ].join(", ");
  const what = `a GPU needs ${gib(needed)} and has ${gib(step.gpu.memoryBytes)} (${parts})`;
  throw new PlanError(`${what}; ${whatFits(step)}, or write memoryCheck: false`, [
    ["workload", "parallel"],
    ["workload"],
  ]);
}

/** Changes that would make the step fit, the simplest first. */
function whatFits(step: TrainingStep): string {
  const fits = (changed: TrainingStep) => totalBytes(largestMemory(changed)) <= changed.gpu.memoryBytes;
  const tried: (readonly [string, TrainingStep])[] = [
    ...(step.zero === 0 ? ([["zero: 1", { ...step, zero: 1 }]] as const) : []),
    ["recompute: selective", { ...step, recompute: "selective" }],
    ["recompute: full", { ...step, recompute: "full" }],
    ["zero: 1 and recompute: full", { ...step, zero: 1, recompute: "full" }],
    ...(step.degrees.pp === 1
      ? ([["zero: 3 and recompute: full", { ...step, zero: 3, recompute: "full" }]] as const)
      : []),
  ];
  const found = tried.find(([, changed]) => fits(changed));
  return found === undefined ? "raise tp or pp, or lower batch.micro" : `write ${found[0]}`;
}
