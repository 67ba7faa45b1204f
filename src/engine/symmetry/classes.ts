/** Classes of parts, once it is certain that the members of each see the same. */
import { Describer, type Writer } from "./description.js";
import type { Parts } from "./parts.js";

export interface Classes {
  readonly parts: Parts;
  readonly classOf: Uint32Array;
  readonly count: number;
  /** Parts of class `c`, ascending, are `members[first[c]] … members[first[c+1] - 1]`. */
  readonly first: Uint32Array;
  readonly members: Uint32Array;
}

export function classesOf(parts: Parts, classOf: Uint32Array): Classes {
  const count = classOf.reduce((most, number) => Math.max(most, number + 1), 0);
  const first = new Uint32Array(count + 1);
  for (const number of classOf) first[number + 1]!++;
  for (let number = 0; number < count; number++) first[number + 1]! += first[number]!;
  const members = new Uint32Array(parts.count);
  const next = first.slice();
  classOf.forEach((number, part) => {
    members[next[number]!++] = part;
  });
  return { parts, classOf, count, first, members };
}

export function sizeOf({ first }: Classes, number: number): number {
  return first[number + 1]! - first[number]!;
}

/** The first member stands for all. */
export function firstOf({ first, members }: Classes, number: number): number {
  return members[first[number]!]!;
}

/**
 * Whether all members of each class see the same, and nothing sees two members of a class where it
 * could not tell them apart.
 */
export function isSound(classes: Classes): boolean {
  const { parts, classOf, count, first, members } = classes;
  const describer = new Describer(parts, classOf);
  for (let place = 0; place < parts.firstRank - parts.firstPort; place++) {
    if (describer.recount(place) !== undefined) return false;
  }
  const model = new List();
  const other = new Comparison(model.numbers);
  for (let number = 0; number < count; number++) {
    if (first[number + 1]! - first[number]! < 2) continue;
    model.numbers.length = 0;
    describer.describe(members[first[number]!]!, model);
    for (let i = first[number]! + 1; i < first[number + 1]!; i++) {
      other.begin();
      describer.describe(members[i]!, other);
      if (!other.isSame) return false;
    }
  }
  return true;
}

class List implements Writer {
  readonly numbers: number[] = [];

  add(number: number): void {
    this.numbers.push(number);
  }
}

class Comparison implements Writer {
  #place = 0;
  #differs = false;

  constructor(private readonly model: readonly number[]) {}

  begin(): void {
    this.#place = 0;
    this.#differs = false;
  }

  add(number: number): void {
    if (this.model[this.#place++] !== number) this.#differs = true;
  }

  get isSame(): boolean {
    return !this.#differs && this.#place === this.model.length;
  }
}
