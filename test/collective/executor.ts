import type { Cargo, Collective } from "../../src/build/collective/schedule.js";
import { type BufferPart, COLLECTIVES, type CollectiveName } from "../../src/plan/collectives.js";
import type { SizeMatrix } from "../../src/plan/crossings.js";

/** Which ranks' values are summed in a part of a rank's buffer: bit r for rank r. */
type Contributions = bigint;

export interface Task {
  readonly collective: CollectiveName;
  readonly ranks: number;
  readonly root?: number;
  /** Bytes from rank to rank of an all-to-all, where they are unequal. */
  readonly sizes?: SizeMatrix | undefined;
}

/**
 * Carries out a schedule on buffers, without a network: chunks are delivered one at a time, flows
 * picked by `pick`. Throws where the schedule would give wrong sums, sends what a rank has not, or
 * what it has already, or gets stuck.
 * @returns Bytes that each rank sent.
 */
export function execute(built: Collective, task: Task, pick: (n: number) => number): number[] {
  const buffers = new Buffers(built, task);
  const { schedule } = built;
  const started = new Uint32Array(schedule.count);
  const delivered = new Uint32Array(schedule.count);
  const sentBytes = new Array<number>(task.ranks).fill(0);
  const dependents = dependentsOf(built);
  /** Values of chunks that are underway, by flow, the first one sent first. */
  const underway = Array.from({ length: schedule.count }, (): Contributions[][] => []);
  const ready = new Bag();
  const arriving = new Bag();

  const isAllowed = (flow: number) => {
    const chunk = started[flow]!;
    if (chunk === schedule.chunks[flow]!) return false;
    for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
      const upstream = schedule.upFlow[i]!;
      const needed = Math.min(chunk - schedule.upLag[i]!, schedule.chunks[upstream]! - 1);
      if (needed >= 0 && delivered[upstream]! <= needed) return false;
    }
    return true;
  };
  const look = (flow: number) => {
    if (isAllowed(flow)) ready.add(flow);
    else ready.delete(flow);
  };
  const start = (flow: number) => {
    const src = schedule.src[flow]!;
    underway[flow]!.push(buffers.read(src, flow, started[flow]!++));
    arriving.add(flow);
    look(flow);
    sentBytes[src]! += schedule.chunkBytes[flow]!;
  };
  const deliver = (flow: number) => {
    const chunk = delivered[flow]!;
    const values = underway[flow]!.shift()!;
    if (underway[flow]!.length === 0) arriving.delete(flow);
    buffers.write(schedule.dst[flow]!, flow, chunk, values);
    delivered[flow]! += 1;
    for (const dependent of dependents[flow]!) look(dependent);
  };

  for (let flow = 0; flow < schedule.count; flow++) look(flow);
  for (;;) {
    const choices = ready.items.length + arriving.items.length;
    if (choices === 0) break;
    const choice = pick(choices);
    if (choice < ready.items.length) start(ready.items[choice]!);
    else deliver(arriving.items[choice - ready.items.length]!);
  }
  if (!schedule.chunks.every((chunks, flow) => delivered[flow] === chunks)) throw new Error("the schedule got stuck");
  buffers.check();
  return sentBytes;
}

/** Parts that a cargo is made of. */
export function partsOf(cargo: Cargo): readonly number[] {
  if ("list" in cargo) return cargo.list;
  return Array.from({ length: cargo.count }, (_, i) => cargo.first + i);
}

function dependentsOf({ schedule }: Collective): number[][] {
  const dependents = Array.from({ length: schedule.count }, (): number[] => []);
  for (let flow = 0; flow < schedule.count; flow++) {
    for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
      dependents[schedule.upFlow[i]!]!.push(flow);
    }
  }
  return dependents;
}

/** A set of numbers that one of can be picked. */
class Bag {
  readonly items: number[] = [];
  private readonly place = new Map<number, number>();

  add(item: number): void {
    if (this.place.has(item)) return;
    this.place.set(item, this.items.length);
    this.items.push(item);
  }

  delete(item: number): void {
    const place = this.place.get(item);
    if (place === undefined) return;
    const last = this.items.pop()!;
    this.place.delete(item);
    if (last === item) return;
    this.items[place] = last;
    this.place.set(last, place);
  }
}

interface Write {
  readonly round: number;
  readonly value: Contributions;
  readonly reduces: boolean;
}

/** A part of a rank's buffer: what it had at first, and what came in. */
interface Slot {
  readonly first: Contributions;
  now: Contributions;
  readonly writes: Write[];
}

class Buffers {
  private readonly all: Contributions;
  private readonly slots: Slot[][];

  constructor(
    private readonly built: Collective,
    private readonly task: Task,
  ) {
    const { ranks, collective } = task;
    this.all = (1n << BigInt(ranks)) - 1n;
    this.slots = Array.from({ length: ranks }, (_, rank) =>
      Array.from({ length: built.parts }, (_, part) => {
        const first = COLLECTIVES[collective].holds(this.part(rank, part)) ? 1n << BigInt(rank) : 0n;
        return { first, now: first, writes: [] };
      }),
    );
  }

  private part(rank: number, part: number): BufferPart {
    return { rank, part, ranks: this.task.ranks, parts: this.built.parts, root: this.task.root ?? 0 };
  }

  private roundOf(flow: number): number {
    return this.built.roundOf?.(flow) ?? 0;
  }

  read(rank: number, flow: number, chunk: number): Contributions[] {
    const round = this.built.roundOf === undefined ? Number.POSITIVE_INFINITY : this.roundOf(flow);
    return partsOf(this.built.cargo(flow, chunk)).map((part) => {
      const { first, now, writes } = this.slots[rank]![part]!;
      if (writes.every((write) => write.round < round)) return now;
      const before = writes.filter((write) => write.round < round);
      return before.reduce((sum, { value, reduces }) => (reduces ? sum | value : value), first);
    });
  }

  write(rank: number, flow: number, chunk: number, values: readonly Contributions[]): void {
    const { collective } = this.task;
    const what = `flow ${flow} chunk ${chunk}`;
    const cargo = this.built.cargo(flow, chunk);
    const { reduces } = cargo;
    partsOf(cargo).forEach((part, i) => {
      const slot = this.slots[rank]![part]!;
      const value = values[i]!;
      if (value === 0n && this.isEmpty(part)) return;
      if (value === 0n) throw new Error(`${what}: sends what the rank has not`);
      slot.writes.push({ round: this.roundOf(flow), value, reduces });
      if (reduces) {
        // To hear of a rank twice does a barrier no harm.
        const isTwice = collective !== "barrier" && (slot.now & value) !== 0n;
        if (isTwice) throw new Error(`${what}: a value is added twice`);
        slot.now |= value;
        return;
      }
      const isSum = COLLECTIVES[collective].sumOf(this.part(rank, part)) === "all" || slot.now !== 0n;
      if (isSum && value !== this.all) throw new Error(`${what}: passes on what is not complete, or was there`);
      slot.now = value;
    });
  }

  /** Nothing is sent of an empty block, at least not by itself. */
  private isEmpty(part: number): boolean {
    return this.task.sizes?.bytes[part % this.task.ranks ** 2] === 0;
  }

  check(): void {
    const { sumOf } = COLLECTIVES[this.task.collective];
    this.slots.forEach((buffer, rank) => {
      buffer.forEach(({ now }, part) => {
        const whose = sumOf(this.part(rank, part));
        if (whose === null || this.isEmpty(part)) return;
        const wanted = whose === "all" ? this.all : 1n << BigInt(whose);
        if (now !== wanted) throw new Error(`part ${part} of rank ${rank} is ${now}, not ${wanted}`);
      });
    });
  }
}
