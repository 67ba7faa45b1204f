/** What a result says of programs. */
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { NodeKind } from "../../plan/program-graph.js";
import type { ProgramOutcome, WaitingStream } from "../../plan/program-outcome.js";
import type { Instruction, Programs } from "../../plan/programs.js";
import type { Diagnosis } from "./document.js";
import type { OperationResult, ProgramResult, RoleResult } from "./document-programs.js";

/** When the first program starts, in ps. */
export function programStartPs({ ranks }: Programs): number {
  const first = ranks.startPs.reduce((least, ps) => Math.min(least, ps), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : 0;
}

/**
 * Time at which each rank of the fabric had ended its programs, in ps from `startPs`: NaN where it
 * has not, -1 where it has none.
 */
export function programFinishPs({ fabric }: RunPlan, programs: Programs, outcome: ProgramOutcome, startPs: number) {
  const finishPs = new Float64Array(fabric.rankCount).fill(-1);
  for (let r = 0; r < programs.ranks.count; r++) {
    const rank = programs.ranks.rank[r]!;
    finishPs[rank] = Math.max(finishPs[rank]!, outcome.ranks.finishPs[r]! - startPs);
  }
  return finishPs;
}

/**
 * Times of roles and labels; undefined in runs without programs.
 * @param recordLimit entries of each timeline that are told of what was recorded one by one
 */
export function programResult({ programs }: RunPlan, outcome: Outcome, recordLimit: number): ProgramResult | undefined {
  if (programs === undefined || outcome.programs === undefined) return undefined;
  const { labels, timelines } = outcome.programs;
  const operations = usedLabels(programs).map((i): OperationResult => {
    const name = programs.labels[i]!;
    const { count, mostPs, ...sums } = labels[i]!;
    const [totalPs, exposedPs] = [Number(sums.totalPs), Number(sums.exposedPs)];
    const meanNs = count === 0 ? 0 : totalPs / count / 1000;
    return { name, count, meanNs, maxNs: mostPs / 1000, totalNs: totalPs / 1000, exposedNs: exposedPs / 1000 };
  });
  return {
    roles: ranksByRole(programs).map((role) => roleResult(programs, outcome.programs!, role, outcome.endPs)),
    operations,
    ...(recordLimit > 0 &&
      timelines.length > 0 && {
        timelines: timelines.map(({ programRank, entries, dropped }) => ({
          rank: programs.ranks.rank[programRank]!,
          dropped: dropped + Math.max(0, entries.length - recordLimit),
          entries: entries.slice(0, recordLimit).map(({ stream, label, startPs, endPs }) => ({
            stream: programs.roles[programs.ranks.role[programRank]!]!.streams[stream]?.name ?? "",
            name: programs.labels[label]!,
            startNs: startPs / 1000,
            endNs: endPs / 1000,
          })),
        })),
      }),
  };
}

/** Roles that have ranks, ascending: those of one job of several, or all. */
function rolesOf({ ranks }: Programs): number[] {
  return [...new Set(ranks.role)].sort((a, b) => a - b);
}

/** Labels that programs name, ascending; all where all roles have ranks. */
export function usedLabels(programs: Programs): readonly number[] {
  const own = rolesOf(programs);
  if (own.length === programs.roles.length) return [...programs.labels.keys()];
  const used = new Set<number>();
  const visit = (instructions: readonly Instruction[]) => {
    for (const each of instructions) {
      if (each.kind === "loop") visit(each.body);
      else if (each.kind === "compute" || each.kind === "operation") used.add(each.label);
    }
  };
  for (const role of own) {
    const { streams, graph } = programs.roles[role]!;
    for (const { instructions } of streams) visit(instructions);
    for (let n = 0; n < (graph?.count ?? 0); n++) {
      const kind = graph!.kind[n];
      if (kind === NodeKind.compute || kind === NodeKind.operation) used.add(graph!.label[n]!);
    }
  }
  return [...used].sort((a, b) => a - b);
}

interface NamedRanks {
  readonly name: string;
  readonly members: readonly number[];
}

/** Program ranks by the name of their role: of a trace each rank has a role of the same name. */
function ranksByRole(programs: Programs): NamedRanks[] {
  const { ranks, roles } = programs;
  const byName = new Map<string, number[]>(rolesOf(programs).map((role) => [roles[role]!.name, []]));
  ranks.role.forEach((role, r) => {
    byName.get(roles[role]!.name)!.push(r);
  });
  return [...byName].map(([name, members]) => ({ name, members }));
}

/** Means over the ranks of a role. What has not ended counts to the end of the run. */
function roleResult(
  { ranks }: Programs,
  outcome: ProgramOutcome,
  { name, members }: NamedRanks,
  endPs: number,
): RoleResult {
  const { finishPs, computePs, exposedPs } = outcome.ranks;
  const mean = (of: (r: number) => number) =>
    members.reduce((sum, r) => sum + of(r), 0) / Math.max(1, members.length) / 1000;
  const elapsed = (r: number) => (Number.isNaN(finishPs[r]!) ? endPs : finishPs[r]!) - ranks.startPs[r]!;
  const ended = members.filter((r) => !Number.isNaN(finishPs[r]!));
  const last = ended.reduce((most, r) => Math.max(most, finishPs[r]!), 0);
  return {
    name,
    ranks: members.length,
    finishNs: ended.length < members.length ? null : last / 1000,
    computeNs: mean((r) => computePs[r]!),
    exposedNs: mean((r) => exposedPs[r]!),
    idleNs: mean((r) => Math.max(0, elapsed(r) - computePs[r]! - exposedPs[r]!)),
  };
}

/** Streams that a diagnosis names. */
const NAMED_MAX = 4;

/** Where programs stand that cannot go on; undefined where all have ended. */
export function stuckPrograms(plan: RunPlan, outcome: Outcome): Diagnosis | undefined {
  const { programs } = plan;
  const waiting = outcome.programs?.waiting ?? [];
  if (programs === undefined || waiting.length === 0) return undefined;
  const named = waiting.slice(0, NAMED_MAX).map((stream) => standing(plan, programs, outcome, stream));
  const ended = outcome.programs!.ranks.finishPs.filter((ps) => !Number.isNaN(ps)).length;
  const text = `${programs.ranks.count - ended} of ${programs.ranks.count} programs cannot go on: ${named.join("; ")}${waiting.length > NAMED_MAX ? "; and more" : ""}.`;
  return { kind: "stuck", text, ports: [] };
}

function standing(plan: RunPlan, programs: Programs, outcome: Outcome, at: WaitingStream): string {
  const { ranks, roles, labels } = programs;
  const { rankName } = plan.fabric;
  const role = roles[ranks.role[at.programRank]!]!;
  const lane = role.streams[at.stream]?.name;
  const where = `${rankName(ranks.rank[at.programRank]!)} (${lane === undefined ? role.name : `${role.name}, ${lane}`})`;
  if (at.state === "operation") {
    const from = missingFrom(plan, programs, outcome, at).map(rankName);
    const rest = from.length === 0 ? "acknowledgements" : `data from ${from.join(", ")}`;
    return `${where} waits in ${labels[at.label]}, operation ${at.operation + 1} of its communicator, for ${rest}`;
  }
  const signal = role.signals?.[at.operand] ?? `signal ${at.operand}`;
  if (at.state === "waiting") return `${where} waits for ${role.graph ? "a" : "the signal"} ${signal}`;
  if (role.graph !== undefined && at.state === "starting") return `${where} has operations left that wait for others`;
  return `${where} is ${at.state}`;
}

/** Ranks whose data an operation lacks, the first ones. */
function missingFrom(
  { flows, fabric }: RunPlan,
  { ranks, communicators }: Programs,
  { chunksDelivered }: Outcome,
  { programRank, operand, operation }: WaitingStream,
): number[] {
  const communicator = ranks.slots[ranks.slotFirst[programRank]! + operand]!;
  const rankOf = (nic: number) => fabric.nics.rank[nic]!;
  const missing = new Set<number>();
  const { firstFlow, operations } = communicators;
  for (let flow = firstFlow[communicator]!; flow < firstFlow[communicator + 1]!; flow++) {
    if (rankOf(flows.dstNic[flow]!) !== ranks.rank[programRank]) continue;
    const needed = (operation + 1) * (flows.chunks[flow]! / operations[communicator]!);
    if (chunksDelivered[flow]! < needed) missing.add(rankOf(flows.srcNic[flow]!));
  }
  return [...missing].slice(0, NAMED_MAX);
}
