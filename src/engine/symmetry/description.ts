/**
 * What a part sees of the others, by their classes. Two parts of one class behave alike if they see
 * the same, and it lies with `refine.ts` to find classes for which that holds.
 */
import type { Parts } from "./parts.js";

/** Receives a description number by number. */
export interface Writer {
  add(number: number): void;
}

/** Numbers that end a list, and no class has. */
const END = 0xffff_fff0;
const NO_CLASS = 0xffff_fff1;
/** Room for the number of a hop on its way, and which way it is. */
const HOPS = 64;

export class Describer {
  /**
   * By hop: how many of the same class pass the port before it. Only where that is 0 everywhere can
   * classes be told apart.
   */
  readonly ordinal: Uint8Array;
  readonly #keys: number[] = [];
  readonly #waits: number[] = [];

  constructor(
    private readonly parts: Parts,
    /** Class of each part. */
    readonly classOf: Uint32Array,
  ) {
    this.ordinal = new Uint8Array(parts.usage.hopPort.length);
  }

  describe(part: number, to: Writer): void {
    const { firstPort, firstRank } = this.parts;
    if (part < firstPort) this.#describeFlow(part, to);
    else if (part < firstRank) this.#describePort(part - firstPort, to);
    else this.#describeGroup(part - firstRank, to);
  }

  /** A flow: the ports on its ways, and the flows that it waits for. */
  #describeFlow(flow: number, to: Writer): void {
    const { usage, firstPort } = this.parts;
    const { wayFirst, hopPort, placeOf, plan } = usage;
    const { upFirst, upFlow, upLag } = plan.flows;
    for (let hop = wayFirst[2 * flow]!; hop < wayFirst[2 * flow + 2]!; hop++) {
      to.add(this.classOf[firstPort + placeOf[hopPort[hop]!]!]!);
      to.add(this.ordinal[hop]!);
    }
    const [from, end] = [upFirst[flow]!, upFirst[flow + 1]!];
    if (end - from === 1) {
      to.add(this.classOf[upFlow[from]!]!);
      to.add(upLag[from]!);
    } else if (end > from) {
      this.#describeWaits(from, end, to);
    }
  }

  /** The flows that one waits for, in whatever order. */
  #describeWaits(from: number, end: number, to: Writer): void {
    const { upFlow, upLag } = this.parts.usage.plan.flows;
    const waits = this.#waits;
    waits.length = 0;
    for (let i = from; i < end; i++) waits.push(i);
    waits.sort((a, b) => this.classOf[upFlow[a]!]! - this.classOf[upFlow[b]!]! || upLag[a]! - upLag[b]!);
    for (const i of waits) {
      to.add(this.classOf[upFlow[i]!]!);
      to.add(upLag[i]!);
    }
  }

  #describePort(place: number, to: Writer): void {
    const { usage, whole, groupOf, firstPort } = this.parts;
    const port = usage.ports[place]!;
    if (whole) to.add(this.classOf[firstPort + usage.placeOf[usage.plan.fabric.peerPort[port]!]!]!);
    const group = groupOf[place]!;
    to.add(group < 0 ? NO_CLASS : this.classOf[group]!);
    if (usage.nicOf[port]! < 0) this.#describeEgress(place, to);
    else this.#describeNic(place, to);
  }

  /** The port of a NIC: the flows that it sends, in their order, and those that it answers. */
  #describeNic(place: number, to: Writer): void {
    const { passFirst, passing, hopWay } = this.parts.usage;
    this.#keys.length = 0;
    for (let i = passFirst[place]!; i < passFirst[place + 1]!; i++) {
      const way = hopWay[passing[i]!]!;
      if ((way & 1) === 0) to.add(this.classOf[way >>> 1]!);
      else this.#keys.push(this.#keyOf(passing[i]!));
    }
    to.add(END);
    this.#addKeys(to);
  }

  /**
   * The port of a switch: the flows that pass it, by the links over which they come, in the order
   * of their ports. This order decides between packets that come at the same time. Links of one
   * class that follow one another count as one. They carry the same packets at the same times, and
   * each packet goes on here from one of them only. So no two come together.
   */
  #describeEgress(place: number, to: Writer): void {
    const { usage, firstPort } = this.parts;
    const { passFirst, passing, placeOf, hopPort } = usage;
    let link = NO_CLASS;
    this.#keys.length = 0;
    for (let i = passFirst[place]!; i < passFirst[place + 1]!; i++) {
      const hop = passing[i]!;
      const from = this.classOf[firstPort + placeOf[hopPort[hop - 1]!]!]!;
      if (from !== link) {
        this.#addKeys(to);
        to.add(from);
        link = from;
      }
      this.#keys.push(this.#keyOf(hop));
    }
    this.#addKeys(to);
  }

  /** A rank or switch: its ports in order. */
  #describeGroup(group: number, to: Writer): void {
    const { memberFirst, members, firstPort } = this.parts;
    for (let i = memberFirst[group]!; i < memberFirst[group + 1]!; i++) to.add(this.classOf[firstPort + members[i]!]!);
  }

  #addKeys(to: Writer): void {
    if (this.#keys.length > 1) this.#keys.sort((a, b) => a - b);
    for (const key of this.#keys) {
      to.add(Math.floor(key / (2 * HOPS)));
      to.add(key % (2 * HOPS));
    }
    this.#keys.length = 0;
    to.add(END);
  }

  /**
   * Class of the flow, which of its ways, and how far along that: the same number for hops that may
   * stand for each other.
   */
  #keyOf(hop: number): number {
    const { hopWay, wayFirst } = this.parts.usage;
    const way = hopWay[hop]!;
    return (this.classOf[way >>> 1]! * HOPS + hop - wayFirst[way]!) * 2 + (way & 1);
  }

  /**
   * Counts anew which of several hops of the same kind at a port comes first.
   * @returns the flows for which that has changed; nothing where there are none
   */
  recount(place: number): readonly number[] | undefined {
    const { passFirst, passing, hopWay } = this.parts.usage;
    const [from, end] = [passFirst[place]!, passFirst[place + 1]!];
    if (end - from < 2) return undefined;
    const seen = end - from > FEW ? new Map<number, number>() : undefined;
    let changed: number[] | undefined;
    for (let i = from; i < end; i++) {
      const hop = passing[i]!;
      const ordinal = Math.min(this.#before(from, i, seen), 255);
      if (this.ordinal[hop] === ordinal) continue;
      this.ordinal[hop] = ordinal;
      changed ??= [];
      changed.push(hopWay[hop]! >>> 1);
    }
    return changed;
  }

  /**
   * Passages of the same kind as number `i` from number `from` on; counted in `seen`, where there
   * are more than a few.
   */
  #before(from: number, i: number, seen: Map<number, number> | undefined): number {
    const { passing } = this.parts.usage;
    const key = this.#keyOf(passing[i]!);
    let before = seen?.get(key) ?? 0;
    seen?.set(key, before + 1);
    for (let j = from; seen === undefined && j < i; j++) if (this.#keyOf(passing[j]!) === key) before += 1;
    return before;
  }
}

/** Up to this number is compared one by one. */
const FEW = 12;
