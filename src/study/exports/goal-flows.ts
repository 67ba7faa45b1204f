/** Chunks of flows as messages of GOAL: each flow has a tag of its own. */
import type { RunPlan } from "../../plan/plan.js";
import type { Programs } from "../../plan/programs.js";
import type { Block } from "./goal-text.js";

/** Chunks that a rank sends: those from `from` on, once `after` has ended. */
export interface Chunks {
  readonly from: number;
  readonly count: number;
  readonly after: number | undefined;
}

/** Flows by the ranks at their ends. */
export class FlowStatements {
  private readonly leaving: readonly number[][];
  private readonly arriving: readonly number[][];

  constructor(private readonly plan: RunPlan) {
    const { flows, fabric } = plan;
    this.leaving = Array.from({ length: fabric.rankCount }, () => []);
    this.arriving = Array.from({ length: fabric.rankCount }, () => []);
    for (let flow = 0; flow < flows.count; flow++) {
      this.leaving[fabric.nics.rank[flows.srcNic[flow]!]!]!.push(flow);
      this.arriving[fabric.nics.rank[flows.dstNic[flow]!]!]!.push(flow);
    }
  }

  /** Messages of all flows. */
  count(): number {
    return this.plan.flows.chunks.reduce((sum, chunks) => sum + chunks, 0);
  }

  of(rank: number): RankFlows {
    return new RankFlows(this.plan, this.leaving[rank]!, this.arriving[rank]!);
  }
}

/** Flows that start and end at one rank, and the statements of their chunks. */
export class RankFlows {
  private readonly received = new Map<number, number>();

  constructor(
    private readonly plan: RunPlan,
    readonly leaving: readonly number[],
    readonly arriving: readonly number[],
  ) {}

  /** Receives chunks `from … from + count - 1`, which must follow those before. */
  receive(block: Block, flow: number, from: number, count: number): number[] {
    const { flows, fabric } = this.plan;
    const src = fabric.nics.rank[flows.srcNic[flow]!]!;
    const statements = Array.from({ length: count }, () => block.receive(flows.chunkBytes[flow]!, src, flow));
    // Consecutive chunks of one call have consecutive statements.
    for (let k = 0; k < count; k++) this.received.set(flow * 2 ** 26 + from + k, statements[k]!);
    return statements;
  }

  /** Sends chunks; each waits for the chunks of upstream flows that it needs, within `count`. */
  send(block: Block, flow: number, { from, count, after }: Chunks): number[] {
    const { flows, fabric } = this.plan;
    const dst = fabric.nics.rank[flows.dstNic[flow]!]!;
    return Array.from({ length: count }, (_, k) => {
      const statement = block.after(block.send(flows.chunkBytes[flow]!, dst, flow), after);
      for (let i = flows.upFirst[flow]!; i < flows.upFirst[flow + 1]!; i++) {
        const needed = k - flows.upLag[i]!;
        if (needed < 0) continue;
        const upstream = flows.upFlow[i]!;
        // Of an operation, chunks of the upstream flow are as many as in each operation.
        const perOperation = flows.chunks[upstream]! / (flows.chunks[flow]! / count);
        const first = (from / count) * perOperation;
        const chunk = first + Math.min(needed, perOperation - 1);
        block.after(statement, this.received.get(upstream * 2 ** 26 + chunk));
      }
      return statement;
    });
  }

  /** Those of a list of flows that a communicator has. */
  within(list: readonly number[], { communicators }: Programs, communicator: number): number[] {
    const [first, end] = [communicators.firstFlow[communicator]!, communicators.firstFlow[communicator + 1]!];
    return list.filter((flow) => flow >= first && flow < end);
  }

  /** Operations of a flow's communicator give each of them as many chunks. */
  chunksOf(flow: number, operations: number): number {
    return this.plan.flows.chunks[flow]! / operations;
  }
}
