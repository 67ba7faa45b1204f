import { interleaveAt } from "../physics/fec.js";
import type { LinkClass } from "../plan/fabric.js";
import type { LinkLevel } from "../scenario/scenario.js";

/** What a direction is made of, before it is looked up. */
export interface LinkParameters {
  readonly level: string;
  readonly rateBps: number;
  readonly propagationPs: number;
  readonly fecPs: number;
  readonly mtuBytes: number;
  /** Pre-FEC bit error ratio; 0 for none. */
  readonly ber: number;
  readonly retries: boolean;
  /** Infinity, where left out: never. */
  readonly downAtPs?: number;
}

/** Link classes by number. Equal parameters share one. */
export class LinkClasses {
  private readonly numbers = new Map<string, number>();
  readonly list: LinkClass[] = [];

  /** Number of the class with these parameters. */
  of(parameters: LinkParameters): number {
    const {
      level,
      rateBps,
      propagationPs,
      fecPs,
      mtuBytes,
      ber,
      retries,
      downAtPs = Number.POSITIVE_INFINITY,
    } = parameters;
    const key = JSON.stringify([level, rateBps, propagationPs, fecPs, mtuBytes, ber, retries, downAtPs]);
    let number = this.numbers.get(key);
    if (number === undefined) {
      const loss = ber > 0 ? { preFecBer: ber, interleave: interleaveAt(rateBps) } : null;
      number = this.list.push({ level, rateBps, propagationPs, fecPs, mtuBytes, loss, retries, downAtPs }) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}

/** Parameters of a level of the scenario. */
export function levelParameters(level: string, link: LinkLevel, mtuBytes: number): LinkParameters {
  const { rateBps, propagationPs, fecPs, ber, retries, cellBytes } = link;
  return { level, rateBps, propagationPs, fecPs, ber, retries, mtuBytes: cellBytes ?? mtuBytes };
}
