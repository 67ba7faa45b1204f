/** Times in which a direction of a link is down, as a run takes them. */

/** A direction carries nothing from `downPs` until `upPs`; Infinity where it stays down. */
export interface Outage {
  readonly downPs: number;
  readonly upPs: number;
}

/** When a direction goes down first, and each return with the next time that it goes down. */
export interface Outages {
  /** Infinity for never. */
  readonly downAtPs: number;
  readonly ups: readonly { readonly atPs: number; readonly downAtPs: number }[];
}

/** Outages of one direction in order of time; those that overlap or touch are one. */
export function mergeOutages(outages: readonly Outage[]): Outage[] {
  const merged: Outage[] = [];
  for (const outage of [...outages].sort((a, b) => a.downPs - b.downPs)) {
    const last = merged.at(-1);
    if (last === undefined || outage.downPs > last.upPs) merged.push(outage);
    else merged[merged.length - 1] = { ...last, upPs: Math.max(last.upPs, outage.upPs) };
  }
  return merged;
}

/** What a plan says of the outages of one direction. */
export function outagesOf(outages: readonly Outage[]): Outages {
  const merged = mergeOutages(outages);
  const ups = merged.flatMap(({ upPs }, i) =>
    upPs === Number.POSITIVE_INFINITY
      ? []
      : [{ atPs: upPs, downAtPs: merged[i + 1]?.downPs ?? Number.POSITIVE_INFINITY }],
  );
  return { downAtPs: merged[0]?.downPs ?? Number.POSITIVE_INFINITY, ups };
}
