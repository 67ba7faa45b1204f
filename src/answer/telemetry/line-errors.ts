/** What FEC has to do on links over time: expected values, by their bit error ratios. */
import { codewordErrorRatio, KP4, OCTETS_PER_CODEWORD, symbolErrorRatio } from "../../build/physics/fec.js";
import type { LinkChange } from "../../plan/changes.js";
import type { LinkClass } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";

interface Errors {
  readonly fecSymbolErrors: number;
  readonly fecUncorrectable: number;
}

/** Errors of a direction up to its last change in an interval. */
interface Changed {
  errors: Errors | undefined;
  sincePs: number;
}

/** Follows the link classes of all directions from interval to interval. */
export class LineErrors {
  readonly #perSecond: readonly (Errors | undefined)[];
  /** By port: its link class now. */
  readonly #classOf: Uint32Array;
  readonly #changes: readonly LinkChange[];
  #next = 0;
  #fromPs = 0;
  #toPs = 0;
  /** Directions that changed in this interval. */
  readonly #changed = new Map<number, Changed>();

  constructor({ fabric, changes = [] }: RunPlan) {
    this.#perSecond = fabric.linkClasses.map(errorsPerSecond);
    this.#classOf = Uint32Array.from(fabric.portClass);
    this.#changes = changes.filter((change) => change.kind === "link");
  }

  /** Begins the interval from the end of the last one, at first from 0, to an instant. */
  goTo(nowPs: number): void {
    [this.#fromPs, this.#toPs] = [this.#toPs, nowPs];
    this.#changed.clear();
    for (; this.#next < this.#changes.length; this.#next++) {
      const { atPs, port, linkClass } = this.#changes[this.#next]!;
      if (atPs >= nowPs) break;
      const { errors, sincePs } = this.#changed.get(port) ?? { errors: undefined, sincePs: this.#fromPs };
      this.#changed.set(port, { errors: sum(errors, this.#errors(port, atPs - sincePs)), sincePs: atPs });
      this.#classOf[port] = linkClass;
    }
  }

  /** Of a direction in the interval, when idle, too; undefined where its line has no bit errors. */
  of(port: number): Errors | undefined {
    const { errors, sincePs } = this.#changed.get(port) ?? { errors: undefined, sincePs: this.#fromPs };
    return sum(errors, this.#errors(port, this.#toPs - sincePs));
  }

  #errors(port: number, ps: number): Errors | undefined {
    const perSecond = this.#perSecond[this.#classOf[port]!];
    if (perSecond === undefined) return undefined;
    const seconds = ps / 1e12;
    return {
      fecSymbolErrors: perSecond.fecSymbolErrors * seconds,
      fecUncorrectable: perSecond.fecUncorrectable * seconds,
    };
  }
}

function errorsPerSecond({ loss, rateBps }: LinkClass): Errors | undefined {
  const ber = loss?.preFecBer ?? 0;
  if (ber === 0) return undefined;
  const codewords = rateBps / (8 * OCTETS_PER_CODEWORD);
  return {
    fecSymbolErrors: codewords * KP4.symbols * symbolErrorRatio(ber),
    fecUncorrectable: codewords * codewordErrorRatio(ber),
  };
}

function sum(a: Errors | undefined, b: Errors | undefined): Errors | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    fecSymbolErrors: a.fecSymbolErrors + b.fecSymbolErrors,
    fecUncorrectable: a.fecUncorrectable + b.fecUncorrectable,
  };
}
