/** Communicators of a training step: who is in them, and by which algorithm they work. */
import { ALGORITHM_ROWS, type AlgorithmName, COLLECTIVES, type CollectiveName } from "../../plan/collectives.js";
import { PlanError } from "../../plan/plan-error.js";
import type { CollectiveKind, TrainingStep } from "../../plan/training/step.js";
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { listOf } from "../../util/list-of.js";
import { collectiveOf, type Site } from "../collective/index.js";
import { ScheduleBuilder } from "../collective/schedule.js";
import type { ProgramBuilder } from "../programs/builder.js";
import { AlgorithmChoice, channelsOf } from "../programs/choice.js";
import { type JobPlace, onFabric } from "../programs/place.js";
import { ParallelLayout } from "./layout.js";

/** Ranks that communicate; `experts` hold the same experts, and add up their gradients. */
export type GroupKind = CollectiveKind | "experts";

/** What a slot of a role is bound to, at each rank to the communicator of its group. */
export type SlotSpec =
  | { readonly kind: "group"; readonly group: GroupKind; readonly collective: CollectiveName; readonly bytes: number }
  | { readonly kind: "pair"; readonly way: "forward" | "backward"; readonly isSender: boolean; readonly bytes: number };

/** Communicators of the plan, made when they are first asked for. */
export class TrainingCommunicators {
  readonly layout: ParallelLayout;
  private readonly groups = new Map<GroupKind, ReadonlyMap<number, readonly number[]>>();
  private readonly numbers = new Map<string, number>();
  private readonly choice: AlgorithmChoice;
  private readonly step: TrainingStep;

  constructor(
    private readonly site: Site,
    private readonly job: JobPlace<TrainingStep>,
    private readonly builder: ProgramBuilder,
  ) {
    const { workload: step } = job;
    this.step = step;
    this.choice = new AlgorithmChoice(site.scenario);
    this.layout = new ParallelLayout(step.degrees, step.order);
  }

  /** Ranks of a group of this kind. */
  size(kind: GroupKind): number {
    return this.groupOf(kind, 0).length;
  }

  /** Number of the communicator that a rank binds to a slot of that name. */
  of(name: string, spec: SlotSpec, rank: number): number {
    const ranks = spec.kind === "pair" ? this.pairOf(spec, rank) : this.groupOf(spec.group, rank);
    const slot = spec.kind === "pair" ? spec.way : name;
    const key = `${slot} ${ranks[0]} ${spec.kind === "pair" ? ranks[1] : ""}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.builder.communicator(onFabric(this.make(spec, ranks), this.job));
      this.numbers.set(key, number);
    }
    return number;
  }

  private make(spec: SlotSpec, ranks: readonly number[]) {
    if (spec.kind === "pair") {
      const schedule = new ScheduleBuilder(1);
      schedule.add({ src: ranks[0]!, dst: ranks[1]!, chunkBytes: Math.ceil(spec.bytes), chunks: 1 });
      return { schedule: schedule.build() };
    }
    return collectiveOf(this.site, this.workload(spec, ranks), this.job.ranks);
  }

  private workload(
    { group, collective, bytes }: Extract<SlotSpec, { kind: "group" }>,
    ranks: readonly number[],
  ): CollectiveWorkload {
    const sizeBytes = Math.max(1, Math.ceil(bytes));
    const jobRanks = this.job.ranks;
    const members = jobRanks === undefined ? ranks : ranks.map((rank) => jobRanks[rank]!);
    const chosen = this.algorithm(group, collective, sizeBytes, members);
    const { gpusPerNode } = topologyFacts(this.site.scenario.topology);
    return {
      kind: "collective",
      collective,
      ...chosen,
      channels: channelsOf(chosen.algorithm, members, gpusPerNode),
      ...{ sizeBytes, root: 0, repeat: 1, chunkBytes: null, reductionDelayPs: 0 },
      groups: [ranks],
    };
  }

  /** @param ranks of the fabric */
  private algorithm(group: GroupKind, collective: CollectiveName, bytes: number, ranks: readonly number[]) {
    const setting = group === "experts" ? "dp" : group;
    const written: AlgorithmName | "auto" = this.step.algorithms[setting];
    if (written === "auto") return this.choice.of(collective, bytes, ranks);
    checkWritten(written, collective, setting);
    return { algorithm: written };
  }

  private groupOf(kind: GroupKind, rank: number): readonly number[] {
    let byRank = this.groups.get(kind);
    if (byRank === undefined) {
      byRank = new Map(this.list(kind).flatMap((ranks) => ranks.map((each) => [each, ranks] as const)));
      this.groups.set(kind, byRank);
    }
    return byRank.get(rank)!;
  }

  private list(kind: GroupKind): readonly (readonly number[])[] {
    if (kind === "ep") return this.layout.expertGroups();
    if (kind === "experts") return this.layout.expertDataGroups();
    return this.layout.groups(kind === "dp" ? ["cp", "dp"] : [kind]);
  }

  /** Sender and receiver: stages are a ring, as parts of the last one go on at the first one. */
  private pairOf({ way, isSender }: Extract<SlotSpec, { kind: "pair" }>, rank: number): readonly number[] {
    const { pp } = this.step.degrees;
    const here = this.layout.coordinatesOf(rank);
    const isNext = (way === "forward") === isSender;
    const other = this.layout.rankAt({ ...here, pp: (here.pp + (isNext ? 1 : pp - 1)) % pp });
    return isSender ? [rank, other] : [other, rank];
  }
}

/** @throws PlanError where the algorithm does not do what this kind of parallelism asks for */
function checkWritten(algorithm: AlgorithmName, collective: CollectiveName, setting: string): void {
  const able = COLLECTIVES[collective].algorithms.filter((name) => ALGORITHM_ROWS[name].reducesIn === undefined);
  if (able.includes(algorithm)) return;
  const isReduced = ALGORITHM_ROWS[algorithm].reducesIn !== undefined;
  const what = isReduced ? "switches reduce no operation of a training step" : `${algorithm} does no ${collective}`;
  throw new PlanError(`${what}; write ${listOf(able, "or")}, or auto`, [
    ["workload", "algorithms", setting],
    ["workload", "algorithms"],
    ["workload"],
  ]);
}
