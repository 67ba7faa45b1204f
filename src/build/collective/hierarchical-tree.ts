import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { doubleBinaryTree, type Tree } from "./binary-tree.js";
import { pipelineChunks } from "./chunk-size.js";
import type { Cluster } from "./cluster.js";
import { addTree, treeHeight } from "./rank-tree.js";
import { type Collective, ScheduleBuilder } from "./schedule.js";
import { Sections } from "./sections.js";

/** Chunks of a share of the buffer. */
interface Share {
  readonly chunks: number;
  readonly chunkBytes: number;
}

/**
 * All-reduce of g GPUs in each of n nodes: every GPU of a node sends each other one its share over
 * the scale-up network (reduce-scatter); the GPUs of a rail do an all-reduce over the double binary
 * tree; every GPU sends the others its result (all-gather). Chunks follow one another through all
 * of it: while one is between the nodes, the next is inside.
 */
export function hierarchicalTree(workload: CollectiveWorkload, cluster: Cluster): Collective {
  const { gpusPerNode: g, nodes, ranks } = cluster;
  const overNodes = doubleBinaryTree(nodes);
  const share = pipelineChunks(
    {
      bytes: Math.ceil(workload.sizeBytes / (overNodes.length * g)),
      hops: 2 * (treeHeight(nodes) + 1),
      sentPerByte: 4,
    },
    cluster,
    workload,
  );
  const builder = new ScheduleBuilder(overNodes.length * 2 * (ranks * (g - 1) + g * (nodes - 1)));
  const sections = new Sections();
  overNodes.forEach((tree, half) => {
    for (let rail = 0; rail < g; rail++) {
      const first = (half * g + rail) * share.chunks;
      const begin = (reduces: boolean, firstFlow = builder.count) =>
        sections.begin(firstFlow, (_, chunk) => ({ first: first + chunk, count: 1, reduces }));
      addRail(builder, { tree, rail, cluster, share }, begin);
    }
  });
  return { schedule: builder.build(), parts: overNodes.length * g * share.chunks, cargo: sections.cargo };
}

interface Rail {
  readonly tree: Tree;
  readonly rail: number;
  readonly cluster: Cluster;
  readonly share: Share;
}

/** Flows of one rail and one tree: into the GPUs of the rail, over the tree, and out again. */
function addRail(
  builder: ScheduleBuilder,
  { tree, rail, cluster: { gpusPerNode: g, nodes }, share }: Rail,
  begin: (reduces: boolean, firstFlow?: number) => void,
): void {
  const own = (node: number) => node * g + rail;
  const others = Array.from({ length: g }, (_, local) => local).filter((local) => local !== rail);
  begin(true);
  // Sums into the GPU of the rail of each node.
  const into = Array.from({ length: nodes }, (_, node) =>
    others.map((local) => builder.add({ src: node * g + local, dst: own(node), ...share })),
  );
  const edges = nodes - 1;
  const { up, down } = addTree(builder, tree, share, "both", own);
  // The flows up come first, then those down.
  const firstDown = builder.count - edges;
  const known = Array.from({ length: nodes }, (_, node): number[] => [...into[node]!]);
  tree.parent.forEach((above, node) => {
    if (above < 0) return;
    for (const flow of into[node]!) builder.after(up[node]!, flow, 0);
    if (above === tree.root) {
      known[tree.root]!.push(up[node]!);
      for (const flow of into[tree.root]!) builder.after(down[node]!, flow, 0);
    }
    known[node] = [down[node]!];
  });
  begin(false, firstDown);
  for (let node = 0; node < nodes; node++) {
    for (const local of others) {
      const flow = builder.add({ src: own(node), dst: node * g + local, ...share });
      for (const upstream of known[node]!) builder.after(flow, upstream, 0);
    }
  }
}
