/**
 * A schedule is a flow graph between ranks: what a collective, or a list of flows, asks of the network before it is decided over
 * which NICs and queue pairs. Dependencies are as in the plan's flow graph: chunk `k` waits until each upstream flow has delivered
 * its chunk `min(k - lag, chunks - 1)`.
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
}

/**
 * What a chunk of a collective carries. The buffer of a rank is cut into parts that are numbered from 0; a chunk carries `count`
 * of them from `first`. It is added to what the receiver has (`reduces`), or takes its place.
 */
export interface Cargo {
  readonly first: number;
  readonly count: number;
  readonly reduces: boolean;
}

export interface Collective {
  readonly schedule: Schedule;
  /** Parts of a buffer. */
  readonly parts: number;
  /** What chunk `chunk` of flow `flow` carries: the meaning of the schedule, which nothing but tests needs. */
  readonly cargo: (flow: number, chunk: number) => Cargo;
}

/** What a flow is to do. */
export interface NewFlow {
  readonly src: number;
  readonly dst: number;
  readonly chunkBytes: number;
  readonly chunks: number;
  readonly startPs?: number;
}

/** Collects flows, and dependencies in any order. */
export class ScheduleBuilder {
  private readonly src: Uint32Array;
  private readonly dst: Uint32Array;
  private readonly chunkBytes: Float64Array;
  private readonly chunks: Uint32Array;
  private readonly startPs: Float64Array;
  private readonly dependencies = new TripleList();
  private count = 0;

  constructor(flowCount: number) {
    this.src = new Uint32Array(flowCount);
    this.dst = new Uint32Array(flowCount);
    this.chunkBytes = new Float64Array(flowCount);
    this.chunks = new Uint32Array(flowCount);
    this.startPs = new Float64Array(flowCount);
  }

  /** Adds a flow. @returns Its number: flows are numbered as they come. */
  add({ src, dst, chunkBytes, chunks, startPs = 0 }: NewFlow): number {
    const flow = this.count++;
    this.src[flow] = src;
    this.dst[flow] = dst;
    this.chunkBytes[flow] = Math.max(1, chunkBytes);
    this.chunks[flow] = chunks;
    this.startPs[flow] = startPs;
    return flow;
  }

  /** Chunk `k` of `flow` waits for chunk `k - lag` of `upstream`. */
  after(flow: number, upstream: number, lag: number): void {
    this.dependencies.add(flow, upstream, lag);
  }

  /** Every chunk of `flow` waits for all chunks of `upstream`. */
  afterAll(flow: number, upstream: number): void {
    this.after(flow, upstream, 1 - this.chunks[upstream]!);
  }

  build(): Schedule {
    const { count, src, dst, chunkBytes, chunks, startPs, dependencies } = this;
    if (count !== src.length) throw new Error(`${count} flows were added of ${src.length}`);
    const upFirst = new Uint32Array(count + 1);
    dependencies.forEach((flow) => {
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
    return { count, src, dst, chunkBytes, chunks, startPs, upFirst, upFlow, upLag };
  }
}

/** A growing list of three integers each: millions of dependencies as objects would take ten times the memory. */
class TripleList {
  length = 0;
  private entries = new Int32Array(3 * 1024);

  add(a: number, b: number, c: number): void {
    const at = 3 * this.length++;
    if (at === this.entries.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.entries);
      this.entries = larger;
    }
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
