/**
 * Ranks of a parallel layout and their groups, as Megatron-LM builds them (`RankGenerator`): the
 * first kind of the order changes fastest with the rank.
 */

import type { Degrees, Parallelism } from "../../plan/training/step.js";

/** Coordinates of a rank in the dense layout. */
export type Coordinates = Readonly<Record<"tp" | "cp" | "dp" | "pp", number>>;

export class ParallelLayout {
  readonly rankCount: number;
  /** Kinds from the one that changes fastest, without experts. */
  private readonly dense: readonly ("tp" | "cp" | "dp" | "pp")[];

  constructor(
    readonly degrees: Degrees,
    order: readonly Parallelism[],
  ) {
    this.rankCount = degrees.tp * degrees.cp * degrees.dp * degrees.pp;
    this.dense = order.filter((kind): kind is "tp" | "cp" | "dp" | "pp" => kind !== "ep");
  }

  coordinatesOf(rank: number): Coordinates {
    const found = { tp: 0, cp: 0, dp: 0, pp: 0 };
    let rest = rank;
    for (const kind of this.dense) {
      found[kind] = rest % this.degrees[kind];
      rest = Math.floor(rest / this.degrees[kind]);
    }
    return found;
  }

  rankAt(coordinates: Coordinates): number {
    let [rank, stride] = [0, 1];
    for (const kind of this.dense) {
      rank += coordinates[kind] * stride;
      stride *= this.degrees[kind];
    }
    return rank;
  }

  /**
   * Groups whose ranks differ in these kinds only, each in the order of its ranks; ordered by their
   * first rank.
   */
  groups(kinds: readonly ("tp" | "cp" | "dp" | "pp")[]): readonly (readonly number[])[] {
    const byKey = new Map<number, number[]>();
    for (let rank = 0; rank < this.rankCount; rank++) {
      const first = { ...this.coordinatesOf(rank) };
      for (const kind of kinds) first[kind] = 0;
      const key = this.rankAt(first);
      const group = byKey.get(key);
      if (group === undefined) byKey.set(key, [rank]);
      else group.push(rank);
    }
    return [...byKey.values()];
  }

  /**
   * Groups that exchange tokens of experts: runs of `ep` ranks of each group of data and context
   * parallelism.
   */
  expertGroups(): readonly (readonly number[])[] {
    const { ep } = this.degrees;
    return this.groups(["cp", "dp"]).flatMap((group) =>
      Array.from({ length: group.length / ep }, (_, i) => group.slice(i * ep, (i + 1) * ep)),
    );
  }

  /** Groups that hold the same experts, and add up their gradients. */
  expertDataGroups(): readonly (readonly number[])[] {
    const { ep } = this.degrees;
    return this.groups(["cp", "dp"]).flatMap((group) =>
      Array.from({ length: ep }, (_, place) => group.filter((_, i) => i % ep === place)),
    );
  }
}
