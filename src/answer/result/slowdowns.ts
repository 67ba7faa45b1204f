import { percentile } from "../../util/stats/percentile.js";
import type { FlowResult, SlowdownBin, SlowdownSummary } from "./document.js";

/** Sizes, in bytes, up to which the bins of the usual tables reach. */
const BIN_ENDS = [1e4, 1e5, 1e6, 1e7, Number.POSITIVE_INFINITY] as const;

/**
 * How much longer flows took than with the network to themselves, by their sizes. Percentiles by
 * nearest rank. Undefined where no message has come to its end.
 */
export function slowdownSummary(flows: readonly FlowResult[]): SlowdownSummary | undefined {
  const done = flows.filter(({ slowdown }) => slowdown !== undefined && slowdown !== null);
  if (done.length === 0) return undefined;
  const bins = BIN_ENDS.flatMap((end, i) => {
    const from = i === 0 ? 0 : BIN_ENDS[i - 1]!;
    const own = done.filter(({ bytes }) => bytes > from && bytes <= end);
    return own.length === 0 ? [] : [{ fromBytes: from, toBytes: Number.isFinite(end) ? end : null, ...figures(own) }];
  });
  return { all: figures(done), bins, unfinished: flows.filter(({ slowdown }) => slowdown === null).length };
}

function figures(flows: readonly FlowResult[]): Omit<SlowdownBin, "fromBytes" | "toBytes"> {
  const sorted = Float64Array.from(flows, ({ slowdown }) => slowdown!).sort();
  return {
    flows: flows.length,
    mean: sorted.reduce((sum, slowdown) => sum + slowdown, 0) / sorted.length,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    max: sorted.at(-1)!,
  };
}
