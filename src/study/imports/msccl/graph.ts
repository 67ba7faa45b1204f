/** An algorithm of MSCCL as a graph: threadblocks are lanes, steps follow one another. */
import type { TraceGraphs } from "../../../scenario/types/trace.js";
import { type RankBuilder, TraceBuilder } from "../common/trace-builder.js";
import { type Algorithm, STEPS, type Step, type Threadblock } from "./algorithm.js";

export interface Sizes {
  /** Bytes of a chunk in one round. */
  readonly chunkBytes: number;
  /** How often the algorithm is gone through, each time with other chunks. */
  readonly rounds: number;
  /** Time of a reduction, and of a copy, in ps. */
  readonly reducePs: number;
  readonly copyPs: number;
}

export function graphOf({ gpus }: Algorithm, sizes: Sizes): TraceGraphs {
  const trace = new TraceBuilder(gpus.length);
  gpus.forEach(({ blocks }, gpu) => {
    const rank = trace.rank(gpu);
    const lanes = blocks.map((_, tb) => rank.lane(`tb ${tb}`));
    const last = blocks.map((): number | undefined => undefined);
    for (let round = 0; round < sizes.rounds; round++) {
      /** First and last node of each step. */
      const steps = blocks.map((block, tb) =>
        block.steps.map((step) => {
          const nodes = nodesOf(step, block, { trace, rank, gpu, lane: lanes[tb]!, sizes });
          nodes.forEach((node, n) => {
            const before = n === 0 ? last[tb] : nodes[n - 1];
            if (before !== undefined) rank.after(node, before);
          });
          last[tb] = nodes.at(-1)!;
          return nodes;
        }),
      );
      blocks.forEach((block, tb) => {
        block.steps.forEach(({ after }, s) => {
          if (after !== undefined) rank.after(steps[tb]![s]![0]!, steps[after.block]![after.step]!.at(-1)!);
        });
      });
    }
  });
  return trace.build();
}

interface Maker {
  readonly trace: TraceBuilder;
  readonly rank: RankBuilder;
  readonly gpu: number;
  readonly lane: number;
  readonly sizes: Sizes;
}

/** Nodes of a step, one after the other. */
function nodesOf(step: Step, { send, receive, channel }: Threadblock, maker: Maker): number[] {
  const { trace, rank, gpu, lane, sizes } = maker;
  const { receives, reduces, stores, sends } = STEPS[step.type];
  const bytes = step.count * sizes.chunkBytes;
  const message = (src: number, dst: number) =>
    trace.communicator(`${src} ${dst} ${channel} ${step.count}`, () => {
      return { kind: "message", src, dst, bytes, rendezvous: false };
    });
  const nodes: number[] = [];
  if (receives) nodes.push(rank.operation(message(receive, gpu), trace.label("receive"), { lane }));
  if (reduces) nodes.push(rank.compute(lane, sizes.reducePs, trace.label("reduce")));
  else if (stores && !receives) nodes.push(rank.compute(lane, sizes.copyPs, trace.label("copy")));
  if (sends) nodes.push(rank.operation(message(gpu, send), trace.label("send"), { lane, ends: "sent" }));
  if (nodes.length === 0) nodes.push(rank.compute(lane, 0, trace.label("nop")));
  return nodes;
}
