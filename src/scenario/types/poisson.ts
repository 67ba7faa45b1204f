/** Flows that arrive at random, at a load of the fabric. */
import { minusLog1m } from "../../util/logarithm.js";
import { mix32, streamKey } from "./random.js";
import type { FlowSpec } from "./scenario.js";
import { meanBytes, type SizeDistribution, sizeAt } from "./size-distributions.js";

const PURPOSE_POISSON = 21;

export interface PoissonArrivals {
  readonly ranks: number;
  readonly seed: number;
  readonly distribution: SizeDistribution;
  /** That all ranks together send, in bits per second. */
  readonly offeredBps: number;
  readonly startPs: number;
  readonly durationPs: number;
}

/** Mean number of flows. */
export function expectedFlows({ distribution, offeredBps, durationPs }: Omit<PoissonArrivals, "seed">): number {
  return (offeredBps * durationPs) / 8e12 / meanBytes(distribution);
}

/**
 * A Poisson process over the whole fabric: gaps between arrivals are exponential, each flow goes
 * from any rank to any other one, equally likely, and its size is drawn from the distribution.
 * There is one flow at least.
 */
export function poisson(arrivals: PoissonArrivals): FlowSpec[] {
  const { ranks, seed, distribution, startPs, durationPs } = arrivals;
  const gapPs = durationPs / expectedFlows(arrivals);
  const key = streamKey(seed, PURPOSE_POISSON, 0);
  let counter = 0;
  const draw = () => mix32((key + Math.imul(counter++, 0x9e3779b9)) >>> 0);
  const share = () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53;
  const pick = (n: number) => Math.floor((draw() * n) / 2 ** 32);
  const flows: FlowSpec[] = [];
  for (let atPs = gapPs * minusLog1m(share()); atPs < durationPs || flows.length === 0; ) {
    const src = pick(ranks);
    const other = pick(ranks - 1);
    const at = Math.min(Math.floor(atPs), durationPs);
    flows.push({
      src,
      dst: other < src ? other : other + 1,
      bytes: sizeAt(distribution, share()),
      startPs: startPs + at,
    });
    atPs += gapPs * minusLog1m(share());
  }
  return flows;
}
