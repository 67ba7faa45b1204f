/**
 * Executes an algorithm on names of chunks in place of data: that it comes to its end, reads
 * nothing that was not written, adds nothing twice, and leaves what its collective promises.
 */
import { type Algorithm, type Buffer, type Place, STEPS, type Step } from "./algorithm.js";
import { connectionKey } from "./connections.js";

/** A sum of one chunk over ranks; `chunk` is its number in the whole of what is worked on. */
interface Value {
  readonly chunk: number;
  readonly ranks: bigint;
}

/** What a collective starts from and comes to. `k` chunks belong to each pair of ranks, or rank. */
interface Meaning {
  /** Chunk of an input chunk of a rank. */
  readonly input: (rank: number, chunk: number) => number;
  /** Of an output chunk: its number, and the ranks that are summed. */
  readonly output: (rank: number, chunk: number) => Value;
  /** Output chunks of a rank. */
  readonly outputs: number;
  /** Where input and output are one: from the number of an input chunk to that of an output. */
  readonly shift: (rank: number) => number;
}

/** Collectives whose outcome is checked. */
export const CHECKED = ["allreduce", "allgather", "reduce_scatter", "alltoall"] as const;

/** @throws ScenarioError with the step that goes wrong */
export function checkMeaning(algorithm: Algorithm): void {
  new Execution(algorithm).run();
}

function meaningOf({ collective, gpus, chunksPerLoop, file }: Algorithm): Meaning | undefined {
  const n = gpus.length;
  const everyone = (1n << BigInt(n)) - 1n;
  const perRank = () => {
    if (chunksPerLoop % n !== 0) {
      file.fail(`${collective} with nchunksperloop="${chunksPerLoop}", which ${n} gpus do not divide`, gpus[0]!);
    }
    return chunksPerLoop / n;
  };
  switch (collective) {
    case "allreduce":
      return {
        input: (_, chunk) => chunk,
        output: (_, chunk) => ({ chunk, ranks: everyone }),
        outputs: chunksPerLoop,
        shift: () => 0,
      };
    case "allgather": {
      const k = perRank();
      return {
        input: (rank, chunk) => rank * k + chunk,
        output: (_, chunk) => ({ chunk, ranks: 1n << BigInt(Math.floor(chunk / k)) }),
        outputs: chunksPerLoop,
        shift: (rank) => rank * k,
      };
    }
    case "reduce_scatter": {
      const k = perRank();
      return {
        input: (_, chunk) => chunk,
        output: (rank, chunk) => ({ chunk: rank * k + chunk, ranks: everyone }),
        outputs: k,
        shift: (rank) => -rank * k,
      };
    }
    case "alltoall": {
      const k = perRank();
      return {
        input: (rank, chunk) => rank * chunksPerLoop + chunk,
        output: (rank, chunk) => {
          const from = Math.floor(chunk / k);
          return { chunk: from * chunksPerLoop + rank * k + (chunk % k), ranks: 1n << BigInt(from) };
        },
        outputs: chunksPerLoop,
        shift: () => 0,
      };
    }
    default:
      return undefined;
  }
}

class Execution {
  private readonly buffers: Record<Buffer, (Value | undefined)[]>[];
  private readonly meaning: Meaning | undefined;
  private readonly done: number[][];
  private readonly wires = new Map<string, Value[][]>();

  constructor(private readonly algorithm: Algorithm) {
    const { gpus } = algorithm;
    this.meaning = meaningOf(algorithm);
    this.done = gpus.map(({ blocks }) => blocks.map(() => 0));
    this.buffers = gpus.map(({ chunks }, rank) => ({
      i: Array.from({ length: chunks.i }, (_, chunk) => ({
        chunk: this.meaning?.input(rank, chunk) ?? chunk,
        ranks: 1n << BigInt(rank),
      })),
      o: new Array<Value | undefined>(chunks.o).fill(undefined),
      s: new Array<Value | undefined>(chunks.s).fill(undefined),
    }));
    if (this.hasOneBuffer) for (let rank = 0; rank < gpus.length; rank++) this.share(rank);
  }

  run(): void {
    const { gpus, file } = this.algorithm;
    for (let moved = true; moved; ) {
      moved = false;
      gpus.forEach(({ blocks }, rank) => {
        blocks.forEach(({ steps }, tb) => {
          while (this.done[rank]![tb]! < steps.length && this.step(rank, tb)) {
            this.done[rank]![tb]! += 1;
            moved = true;
          }
        });
      });
    }
    gpus.forEach(({ blocks }, rank) => {
      blocks.forEach(({ steps }, tb) => {
        const step = steps[this.done[rank]![tb]!];
        if (step === undefined) return;
        const why =
          step.after && !this.isPast(rank, step.after) ? `step ${step.after.step} of tb ${step.after.block}` : "data";
        file.fail(`gpu ${rank} waits here for ${why} that never comes: the algorithm does not end`, step);
      });
    });
    this.checkOutputs();
  }

  /** Whether the step was done; else it waits. */
  private step(rank: number, tb: number): boolean {
    const { file, gpus } = this.algorithm;
    const { steps, send, receive, channel } = gpus[rank]!.blocks[tb]!;
    const step = steps[this.done[rank]![tb]!]!;
    const { type, src, dst, count, after } = step;
    if (after !== undefined && !this.isPast(rank, after)) return false;
    const { receives, reduces, stores, sends } = STEPS[type];
    if (type === "nop") return true;
    const wire = this.wires.get(connectionKey(receive, rank, channel));
    if (receives && (wire === undefined || wire.length === 0)) return false;
    const incoming = receives ? wire!.shift()! : undefined;
    const own = reduces || !receives ? this.load(rank, src, step) : undefined;
    let values = incoming ?? own!;
    if (reduces) {
      const other = receives ? own! : this.load(rank, dst, step);
      values = values.map((value, c) => {
        const sum = added(value, other[c]!);
        return sum ?? file.fail(`adds what does not belong together, or adds it twice (chunk ${c} of the step)`, step);
      });
    }
    if (stores) for (let c = 0; c < count; c++) this.store(rank, dst, c, values[c]!);
    if (sends) {
      const key = connectionKey(rank, send, channel);
      const queue = this.wires.get(key) ?? [];
      queue.push(values);
      this.wires.set(key, queue);
    }
    return true;
  }

  private isPast(rank: number, { block, step }: { readonly block: number; readonly step: number }): boolean {
    return this.done[rank]![block]! > step;
  }

  private load(rank: number, { buffer, offset }: Place, step: Step): Value[] {
    return Array.from({ length: step.count }, (_, c) => {
      const value = this.buffers[rank]![buffer][offset + c];
      const what = `reads chunk ${offset + c} of buffer ${buffer} of gpu ${rank}, which nothing was written to`;
      return value ?? this.algorithm.file.fail(what, step);
    });
  }

  private store(rank: number, { buffer, offset }: Place, c: number, value: Value): void {
    const own = this.buffers[rank]!;
    own[buffer][offset + c] = value;
    if (!this.hasOneBuffer || buffer === "s") return;
    const shift = this.meaning!.shift(rank);
    const [other, at] = buffer === "i" ? [own.o, offset + c + shift] : [own.i, offset + c - shift];
    if (at >= 0 && at < other.length) other[at] = value;
  }

  /** In place: the input lies where its part of the output does. */
  private share(rank: number): void {
    const own = this.buffers[rank]!;
    own.i.forEach((value, chunk) => {
      const at = chunk + this.meaning!.shift(rank);
      if (at >= 0 && at < own.o.length) own.o[at] = value;
    });
  }

  private get hasOneBuffer(): boolean {
    return this.algorithm.isInPlace && this.meaning !== undefined;
  }

  private checkOutputs(): void {
    const { meaning } = this;
    if (meaning === undefined) return;
    const { gpus, file, collective } = this.algorithm;
    gpus.forEach((gpu, rank) => {
      for (let chunk = 0; chunk < meaning.outputs; chunk++) {
        const wanted = meaning.output(rank, chunk);
        const found = this.outputOf(rank, chunk);
        if (found?.chunk === wanted.chunk && found.ranks === wanted.ranks) continue;
        file.fail(`gpu ${rank} ends without chunk ${chunk} of what ${collective} promises`, gpu);
      }
    });
  }

  /** Where there is no output buffer, the input is that. */
  private outputOf(rank: number, chunk: number): Value | undefined {
    const { i, o } = this.buffers[rank]!;
    return o.length > 0 ? o[chunk] : i[chunk - this.meaning!.shift(rank)];
  }
}

/** The sum; undefined where the chunks differ, or a rank is in both. */
function added(a: Value, b: Value): Value | undefined {
  if (a.chunk !== b.chunk || (a.ranks & b.ranks) !== 0n) return undefined;
  return { chunk: a.chunk, ranks: a.ranks | b.ranks };
}
