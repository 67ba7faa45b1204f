import type { LinkClass } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { LinkLevel } from "../../scenario/types/scenario.js";
import { interleaveAt } from "../physics/fec.js";

/** What a direction is made of, before it is looked up. */
export interface LinkParameters {
  readonly level: string;
  readonly rateBps: number;
  readonly propagationPs: number;
  readonly fecPs: number;
  readonly mtuBytes: number;
  /** Pre-FEC bit error ratio; 0 for none. */
  readonly ber: number;
  /** Share of packets that are lost whatever their size. */
  readonly frameLossRatio: number;
  readonly retries: boolean;
  /** Infinity, where left out: never. */
  readonly downAtPs?: number;
  /** Packets with more payload are dropped; Infinity, where left out, for none. */
  readonly largestBytes?: number;
  /** Its port marks no packets; false where left out. */
  readonly marksNothing?: boolean;
}

/** Classes are numbered in 16 bits. */
const MAX_CLASSES = 2 ** 16;

/** Link classes by number. Equal parameters share one. */
export class LinkClasses {
  private readonly numbers = new Map<string, number>();
  readonly list: LinkClass[] = [];

  /** Number of the class with these parameters. */
  of(parameters: LinkParameters): number {
    const { level, rateBps, propagationPs, fecPs, mtuBytes, ber, frameLossRatio, retries } = parameters;
    const { downAtPs = NEVER, largestBytes = NEVER, marksNothing = false } = parameters;
    const medium = [level, rateBps, propagationPs, fecPs, mtuBytes];
    const faults = [downAtPs, ...(largestBytes < NEVER ? [largestBytes] : []), ...(marksNothing ? [true] : [])];
    const key = JSON.stringify([...medium, ber, frameLossRatio, retries, ...faults]);
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.list.length === MAX_CLASSES) {
        throw new PlanError(
          `there are more than ${MAX_CLASSES} kinds of links; write fewer that differ in rate, length or losses`,
        );
      }
      const isLossy = ber > 0 || frameLossRatio > 0 || largestBytes < NEVER;
      const loss = isLossy
        ? {
            preFecBer: ber,
            interleave: interleaveAt(rateBps),
            frameLossRatio,
            ...(largestBytes < NEVER && { largestBytes }),
          }
        : null;
      const link = { level, rateBps, propagationPs, fecPs, mtuBytes, loss, retries, downAtPs };
      number = this.list.push({ ...link, ...(marksNothing && { marksNothing }) }) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}

const NEVER = Number.POSITIVE_INFINITY;

/** What a class was made of. */
export function parametersOf({ loss, marksNothing = false, ...link }: LinkClass): Required<LinkParameters> {
  const { preFecBer: ber = 0, frameLossRatio = 0, largestBytes = NEVER } = loss ?? {};
  return { ...link, ber, frameLossRatio, largestBytes, marksNothing };
}

/** Parameters of a level of the scenario. */
export function levelParameters(level: string, link: LinkLevel, mtuBytes: number): LinkParameters {
  const { optic, lengthMm, breakout, cellBytes, ...parameters } = link;
  return { ...parameters, level, mtuBytes: cellBytes ?? mtuBytes };
}
