import { addTree } from "../collective/rank-tree.js";
import { type Schedule, ScheduleBuilder } from "../collective/schedule.js";

/**
 * An all-reduce over a tree of ranks: sums go up chunk by chunk, results down.
 * @param parent by rank; -1 at the root
 */
export function treeAllReduce(parent: Int32Array, bytes: number, chunkBytes: number): Schedule {
  const builder = new ScheduleBuilder(2 * parent.length);
  const chunks = Math.max(1, Math.ceil(bytes / chunkBytes));
  const shape = { chunks, chunkBytes: Math.max(1, Math.ceil(bytes / chunks)) };
  addTree(builder, { root: parent.indexOf(-1), parent }, shape, "both");
  return builder.build();
}
