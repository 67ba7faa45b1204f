/**
 * Collectives that proceed by rounds, as programs of blocking sends and receives do: in each round
 * a rank sends at most a few messages, and what it sends may depend on all that came to it before.
 */
import { type Cargo, type Collective, type Parts, ScheduleBuilder } from "./schedule.js";

type Send = (src: number, dst: number, bytes: number) => void;

export interface Round {
  /** Calls `send` for each message. */
  readonly messages: (send: Send) => void;
  /** What the message between two ranks carries. */
  readonly parts: (src: number, dst: number) => Parts;
}

/** Some rounds that add what they carry to the receiver's buffer, or put it there. */
export interface Phase {
  readonly rounds: readonly Round[];
  readonly reduces: boolean;
}

export interface RoundOptions {
  /** Parts of a buffer. */
  readonly parts: number;
  /** Chunks of a message. Each chunk waits only for those of its own number. */
  readonly chunks?: number;
  /**
   * `data`: a message waits for all that came to its sender in earlier rounds. `pace`: for the last
   * of them only, which holds it back without being part of it.
   */
  readonly waits?: "data" | "pace";
  /** Flows that are expected, where that is known. */
  readonly flows?: number;
}

/**
 * The flow graph of some phases: a flow per message, in the order of the rounds. With chunks the
 * parts of chunk `c` are `c * parts` further on.
 */
export function roundsToCollective(phases: readonly Phase[], ranks: number, options: RoundOptions): Collective {
  const { parts, chunks = 1, waits = "data", flows } = options;
  const builder = new ScheduleBuilder(flows);
  const arrivals = new Arrivals(ranks);
  const rounds = phases.flatMap(({ rounds, reduces }) => rounds.map((round) => ({ ...round, reduces })));
  const firstFlow = [0];
  const targets: number[] = [];
  for (const { messages } of rounds) {
    messages((src, dst, bytes) => {
      const flow = builder.add({ src, dst, chunkBytes: Math.ceil(bytes / chunks), chunks });
      targets.push(dst);
      arrivals.forEach(src, (upstream) => builder.after(flow, upstream, 0));
    });
    firstFlow.push(builder.count);
    for (let flow = firstFlow.at(-2)!; flow < builder.count; flow++) {
      if (waits === "pace") arrivals.forget(targets[flow]!);
      arrivals.add(targets[flow]!, flow);
    }
  }
  const schedule = builder.build();
  const roundOf = (flow: number) => firstFlow.findLastIndex((first) => first <= flow);
  const cargo = (flow: number, chunk: number): Cargo => {
    const { parts: partsOf, reduces } = rounds[roundOf(flow)]!;
    return { ...movedBy(partsOf(schedule.src[flow]!, schedule.dst[flow]!), chunk * parts), reduces };
  };
  return { schedule, parts: parts * chunks, cargo, roundOf };
}

function movedBy(parts: Parts, by: number): Parts {
  if ("list" in parts) return { list: parts.list.map((part) => part + by) };
  return { first: parts.first + by, count: parts.count };
}

/**
 * The mirror image of some rounds: the last one first, and every message the other way. That of an
 * all-gather is a reduce-scatter, and the reverse.
 */
export function mirrored(rounds: readonly Round[]): Round[] {
  return rounds
    .map(({ messages, parts }) => ({
      messages: (send: Send) => messages((src, dst, bytes) => send(dst, src, bytes)),
      parts: (src: number, dst: number) => parts(dst, src),
    }))
    .reverse();
}

/** Flows that have come to each rank, as linked lists. */
class Arrivals {
  private readonly last: Int32Array;
  private readonly before: number[] = [];

  constructor(ranks: number) {
    this.last = new Int32Array(ranks).fill(-1);
  }

  /** Flows are added in the order of their numbers. */
  add(rank: number, flow: number): void {
    this.before[flow] = this.last[rank]!;
    this.last[rank] = flow;
  }

  forget(rank: number): void {
    this.last[rank] = -1;
  }

  forEach(rank: number, visit: (flow: number) => void): void {
    for (let flow = this.last[rank]!; flow >= 0; flow = this.before[flow]!) visit(flow);
  }
}
