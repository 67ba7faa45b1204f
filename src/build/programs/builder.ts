/**
 * Jobs as programs: communicators, roles and ranks as they come, turned into flows and programs of
 * a plan. What generates programs (a scenario, a training step, a trace) uses this.
 */
import type { Fabric } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import { operationsPerSlot, type Programs, type Role } from "../../plan/programs.js";
import { allBeside } from "../collective/beside.js";
import { type ConnectedFlows, connect } from "../collective/connections.js";
import type { Schedule } from "../collective/schedule.js";
import type { RankLayout } from "../ranks.js";

/** A set of ranks, and what they send each other in one operation. */
export interface NewCommunicator {
  /** Between ranks of the fabric. Start times are not looked at. */
  readonly schedule: Schedule;
  /** By flow of the schedule: between a delivery and what it allows. */
  readonly delayPs?: Float64Array | undefined;
  readonly dataClass?: number;
}

export interface NewRank {
  /** The rank of the fabric. */
  readonly rank: number;
  readonly role: number;
  /** Communicators by slot of the role. */
  readonly slots: readonly number[];
  readonly job?: number;
  readonly startPs?: number;
  readonly computeFactor?: number;
  readonly jitter?: number;
}

/** Flows on NICs and queue pairs, and the programs that drive them. */
export interface ConnectedPrograms extends ConnectedFlows {
  readonly programs: Programs;
}

/** Where flows are put: see `connect`. */
export interface Site {
  readonly layout: RankLayout;
  readonly fabric: Fabric;
  readonly qpsPerConnection: number;
  /** Whether data has several classes. */
  readonly isClassed: boolean;
}

/** Everything is numbered from 0, in the order in which it was added. */
export class ProgramBuilder {
  private readonly jobs: string[] = [];
  private readonly labels = new Map<string, number>();
  private readonly communicators: NewCommunicator[] = [];
  private readonly roles: Role[] = [];
  private readonly ranks: NewRank[] = [];
  private recorded: readonly number[] = [];
  private recordLimit = 0;

  job(name: string): number {
    return this.jobs.push(name) - 1;
  }

  /** The number of a label; the same one for the same name. */
  label(name: string): number {
    const number = this.labels.get(name) ?? this.labels.size;
    this.labels.set(name, number);
    return number;
  }

  communicator(communicator: NewCommunicator): number {
    return this.communicators.push(communicator) - 1;
  }

  role(role: Role): number {
    return this.roles.push(role) - 1;
  }

  /** Adds a rank of a job. @returns its number among program ranks */
  rank(rank: NewRank): number {
    return this.ranks.push(rank) - 1;
  }

  /** Keeps the first `limit` computations and operations of some program ranks. */
  record(programRanks: readonly number[], limit: number): void {
    this.recorded = [...new Set(programRanks)].sort((a, b) => a - b);
    this.recordLimit = limit;
  }

  /**
   * Flows and programs of what was added.
   * @throws PlanError where a rank sends or receives in a communicator that it has no slot for, or
   * has two slots for one
   */
  connect({ layout, fabric, qpsPerConnection, isClassed }: Site): ConnectedPrograms {
    const { communicators, roles, ranks } = this;
    const operations = this.operations();
    this.checkMembers(fabric);
    if (communicators.some(({ schedule }) => schedule.operations !== undefined)) {
      throw new PlanError(
        "switches reduce no operation of a program in this version (nvls, nvls-tree, sharp); write another algorithm",
        [["workload"]],
      );
    }
    const schedules = communicators.map(({ schedule }, c) => repeated(schedule, operations[c]!));
    const firstOf = new Uint32Array(communicators.length + 1);
    schedules.forEach(({ count }, c) => {
      firstOf[c + 1] = firstOf[c]! + count;
    });
    const ofFlow = new Uint32Array(firstOf.at(-1)!);
    schedules.forEach((_, c) => {
      ofFlow.fill(c, firstOf[c], firstOf[c + 1]);
    });
    const isDelayed = communicators.some(({ delayPs }) => delayPs !== undefined);
    const delayOf = (flow: number) => communicators[ofFlow[flow]!]!.delayPs?.[flow - firstOf[ofFlow[flow]!]!] ?? 0;
    const connected = connect(allBeside(schedules), layout, fabric, qpsPerConnection, {
      delayPs: isDelayed ? delayOf : undefined,
      classOf: isClassed ? (flow) => communicators[ofFlow[flow]!]!.dataClass ?? 0 : undefined,
    });
    checkRelays(fabric, connected);
    const slotFirst = new Uint32Array(ranks.length + 1);
    ranks.forEach(({ slots }, r) => {
      slotFirst[r + 1] = slotFirst[r]! + slots.length;
    });
    const programs: Programs = {
      jobs: this.jobs,
      labels: [...this.labels.keys()],
      roles,
      ranks: {
        count: ranks.length,
        rank: Uint32Array.from(ranks, ({ rank }) => rank),
        job: Uint16Array.from(ranks, ({ job = 0 }) => job),
        role: Uint32Array.from(ranks, ({ role }) => role),
        startPs: Float64Array.from(ranks, ({ startPs = 0 }) => startPs),
        computeFactor: Float64Array.from(ranks, ({ computeFactor = 1 }) => computeFactor),
        jitter: Float64Array.from(ranks, ({ jitter = 0 }) => jitter),
        slotFirst,
        slots: Uint32Array.from(ranks.flatMap(({ slots }) => slots)),
      },
      communicators: {
        count: communicators.length,
        firstFlow: firstOf.map((flow) => connected.logical.firstFlow[flow]!),
        operations,
      },
      recorded: this.recorded,
      recordLimit: this.recordLimit,
    };
    return { ...connected, programs };
  }

  /** By communicator: operations that any rank executes, at most; at least 1. */
  private operations(): Uint32Array {
    const perRole = this.roles.map(operationsPerSlot);
    const counts = new Uint32Array(this.communicators.length).fill(1);
    for (const { role, slots } of this.ranks) {
      slots.forEach((communicator, slot) => {
        counts[communicator] = Math.max(counts[communicator]!, perRole[role]![slot]!);
      });
    }
    return counts;
  }

  private checkMembers({ rankName }: Fabric): void {
    const members = this.communicators.map(() => new Set<number>());
    for (const { rank, slots } of this.ranks) {
      for (const communicator of slots) {
        const bound = members[communicator]!;
        if (bound.has(rank)) {
          throw new PlanError(`${rankName(rank)} has one communicator twice; one slot is for one`, [["workload"]]);
        }
        bound.add(rank);
      }
    }
    this.communicators.forEach(({ schedule }, c) => {
      for (const ends of [schedule.src, schedule.dst]) {
        const missing = ends.find((rank) => !members[c]!.has(rank));
        if (missing === undefined) continue;
        const what = `${rankName(missing)} is in a communicator that its program never uses`;
        throw new PlanError(`${what}; give it a role that does, or take it out of the communicator`, [["workload"]]);
      }
    });
  }
}

/** The flows of one operation with the chunks of all operations. */
function repeated(schedule: Schedule, operations: number): Schedule {
  return {
    ...schedule,
    chunks: schedule.chunks.map((chunks) => chunks * operations),
    startPs: new Float64Array(schedule.count),
  };
}

/** @throws PlanError where a rank would have to pass on what belongs to others' operations */
function checkRelays({ nics, relayOf, rankName }: Fabric, { flows, logical }: ConnectedFlows): void {
  if (relayOf === undefined) return;
  const { firstFlow } = logical;
  for (let flow = 0; flow < logical.count; flow++) {
    const [src, dst] = [flows.srcNic[firstFlow[flow]!]!, flows.dstNic[firstFlow[flow + 1]! - 1]!].map(
      (nic) => nics.rank[nic]!,
    );
    if (relayOf(src!, dst!) < 0) continue;
    throw new PlanError(
      `${rankName(src!)} sends to ${rankName(dst!)} on another rail, which programs and training steps do not pass on ` +
        "in this version; write algorithms that stay on their rails (hierarchical-ring, pxn), or kind: rail-optimized",
      [["topology", "kind"], ["workload"]],
    );
  }
}
