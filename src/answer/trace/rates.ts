/** Rates at which ranks receive, as counters. */
import type { RunPlan } from "../../plan/plan.js";
import type { Deliveries } from "../path/chunks.js";
import { counter } from "./events.js";

/** Intervals that a run is cut into. */
const INTERVALS = 200;

/**
 * The mean rate in Gb/s at which a rank received in each interval, where it is another. A chunk
 * counts evenly over the time from the delivery before it, or the start of the run, to its own.
 */
export function* receiveRates(
  { flows }: RunPlan,
  deliveries: Deliveries,
  delivered: ArrayLike<number>,
  rank: { readonly number: number; readonly flowsIn: readonly number[] },
  span: { readonly fromPs: number; readonly toPs: number },
): Generator<string> {
  const stepPs = Math.ceil((span.toPs - span.fromPs) / INTERVALS);
  if (!(stepPs > 0) || rank.flowsIn.length === 0) return;
  const bytes = new Float64Array(INTERVALS);
  for (const flow of rank.flowsIn) {
    let beforePs = Math.max(span.fromPs, flows.startPs[flow]!);
    for (let chunk = 0; chunk < delivered[flow]!; chunk++) {
      const atPs = deliveries.timePs(flow, chunk);
      spread(bytes, flows.chunkBytes[flow]!, (beforePs - span.fromPs) / stepPs, (atPs - span.fromPs) / stepPs);
      beforePs = atPs;
    }
  }
  let before = Number.NaN;
  for (let i = 0; i <= INTERVALS; i++) {
    const rateGbps = ((bytes[i] ?? 0) * 8000) / stepPs;
    if (rateGbps !== before) {
      yield counter(rank.number, "received", span.fromPs + i * stepPs, { "Gb/s": rateGbps });
    }
    before = rateGbps;
  }
}

/** Adds an amount evenly to the cells from one place to another. */
function spread(cells: Float64Array, amount: number, from: number, to: number): void {
  const last = cells.length - 1;
  const [first, end] = [Math.min(last, Math.floor(from)), Math.min(last, Math.floor(to))];
  if (first === end || to <= from) {
    cells[end]! += amount;
    return;
  }
  for (let i = first; i <= end; i++) {
    const part = Math.min(to, i === last ? Number.POSITIVE_INFINITY : i + 1) - Math.max(from, i);
    cells[i]! += (amount * part) / (to - from);
  }
}
