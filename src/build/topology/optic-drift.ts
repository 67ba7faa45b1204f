/** Bit errors of an optic whose temperature and dirt change over time. */
import type { OpticDrift, Profile } from "../../scenario/types/faults.js";
import { opticSnrDb, pam4Ber } from "../physics/pam4.js";

/** Times with one bit error ratio. */
export interface ErrorSpan {
  readonly startPs: number;
  /** Infinity for the last. */
  readonly untilPs: number;
  readonly ber: number;
}

/**
 * Signal-to-noise ratios are rounded to this, so that optics which pass through the same ones share
 * their tables of loss.
 */
const GRID_DB = 0.05;
/** Below this nothing is ever lost: a frame in 10^30 years. */
const MIN_BER = 1e-6;

/** Spans of error ratios in which the optic may lose frames at all. */
export function errorsOverTime(drift: OpticDrift): ErrorSpan[] {
  return errorSpans(drift).filter(({ ber }) => ber > MIN_BER);
}

/** Error ratios over time: at every step of the profile, what temperature and dirt are then. */
export function errorSpans(drift: OpticDrift): ErrorSpan[] {
  const times = [...drift.temperature, ...drift.contamination].map(([atPs]) => atPs);
  const [firstPs, lastPs] = [Math.min(...times), Math.max(...times)];
  const spans: ErrorSpan[] = [];
  for (let atPs = firstPs; ; atPs = Math.min(atPs + drift.stepPs, lastPs)) {
    const ber = berAt(drift, atPs);
    const last = spans.at(-1);
    if (last === undefined) spans.push({ startPs: 0, untilPs: Number.POSITIVE_INFINITY, ber });
    else if (last.ber !== ber) {
      spans[spans.length - 1] = { ...last, untilPs: atPs };
      spans.push({ startPs: atPs, untilPs: Number.POSITIVE_INFINITY, ber });
    }
    if (atPs >= lastPs) break;
  }
  return spans;
}

function berAt(drift: OpticDrift, atPs: number): number {
  const { ber, snrSlopeDbPerC } = drift;
  const snrDb = opticSnrDb({ preFecBer: ber, snrSlopeDbPerC, ...conditionAt(drift, atPs) });
  const place = Math.round(snrDb / GRID_DB);
  const known = ratios.get(place) ?? pam4Ber(place * GRID_DB);
  ratios.set(place, known);
  return known;
}

/** Error ratios by place on the grid of signal-to-noise ratios. */
const ratios = new Map<number, number>();

/** What the profiles of an optic say at an instant. */
export function conditionAt({ temperature, contamination }: OpticDrift, atPs: number) {
  return { temperatureC: valueAt(temperature, atPs) / 1000, contaminationDb: valueAt(contamination, atPs) / 1000 };
}

/** Linear between points, constant before the first and after the last. */
export function valueAt(profile: Profile, atPs: number): number {
  const next = profile.findIndex(([timePs]) => timePs > atPs);
  if (next === 0) return profile[0]![1];
  if (next < 0) return profile.at(-1)![1];
  const [[fromPs, from], [toPs, to]] = [profile[next - 1]!, profile[next]!];
  return from + ((to - from) * (atPs - fromPs)) / (toPs - fromPs);
}
