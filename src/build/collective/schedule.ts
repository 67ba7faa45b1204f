/**
 * A schedule is a flow graph between ranks: what a collective, or a list of flows, asks of the
 * network before it is decided over which NICs and queue pairs. Dependencies are as in the plan's
 * flow graph: chunk `k` waits until each upstream flow has delivered its chunk
 * `min(k - lag, chunks - 1)`.
 */
export interface Schedule {
  readonly count: number;
  readonly src: Uint32Array;
  readonly dst: Uint32Array;
  readonly chunkBytes: Float64Array;
  readonly chunks: Uint32Array;
  readonly startPs: Float64Array;
  /** Upstream dependencies of flow `f` are entries `upFirst[f] … upFirst[f+1] - 1`. */
  readonly upFirst: Uint32Array;
  readonly upFlow: Uint32Array;
  readonly upLag: Int32Array;
  /** Operations that switches reduce; left out where there are none. */
  readonly operations?: ScheduleOperations;
  /** Which NICs its flows take; left out where each takes all NICs of its ranks. */
  readonly nics?: ChosenNics;
}

/** By flow: the NICs that it takes, of those that its ranks have. */
export interface ChosenNics {
  /** How many NICs a rank has, each with an equal part of its ports. 0: the flow takes all. */
  readonly of: Uint8Array;
  /** Which of them, at the sender and at the receiver. */
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
}

/** By which of a rank's NICs its packets go. */
export type OperationNetwork = "scale-up" | "fabric";

export interface ScheduleOperation {
  /** Flows `first … first + members - 1`. */
  readonly first: number;
  readonly members: number;
  readonly network: OperationNetwork;
  /** Chooses the tree; operations of different numbers spread over switches and links. */
  readonly choice: number;
}

/** Which flows of a schedule are members of operations. */
export interface ScheduleOperations {
  readonly list: readonly ScheduleOperation[];
  /** By flow, of members: 1 where it contributes, and where it receives. */
  readonly contributes: Uint8Array;
  readonly receives: Uint8Array;
}

/**
 * Parts of a buffer, which are numbered from 0: `count` of them from `first`, or those of a list.
 */
export type Parts = { readonly first: number; readonly count: number } | { readonly list: readonly number[] };

/**
 * What a chunk of a collective carries: parts of the sender's buffer. They are added to what the
 * receiver has (`reduces`), or take its place. Of an operation each chunk is the sum of what its
 * members send; a receiver to which it is added leaves out what it has sent itself.
 */
export type Cargo = Parts & { readonly reduces: boolean };

export interface Collective {
  readonly schedule: Schedule;
  /** Parts of a buffer. */
  readonly parts: number;
  /**
   * What chunk `chunk` of flow `flow` carries: the meaning of the schedule, which nothing but tests
   * needs.
   */
  readonly cargo: (flow: number, chunk: number) => Cargo;
  /**
   * Of collectives by rounds: the round of a flow. It carries what its sender had before that
   * round, whatever else has come in by then. For tests, too.
   */
  readonly roundOf?: (flow: number) => number;
}

/** What a flow is to do. */
export interface NewFlow {
  readonly src: number;
  readonly dst: number;
  readonly chunkBytes: number;
  readonly chunks: number;
  readonly startPs?: number;
}

/** Columns that have room for as many flows as their length. */
type FlowColumns = Pick<Schedule, "src" | "dst" | "chunkBytes" | "chunks" | "startPs">;

/** Flows that a builder has room for at first, where it is not told what to expect. */
const FIRST_ROOM = 1024;

/**
 * Collects flows and dependencies as they come. It needs no flow count in advance, so a reader of a
 * file can stream into it: columns double when they are full. Dependencies may come in any order,
 * and `after` may name a flow that is added later.
 */
export class ScheduleBuilder {
  private columns: FlowColumns;
  private room: number;
  private readonly dependencies = new TripleList();
  private flowCount = 0;

  /** @param expectedFlows Saves copies where the count is known; there may be more, or fewer. */
  constructor(expectedFlows = FIRST_ROOM) {
    this.room = expectedFlows;
    this.columns = emptyColumns(expectedFlows);
  }

  /** Flows that were added so far. */
  get count(): number {
    return this.flowCount;
  }

  /** Adds a flow. @returns Its number: flows are numbered as they come. */
  add({ src, dst, chunkBytes, chunks, startPs = 0 }: NewFlow): number {
    const flow = this.flowCount++;
    if (flow === this.room) this.grow();
    const { columns } = this;
    columns.src[flow] = src;
    columns.dst[flow] = dst;
    columns.chunkBytes[flow] = Math.max(1, chunkBytes);
    columns.chunks[flow] = chunks;
    columns.startPs[flow] = startPs;
    return flow;
  }

  /** Chunk `k` of `flow` waits for chunk `k - lag` of `upstream`. */
  after(flow: number, upstream: number, lag: number): void {
    this.dependencies.add(flow, upstream, lag);
  }

  /** Every chunk of `flow` waits for all chunks of `upstream`, which was added before. */
  afterAll(flow: number, upstream: number): void {
    if (upstream >= this.flowCount) throw new Error(`flow ${upstream} was not added yet`);
    this.after(flow, upstream, 1 - this.columns.chunks[upstream]!);
  }

  /**
   * The schedule of what was added.
   * @throws Error where a dependency names a flow that was not added
   */
  build(): Schedule {
    const { flowCount: count, columns, dependencies } = this;
    const upFirst = new Uint32Array(count + 1);
    dependencies.forEach((flow, upstream) => {
      if (flow >= count || upstream >= count) {
        throw new Error(`flow ${flow} waits for flow ${upstream}, but ${count} flows were added`);
      }
      upFirst[flow + 1]! += 1;
    });
    for (let flow = 0; flow < count; flow++) upFirst[flow + 1]! += upFirst[flow]!;
    const next = upFirst.slice();
    const upFlow = new Uint32Array(dependencies.length);
    const upLag = new Int32Array(dependencies.length);
    dependencies.forEach((flow, upstream, lag) => {
      const place = next[flow]!++;
      upFlow[place] = upstream;
      upLag[place] = lag;
    });
    // Full columns need no copy: the next flow makes new ones.
    const filled = count === this.room ? columns : mapColumns(columns, (column) => resized(column, count));
    return { count, ...filled, upFirst, upFlow, upLag };
  }

  private grow(): void {
    this.room = Math.max(FIRST_ROOM, 2 * this.room);
    this.columns = mapColumns(this.columns, (column) => resized(column, this.room));
  }
}

function emptyColumns(room: number): FlowColumns {
  return {
    src: new Uint32Array(room),
    dst: new Uint32Array(room),
    chunkBytes: new Float64Array(room),
    chunks: new Uint32Array(room),
    startPs: new Float64Array(room),
  };
}

type Column = Uint32Array | Int32Array | Float64Array;

function mapColumns(columns: FlowColumns, change: <C extends Column>(column: C) => C): FlowColumns {
  const { src, dst, chunkBytes, chunks, startPs } = columns;
  return {
    src: change(src),
    dst: change(dst),
    chunkBytes: change(chunkBytes),
    chunks: change(chunks),
    startPs: change(startPs),
  };
}

/** A copy of that length: its entries as far as there are any, then zeros. */
function resized<C extends Column>(column: C, length: number): C {
  const copy = new (column.constructor as new (length: number) => C)(length);
  copy.set(column.length > length ? column.subarray(0, length) : column);
  return copy;
}

/**
 * A growing list of three integers each: millions of dependencies as objects would take ten times
 * the memory.
 */
class TripleList {
  length = 0;
  private entries = new Int32Array(3 * 1024);

  add(a: number, b: number, c: number): void {
    const at = 3 * this.length++;
    if (at === this.entries.length) this.entries = resized(this.entries, 2 * at);
    this.entries[at] = a;
    this.entries[at + 1] = b;
    this.entries[at + 2] = c;
  }

  forEach(visit: (a: number, b: number, c: number) => void): void {
    for (let at = 0; at < 3 * this.length; at += 3) {
      visit(this.entries[at]!, this.entries[at + 1]!, this.entries[at + 2]!);
    }
  }
}
