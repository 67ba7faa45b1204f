import type { Cluster } from "./cluster.js";

/**
 * Ranks of a ring, node by node. Ring `channel` starts `channel` GPUs further in each node, so that
 * parallel rings cross node boundaries over different NICs.
 *
 * On a rail-optimized fabric a hop between nodes stays on one rail: node `i` is left on the rail on
 * which node `i + 1` is entered. A node of several GPUs is entered and left on different ones. So
 * the rails must differ from one boundary to the next, around the ring: two rails in turn, and a
 * third once where the number of nodes is odd. With two GPUs per node and an odd number of nodes
 * one hop must cross.
 */
export function ringOrder(cluster: Cluster, channel: number): Uint32Array {
  const { ranks, nodes, gpusPerNode: g } = cluster;
  const order = new Uint32Array(ranks);
  for (let node = 0; node < nodes; node++) {
    const locals = cluster.isRailOptimized && nodes > 1 ? railOrder(cluster, node) : undefined;
    for (let i = 0; i < g; i++) {
      const local = locals === undefined ? i : locals[i]!;
      order[node * g + i] = node * g + ((local + channel) % g);
    }
  }
  return order;
}

/** GPUs of a node, from the rail that it is entered on to the rail that it is left on. */
function railOrder({ nodes, gpusPerNode: g }: Cluster, node: number): readonly number[] {
  if (g === 1) return [0];
  const entry = boundaryRail(node, nodes, g);
  const next = boundaryRail((node + 1) % nodes, nodes, g);
  const exit = next === entry ? (entry + 1) % g : next;
  const between = Array.from({ length: g }, (_, local) => local).filter((local) => local !== entry && local !== exit);
  return [entry, ...(entry < exit ? between : between.reverse()), exit];
}

/** Rail on which a node is entered. */
function boundaryRail(node: number, nodes: number, g: number): number {
  const isOddOneOut = nodes % 2 === 1 && node === nodes - 1 && g > 2;
  if (isOddOneOut) return 1;
  return node % 2 === 0 ? 0 : g - 1;
}
