/** A direction of a link as its receiver sees it: errors before correction over time. */
import {
  codewordErrorRatio,
  KP4,
  OCTETS_PER_CODEWORD,
  symbolErrorHistogram,
  symbolErrorRatio,
} from "../../build/physics/fec.js";
import { errorSpans } from "../../build/topology/optic-drift.js";
import type { LinkChange } from "../../plan/changes.js";
import type { RunPlan } from "../../plan/plan.js";
import type { OpticDrift } from "../../scenario/types/faults.js";

/** From an instant on. */
export interface LineStep {
  readonly fromPs: number;
  /** 0 where the line has no errors. */
  readonly ber: number;
  readonly rateBps: number;
  /** What becomes of one codeword. */
  readonly ofCodeword: Codewords;
}

/** Codewords by what correction made of them: expected values. */
export interface Codewords {
  /** By symbol errors, from none to as many as can be corrected. */
  readonly corrected: Float64Array;
  readonly uncorrectable: number;
  readonly symbolErrors: number;
}

/** The lines of a plan. */
export class Lines {
  readonly #changes = new Map<number, LinkChange[]>();
  /** By bit error ratio. Ratios are few: drifting optics share theirs. */
  readonly #codewords = new Map<number, Codewords>();

  constructor(private readonly plan: RunPlan) {
    for (const change of plan.changes ?? []) {
      if (change.kind !== "link") continue;
      const known = this.#changes.get(change.port);
      if (known === undefined) this.#changes.set(change.port, [change]);
      else known.push(change);
    }
  }

  /**
   * What the direction that leaves a port goes through, in order of time: the worse of its link
   * class, with all changes of the run, and of the optic that drifts on it.
   */
  steps(port: number, drift?: OpticDrift): readonly LineStep[] {
    let own = this.#ofClass(this.plan.fabric.portClass[port]!);
    let driftBer = 0;
    const steps: LineStep[] = [this.#step(0, own, 0)];
    const events = [
      ...(this.#changes.get(port) ?? []).map(({ atPs, linkClass }) => ({ fromPs: atPs, linkClass })),
      ...(drift === undefined ? [] : errorSpans(drift).map(({ startPs, ber }) => ({ fromPs: startPs, ber }))),
    ].sort((a, b) => a.fromPs - b.fromPs);
    for (const event of events) {
      if ("ber" in event) driftBer = event.ber;
      else own = this.#ofClass(event.linkClass);
      const step = this.#step(event.fromPs, own, driftBer);
      if (steps.at(-1)!.fromPs === step.fromPs) steps[steps.length - 1] = step;
      else steps.push(step);
    }
    return steps;
  }

  #step(fromPs: number, own: { readonly ber: number; readonly rateBps: number }, driftBer: number): LineStep {
    const ber = Math.max(own.ber, driftBer);
    let ofCodeword = this.#codewords.get(ber);
    if (ofCodeword === undefined) {
      ofCodeword = codewordAt(ber);
      this.#codewords.set(ber, ofCodeword);
    }
    return { fromPs, ber, rateBps: own.rateBps, ofCodeword };
  }

  #ofClass(index: number) {
    const { loss, rateBps } = this.plan.fabric.linkClasses[index]!;
    return { ber: loss?.preFecBer ?? 0, rateBps };
  }
}

/** The step that holds just before an instant; the first one at 0. */
export function stepBefore(steps: readonly LineStep[], atPs: number): LineStep {
  return steps.findLast(({ fromPs }) => fromPs < atPs) ?? steps[0]!;
}

/** The instant from which on the errors are not below a line; undefined where they stay below. */
export function crossingPs(steps: readonly LineStep[], ber: number, untilPs: number): number | undefined {
  return steps.find((step) => step.fromPs <= untilPs && step.ber >= ber)?.fromPs;
}

/** What a line carries between two instants, idle or not. Undefined where it has no errors. */
export function codewordsOf(steps: readonly LineStep[], fromPs: number, toPs: number): Codewords | undefined {
  const corrected = new Float64Array(KP4.corrects + 1);
  let [uncorrectable, symbolErrors, hasErrors] = [0, 0, false];
  steps.forEach((step, i) => {
    const endPs = Math.min(toPs, steps[i + 1]?.fromPs ?? Number.POSITIVE_INFINITY);
    const ps = endPs - Math.max(fromPs, step.fromPs);
    if (ps <= 0) return;
    const codewords = (step.rateBps / (8 * OCTETS_PER_CODEWORD)) * (ps / 1e12);
    step.ofCodeword.corrected.forEach((share, errors) => {
      corrected[errors] = corrected[errors]! + share * codewords;
    });
    uncorrectable += step.ofCodeword.uncorrectable * codewords;
    symbolErrors += step.ofCodeword.symbolErrors * codewords;
    hasErrors ||= step.ber > 0;
  });
  return hasErrors ? { corrected, uncorrectable, symbolErrors } : undefined;
}

/** Of one codeword at a bit error ratio. */
function codewordAt(ber: number): Codewords {
  return {
    corrected: symbolErrorHistogram(ber).slice(0, KP4.corrects + 1),
    uncorrectable: codewordErrorRatio(ber),
    symbolErrors: KP4.symbols * symbolErrorRatio(ber),
  };
}
