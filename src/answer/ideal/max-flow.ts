/** Maximum flow between two vertices of an undirected graph, and the minimum cut that bounds it. */

export interface Edge {
  readonly a: number;
  readonly b: number;
  /** In each direction. */
  readonly capacity: number;
}

/**
 * A graph that many flows are sought in. Dinic's algorithm: shortest augmenting paths, a level at a
 * time.
 */
export class FlowNetwork {
  /** Arcs in pairs, each the reverse of the other: head, and capacity that is left. */
  readonly #head: Int32Array;
  readonly #left: Float64Array;
  readonly #capacity: Float64Array;
  readonly #arcsOf: readonly number[][];
  #level: Int32Array;

  constructor(
    private readonly vertices: number,
    edges: readonly Edge[],
  ) {
    this.#head = new Int32Array(2 * edges.length);
    this.#capacity = new Float64Array(2 * edges.length);
    const arcsOf = Array.from({ length: vertices }, (): number[] => []);
    edges.forEach(({ a, b, capacity }, i) => {
      arcsOf[a]!.push(2 * i);
      arcsOf[b]!.push(2 * i + 1);
      this.#head[2 * i] = b;
      this.#head[2 * i + 1] = a;
      this.#capacity.fill(capacity, 2 * i, 2 * i + 2);
    });
    this.#arcsOf = arcsOf;
    this.#left = this.#capacity.slice();
    this.#level = new Int32Array(vertices);
  }

  /** @returns the flow, and by vertex 1 on the source's side of a minimum cut */
  minimumCut(source: number, sink: number): { flow: number; side: Uint8Array } {
    this.#left.set(this.#capacity);
    let flow = 0;
    while (this.#findLevels(source, sink)) {
      const next = new Int32Array(this.vertices);
      for (;;) {
        const pushed = this.#push(source, sink, Number.POSITIVE_INFINITY, next);
        if (pushed === 0) break;
        flow += pushed;
      }
    }
    return { flow, side: Uint8Array.from(this.#level, (level) => (level >= 0 ? 1 : 0)) };
  }

  /**
   * Distances from the source over arcs with capacity left; false where the sink is out of reach.
   */
  #findLevels(source: number, sink: number): boolean {
    const level = new Int32Array(this.vertices).fill(-1);
    level[source] = 0;
    const queue = [source];
    // The queue grows while it is walked: breadth first.
    for (const vertex of queue) {
      for (const arc of this.#arcsOf[vertex]!) {
        const head = this.#head[arc]!;
        if (level[head]! >= 0 || this.#left[arc] === 0) continue;
        level[head] = level[vertex]! + 1;
        queue.push(head);
      }
    }
    this.#level = level;
    return level[sink]! >= 0;
  }

  #push(vertex: number, sink: number, most: number, next: Int32Array): number {
    if (vertex === sink) return most;
    const arcs = this.#arcsOf[vertex]!;
    for (; next[vertex]! < arcs.length; next[vertex]! += 1) {
      const arc = arcs[next[vertex]!]!;
      const head = this.#head[arc]!;
      if (this.#left[arc] === 0 || this.#level[head] !== this.#level[vertex]! + 1) continue;
      const pushed = this.#push(head, sink, Math.min(most, this.#left[arc]!), next);
      if (pushed === 0) continue;
      this.#left[arc]! -= pushed;
      this.#left[arc ^ 1]! += pushed;
      return pushed;
    }
    return 0;
  }
}
