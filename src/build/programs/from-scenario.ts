/** The programs of a scenario, on its fabric. */
import type { Instruction } from "../../plan/programs.js";
import type { OperationSpec, RoleSpec, StepSpec } from "../../scenario/types/program.js";
import type { ProgramWorkload } from "../../scenario/types/scenario.js";
import { collectiveOf, type Site } from "../collective/index.js";
import type { NewCommunicator, ProgramBuilder } from "./builder.js";
import { message } from "./message.js";
import { type JobPlace, onFabric, type Place } from "./place.js";
import { compute, loop, RoleBuilder } from "./role.js";

type CommunicatorSpec = ProgramWorkload["communicators"][number];
type ProgramJob = JobPlace<ProgramWorkload>;

/**
 * Adds the roles and ranks of a program, and its communicators. Operations of one communicator that
 * have different sizes, and its groups and pairs, are communicators of their own in the plan.
 */
export function addProgram({ builder, site, network }: Place, job: ProgramJob): void {
  const { workload, number: jobNumber } = job;
  const communicators = new CommunicatorTable(site, network.fabric.rankCount, job, builder);
  const programRankOf = new Map<number, number>();
  for (const spec of workload.roles) {
    const role = new RoleBuilder(spec.name);
    const label = (name: string) => builder.label(name, jobNumber);
    for (const { name, steps } of spec.streams) {
      role.stream(
        name,
        steps.flatMap((step) => instructionsOf(step, role, label)),
      );
    }
    const number = builder.role(role.build());
    const operations = operationsBySlot(spec, role);
    for (const rank of spec.ranks) {
      const slots = operations.map((operation) => communicators.of(operation, rank));
      const { computeFactor, jitter } = spec;
      const startPs = job.startPs + spec.startPs;
      const added = {
        rank: job.ranks?.[rank] ?? rank,
        job: jobNumber,
        role: number,
        slots,
        startPs,
        computeFactor,
        jitter,
      };
      programRankOf.set(rank, builder.rank(added));
    }
  }
  const { ranks, limit } = workload.record;
  builder.record(
    ranks.flatMap((rank) => programRankOf.get(rank) ?? []),
    limit,
  );
}

function instructionsOf(step: StepSpec, role: RoleBuilder, label: (name: string) => number): Instruction[] {
  switch (step.kind) {
    case "compute":
      return [compute(step.durationPs, label(step.label))];
    case "operation":
      return [role.operation(slotName(step), label(step.label), step.ends)];
    case "signal":
      return [role.signal(step.signal)];
    case "wait":
      return [role.wait(step.signal)];
    case "loop":
      return loop(
        step.count,
        step.steps.flatMap((inner) => instructionsOf(inner, role, label)),
      );
  }
}

/** Operations that differ in this have slots of their own. */
function slotName({ communicator, side, sizeBytes }: OperationSpec): string {
  return JSON.stringify([communicator, side, sizeBytes]);
}

/** By slot of the role: an operation on it. */
function operationsBySlot({ streams }: RoleSpec, { slotNames }: RoleBuilder): OperationSpec[] {
  const operations = new Map<string, OperationSpec>();
  const visit = (steps: readonly StepSpec[]) => {
    for (const step of steps) {
      if (step.kind === "operation") operations.set(slotName(step), step);
      else if (step.kind === "loop") visit(step.steps);
    }
  };
  for (const { steps } of streams) visit(steps);
  return slotNames.map((name) => operations.get(name)!);
}

/** Communicators of the plan, made when they are first asked for. */
class CommunicatorTable {
  private readonly specs: ReadonlyMap<string, CommunicatorSpec>;
  private readonly numbers = new Map<string, number>();
  private readonly groupOf = new Map<string, Map<number, number>>();

  constructor(
    private readonly site: Site,
    private readonly rankCount: number,
    private readonly job: ProgramJob,
    private readonly builder: ProgramBuilder,
  ) {
    this.specs = new Map(job.workload.communicators.map((spec) => [spec.name, spec]));
  }

  /** Number of the communicator of an operation at a rank. The rules have been checked. */
  of({ communicator, side, sizeBytes }: OperationSpec, rank: number): number {
    const spec = this.specs.get(communicator)!;
    const group = this.groupsOf(spec, side).get(rank)!;
    const key = JSON.stringify([communicator, sizeBytes, group]);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.builder.communicator(onFabric(this.newCommunicator(spec, group, sizeBytes), this.job));
      this.numbers.set(key, number);
    }
    return number;
  }

  /** Numbers of the groups, or pairs, of ranks. */
  private groupsOf(spec: CommunicatorSpec, side: OperationSpec["side"]): Map<number, number> {
    const key = `${spec.name} ${side}`;
    const known = this.groupOf.get(key);
    if (known !== undefined) return known;
    const groups =
      spec.kind === "pairs" ? spec.pairs.map((pair) => [pair[side === "sender" ? 0 : 1]]) : this.members(spec);
    const groupOf = new Map(groups.flatMap((ranks, group) => ranks.map((rank) => [rank, group] as const)));
    this.groupOf.set(key, groupOf);
    return groupOf;
  }

  private members({ collective }: Extract<CommunicatorSpec, { kind: "collective" }>): readonly (readonly number[])[] {
    return collective.groups ?? [Array.from({ length: this.job.ranks?.length ?? this.rankCount }, (_, rank) => rank)];
  }

  private newCommunicator(spec: CommunicatorSpec, group: number, sizeBytes: number | null): NewCommunicator {
    if (spec.kind === "pairs") {
      const [src, dst] = spec.pairs[group]!;
      const schedule = message(src, dst, sizeBytes ?? spec.sizeBytes, spec.rendezvous);
      return { schedule, ...(spec.dataClass !== undefined && { dataClass: spec.dataClass }) };
    }
    const { groups, ...collective } = spec.collective;
    const one = { ...collective, ...(groups && { groups: [groups[group]!] }) };
    const own = { ...one, sizeBytes: sizeBytes ?? collective.sizeBytes };
    const delayed = collectiveOf(this.site, own, this.job.ranks);
    const { dataClass } = collective;
    return { ...delayed, ...(dataClass !== undefined && { dataClass }) };
  }
}
