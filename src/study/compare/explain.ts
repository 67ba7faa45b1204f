import type { ResultDocument } from "../../answer/result/document.js";
import { bootstrapMean } from "../../util/stats/bootstrap.js";
import { mean } from "../../util/stats/mean.js";

/**
 * A cause of the completion time, before and after. Over all causes the differences add up to that
 * of the completion time.
 */
export interface CauseChange {
  readonly cause: string;
  readonly beforeNs: number;
  readonly afterNs: number;
  readonly differenceNs: number;
  /** Bounds of the 95 % confidence interval of the difference; null where there is one pair. */
  readonly lowNs: number | null;
  readonly highNs: number | null;
  /**
   * Of the difference in completion time: negative where the cause worked against it, null where
   * there is none.
   */
  readonly shareOfDifference: number | null;
  /** What the first run of each side says of the cause; null where it says nothing. */
  readonly textBefore: string | null;
  readonly textAfter: string | null;
}

/**
 * Cause by cause, the largest difference first. Empty where a run did not finish, since its time
 * has no explanation.
 */
export function explainChange(
  before: readonly ResultDocument[],
  after: readonly ResultDocument[],
): readonly CauseChange[] {
  if ([...before, ...after].some(({ jctNs }) => jctNs === null)) return [];
  const causes = new Set([...before, ...after].flatMap(({ explanation }) => explanation.map(({ cause }) => cause)));
  const jct = (results: readonly ResultDocument[]) => mean(results.map(({ jctNs }) => jctNs!));
  const totalNs = jct(after) - jct(before);
  return [...causes]
    .map((cause) => {
      const [from, to] = [before, after].map((results) => results.map((result) => nsOf(result, cause)));
      const { value, low, high } = bootstrapMean(to!.map((ns, i) => ns - from![i]!));
      return {
        cause,
        beforeNs: mean(from!),
        afterNs: mean(to!),
        differenceNs: value,
        lowNs: low,
        highNs: high,
        shareOfDifference: totalNs === 0 ? null : value / totalNs,
        textBefore: textOf(before, cause),
        textAfter: textOf(after, cause),
      };
    })
    .sort((a, b) => Math.abs(b.differenceNs) - Math.abs(a.differenceNs));
}

function nsOf({ explanation }: ResultDocument, cause: string): number {
  return explanation.reduce((sum, part) => (part.cause === cause ? sum + part.ns : sum), 0);
}

function textOf(results: readonly ResultDocument[], cause: string): string | null {
  return results[0]?.explanation.find((part) => part.cause === cause)?.text ?? null;
}
