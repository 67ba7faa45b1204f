/**
 * Partition refinement: the coarsest classes such that all parts of a class see the same. Classes
 * are split by what their members see until nothing changes. Only parts that see a part whose class
 * has changed are looked at again. Descriptions are compared by a hash here, and in full afterwards
 * (`check.ts`).
 */
import { Describer, type Writer } from "./description.js";
import type { Parts } from "./parts.js";
import type { Usage } from "./usage.js";

/** What may be spent on looking: hops, each time that what passes there is looked at. */
export interface Budget {
  left: number;
  /** Classes of flows beyond which it is no use to go on. */
  readonly mostFlows: number;
}

/**
 * Class of each part.
 * @param kinds Parts of different kinds are never in one class.
 * @returns null where the budget does not suffice
 */
export function refine(parts: Parts, kinds: Uint32Array, budget: Budget): Uint32Array | null {
  return new Refinement(parts, kinds).run(budget);
}

/** 53 bits of a hash over numbers of 32. */
class Hash implements Writer {
  #a = 0;
  #b = 0;

  begin(number: number): void {
    this.#a = 0x2545f491;
    this.#b = 0x9e3779b9;
    this.add(number);
  }

  add(number: number): void {
    this.#a = Math.imul(this.#a ^ number, 0x85ebca6b);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b + number, 0xc2b2ae35);
    this.#b ^= this.#b >>> 13;
  }

  end(): number {
    return (this.#a >>> 0) * 2 ** 21 + (this.#b >>> 11);
  }
}

class Refinement {
  readonly #classOf: Uint32Array;
  readonly #sizes: number[] = [];
  readonly #seen: Float64Array;
  readonly #describer: Describer;
  readonly #hash = new Hash();
  readonly #dependents: { readonly first: Uint32Array; readonly list: Uint32Array };
  readonly #isDue: Uint8Array;
  #due: number[] = [];
  #flowClasses = 0;

  constructor(
    private readonly parts: Parts,
    kinds: Uint32Array,
  ) {
    this.#classOf = kinds.slice();
    this.#seen = new Float64Array(parts.count).fill(Number.NaN);
    this.#isDue = new Uint8Array(parts.count);
    this.#describer = new Describer(parts, this.#classOf);
    this.#dependents = dependentsOf(parts.usage);
    for (let part = 0; part < parts.count; part++) {
      const number = this.#classOf[part]!;
      while (this.#sizes.length <= number) this.#sizes.push(0);
      if (this.#sizes[number] === 0 && part < parts.firstPort) this.#flowClasses += 1;
      this.#sizes[number]!++;
      this.#look(part);
    }
  }

  run(budget: Budget): Uint32Array | null {
    while (this.#due.length > 0) {
      const due = this.#due;
      this.#due = [];
      for (const part of due) {
        this.#isDue[part] = 0;
        budget.left -= this.#costOf(part);
      }
      if (this.#flowClasses > budget.mostFlows || budget.left < 0) return null;
      for (const part of this.#split(due)) this.#lookAround(part);
    }
    return this.#classOf;
  }

  #costOf(part: number): number {
    const { firstPort, firstRank, memberFirst, usage } = this.parts;
    if (part < firstPort) return usage.wayFirst[2 * part + 2]! - usage.wayFirst[2 * part]!;
    const [first, i] = part < firstRank ? [usage.passFirst, part - firstPort] : [memberFirst, part - firstRank];
    return first[i + 1]! - first[i]!;
  }

  /**
   * Gives parts that see something else than before classes by what they see. Returns those whose
   * class is another now.
   */
  #split(due: readonly number[]): number[] {
    const bySight = new Map<number, number[]>();
    const byClass = new Map<number, number[][]>();
    for (const part of due) {
      const sees = this.#sight(part);
      if (sees === this.#seen[part]) continue;
      this.#seen[part] = sees;
      const group = bySight.get(sees);
      if (group !== undefined) {
        group.push(part);
        continue;
      }
      const begun = [part];
      bySight.set(sees, begun);
      const own = this.#classOf[part]!;
      const groups = byClass.get(own);
      if (groups === undefined) byClass.set(own, [begun]);
      else groups.push(begun);
    }
    const moved: number[] = [];
    for (const [own, changed] of byClass) {
      const looked = changed.reduce((sum, group) => sum + group.length, 0);
      // The largest keeps the class, so that little has to be looked at again; those that see what
      // they saw keep it in any case.
      if (looked === this.#sizes[own]) changed.splice(changed.indexOf(largest(changed)), 1);
      for (const group of changed) this.#move(group, own, moved);
    }
    return moved;
  }

  /** Makes some members of a class a class of their own. */
  #move(group: readonly number[], from: number, moved: number[]): void {
    const number = this.#sizes.push(group.length) - 1;
    this.#sizes[from]! -= group.length;
    if (group[0]! < this.parts.firstPort) this.#flowClasses += 1;
    for (const part of group) {
      this.#classOf[part] = number;
      moved.push(part);
    }
  }

  #sight(part: number): number {
    const { firstPort, firstRank } = this.parts;
    if (part >= firstPort && part < firstRank) {
      for (const flow of this.#describer.recount(part - firstPort) ?? []) this.#look(flow);
    }
    this.#hash.begin(this.#classOf[part]!);
    this.#describer.describe(part, this.#hash);
    return this.#hash.end();
  }

  #look(part: number): void {
    if (this.#isDue[part] === 1) return;
    this.#isDue[part] = 1;
    this.#due.push(part);
  }

  /** Whatever sees a part. */
  #lookAround(part: number): void {
    const { firstPort, firstRank, memberFirst, members } = this.parts;
    if (part < firstPort) {
      const { wayFirst, hopPort, placeOf } = this.parts.usage;
      for (let hop = wayFirst[2 * part]!; hop < wayFirst[2 * part + 2]!; hop++) {
        this.#look(firstPort + placeOf[hopPort[hop]!]!);
      }
      const { first, list } = this.#dependents;
      for (let i = first[part]!; i < first[part + 1]!; i++) this.#look(list[i]!);
    } else if (part < firstRank) {
      this.#lookAroundPort(part - firstPort);
    } else {
      for (let i = memberFirst[part - firstRank]!; i < memberFirst[part - firstRank + 1]!; i++) {
        this.#look(firstPort + members[i]!);
      }
    }
  }

  #lookAroundPort(place: number): void {
    const { usage, firstPort, groupOf, whole } = this.parts;
    const { passFirst, passing, hopWay, hopPort, wayFirst, placeOf } = usage;
    for (let i = passFirst[place]!; i < passFirst[place + 1]!; i++) {
      const hop = passing[i]!;
      const way = hopWay[hop]!;
      this.#look(way >>> 1);
      if (hop + 1 < wayFirst[way + 1]!) this.#look(firstPort + placeOf[hopPort[hop + 1]!]!);
    }
    if (groupOf[place]! >= 0) this.#look(groupOf[place]!);
    if (whole) this.#look(firstPort + placeOf[usage.plan.fabric.peerPort[usage.ports[place]!]!]!);
  }
}

function largest(groups: readonly (readonly number[])[]): number[] {
  return groups.reduce((most, group) => (group.length > most.length ? group : most)) as number[];
}

/** Flows that wait for a flow. */
function dependentsOf({ plan }: Usage) {
  const { count, upFirst, upFlow } = plan.flows;
  const first = new Uint32Array(count + 1);
  for (const upstream of upFlow) first[upstream + 1]!++;
  for (let flow = 0; flow < count; flow++) first[flow + 1]! += first[flow]!;
  const list = new Uint32Array(upFlow.length);
  const next = first.slice();
  for (let flow = 0; flow < count; flow++) {
    for (let i = upFirst[flow]!; i < upFirst[flow + 1]!; i++) list[next[upFlow[i]!]!++] = flow;
  }
  return { first, list };
}
