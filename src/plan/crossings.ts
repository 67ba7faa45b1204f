/**
 * What each collective must move over the boundaries of a partition of the ranks, by any algorithm.
 * Data may be passed on by ranks, and partial sums are formed by ranks only.
 */

/** A partition of the ranks into groups. */
export interface Groups {
  readonly count: number;
  readonly groupOfRank: ArrayLike<number>;
  /** Ranks of each group. */
  readonly ranksIn: ArrayLike<number>;
}

/** What a boundary depends on beside the collective itself. */
export interface Task {
  readonly root: number;
  /** Bytes of each rank's buffer. */
  readonly sizeBytes: number;
  /** Bytes from rank to rank, where they are unequal. */
  readonly sizes?: SizeMatrix | undefined;
}

/** Bytes that rank `src` has for rank `dst`: entry `src * ranks + dst`. */
export interface SizeMatrix {
  readonly ranks: number;
  readonly bytes: Float64Array;
}

/** What must cross the boundaries of a partition, one way, in buffers of one rank. */
export interface Crossing {
  /** Sum over all groups. */
  readonly total: number;
  /** Least that each group has by itself; 0 where it need not send, or receive, anything. */
  readonly each: Float64Array;
}

export interface BothWays {
  readonly egress: Crossing;
  readonly ingress: Crossing;
}

type CrossingOf = (groups: Groups, task: Task) => BothWays;

const ranksOf = ({ count, ranksIn }: Groups): number => {
  let sum = 0;
  for (let group = 0; group < count; group++) sum += ranksIn[group]!;
  return sum;
};

function each(groups: Groups, value: (ranks: number, group: number) => number): Float64Array {
  return Float64Array.from({ length: groups.count }, (_, group) => value(groups.ranksIn[group]!, group));
}

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

/** The same sum both ways: what leaves a group enters another. */
function bothWays(total: number, egress: Float64Array, ingress: Float64Array): BothWays {
  return { egress: { total, each: egress }, ingress: { total, each: ingress } };
}

/**
 * Until the first group knows the sum of an element, the messages must connect all `n` groups:
 * `n - 1`. The others must each receive one more afterwards. Each group sends and receives a buffer
 * (Patarasuk and Yuan 2009, with groups for processes).
 */
export const allReduceCrossing: CrossingOf = (groups) => {
  const one = each(groups, () => 1);
  return bothWays(2 * (groups.count - 1), one, one);
};

/**
 * Each element of a block comes to all other groups. A group lets its own blocks out once at least,
 * and takes in all others.
 */
export const allGatherCrossing: CrossingOf = (groups) => {
  const ranks = ranksOf(groups);
  return bothWays(
    groups.count - 1,
    each(groups, (own) => own / ranks),
    each(groups, (own) => (ranks - own) / ranks),
  );
};

/** The mirror image: for each element all other groups send one message at least. */
export const reduceScatterCrossing: CrossingOf = (groups, task) => mirrored(allGatherCrossing(groups, task));

/** Each group but that of the root receives the buffer, and that of the root sends it. */
export const broadcastCrossing: CrossingOf = (groups, { root }) => {
  const isRoot = (group: number) => group === groups.groupOfRank[root];
  return bothWays(
    groups.count - 1,
    each(groups, (_, group) => (isRoot(group) ? 1 : 0)),
    each(groups, (_, group) => (isRoot(group) ? 0 : 1)),
  );
};

export const reduceCrossing: CrossingOf = (groups, task) => mirrored(broadcastCrossing(groups, task));

/** The blocks of the other groups leave that of the root. */
export const scatterCrossing: CrossingOf = (groups, { root }) => {
  const ranks = ranksOf(groups);
  const home = groups.groupOfRank[root]!;
  const away = (ranks - groups.ranksIn[home]!) / ranks;
  return bothWays(
    away,
    each(groups, (_, group) => (group === home ? away : 0)),
    each(groups, (own, group) => (group === home ? 0 : own / ranks)),
  );
};

export const gatherCrossing: CrossingOf = (groups, task) => mirrored(scatterCrossing(groups, task));

/** Each rank of a group has a block for each rank of the others. No two can be combined. */
export const allToAllCrossing: CrossingOf = (groups, { sizes, sizeBytes }) => {
  if (sizes !== undefined) return matrixCrossing(groups, sizes, sizeBytes);
  const ranks = ranksOf(groups);
  const out = each(groups, (own) => (own * (ranks - own)) / ranks);
  return bothWays(sum(out), out, out);
};

function matrixCrossing({ count, groupOfRank }: Groups, { ranks, bytes }: SizeMatrix, sizeBytes: number): BothWays {
  const egress = new Float64Array(count);
  const ingress = new Float64Array(count);
  for (let src = 0; src < ranks; src++) {
    for (let dst = 0; dst < ranks; dst++) {
      const [from, to] = [groupOfRank[src]!, groupOfRank[dst]!];
      if (from === to) continue;
      egress[from]! += bytes[src * ranks + dst]! / sizeBytes;
      ingress[to]! += bytes[src * ranks + dst]! / sizeBytes;
    }
  }
  return bothWays(sum(egress), egress, ingress);
}

/** Rank `r` sends a buffer to rank `r + 1`, the last one to the first. */
export const sendRecvCrossing: CrossingOf = (groups) => {
  const ranks = ranksOf(groups);
  const egress = new Float64Array(groups.count);
  const ingress = new Float64Array(groups.count);
  for (let rank = 0; rank < ranks; rank++) {
    const [from, to] = [groups.groupOfRank[rank]!, groups.groupOfRank[(rank + 1) % ranks]!];
    if (from === to) continue;
    egress[from]! += 1;
    ingress[to]! += 1;
  }
  return bothWays(sum(egress), egress, ingress);
};

/** Messages, but no bytes to speak of. */
export const barrierCrossing: CrossingOf = (groups) => {
  const none = new Float64Array(groups.count);
  return bothWays(0, none, none);
};

function mirrored({ egress, ingress }: BothWays): BothWays {
  return { egress: ingress, ingress: egress };
}
