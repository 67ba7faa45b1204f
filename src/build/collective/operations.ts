/**
 * Operations that switches reduce, in a schedule: flows that begin and end at one rank (MODEL.md
 * §12). An operation's flows have consecutive numbers.
 */
import {
  type NewFlow,
  type OperationNetwork,
  type Schedule,
  ScheduleBuilder,
  type ScheduleOperation,
} from "./schedule.js";

/** What an operation is to do: those that contribute are summed up, at those that receive. */
export interface NewOperation extends Pick<NewFlow, "chunkBytes" | "chunks"> {
  readonly ranks: readonly number[];
  /** Left out: all. */
  readonly contributes?: (rank: number) => boolean;
  readonly receives?: (rank: number) => boolean;
  readonly network: OperationNetwork;
  readonly choice: number;
}

/** Collects operations beside flows. */
export class OperationBuilder {
  readonly flows: ScheduleBuilder;
  private readonly list: ScheduleOperation[] = [];
  private readonly contributors: number[] = [];
  private readonly receivers: number[] = [];

  constructor(expectedFlows?: number) {
    this.flows = new ScheduleBuilder(expectedFlows);
  }

  /** @returns The flow of its first rank; those of the others follow in order. */
  add({ ranks, contributes, receives, network, choice, chunkBytes, chunks }: NewOperation): number {
    const first = this.flows.count;
    for (const rank of ranks) {
      const flow = this.flows.add({ src: rank, dst: rank, chunkBytes, chunks });
      if (contributes === undefined || contributes(rank)) this.contributors.push(flow);
      if (receives === undefined || receives(rank)) this.receivers.push(flow);
    }
    this.list.push({ first, members: ranks.length, network, choice });
    return first;
  }

  build(): Schedule {
    const schedule = this.flows.build();
    const marked = (flows: readonly number[]) => {
      const column = new Uint8Array(schedule.count);
      for (const flow of flows) column[flow] = 1;
      return column;
    };
    const roles = { contributes: marked(this.contributors), receives: marked(this.receivers) };
    return { ...schedule, operations: { list: this.list, ...roles } };
  }
}
