/**
 * The order of passes at a stage of a pipeline: 1F1B (Narayanan et al., SOSP 2019), and interleaved
 * as Megatron-LM does it (SC 2021, section 2.2).
 */

/** One micro-batch through one part of a stage, forward or backward. */
export interface Pass {
  readonly kind: "forward" | "backward";
  readonly part: number;
  /** Of the step: the first forward through the part, or the last backward. */
  readonly isEdge: boolean;
}

export interface PipelineShape {
  readonly stages: number;
  /** Parts at each stage. */
  readonly parts: number;
  readonly microBatches: number;
}

/** Passes of a stage in their order. */
export function stagePasses({ stages, parts, microBatches }: PipelineShape, stage: number): Pass[] {
  const total = microBatches * parts;
  const partOf = (k: number) => (parts === 1 ? 0 : Math.floor((k % (stages * parts)) / stages));
  const warmUp = parts === 1 ? stages - 1 - stage : 2 * (stages - 1 - stage) + (parts - 1) * stages;
  const first = Math.min(total, parts > 1 && microBatches === stages ? total : warmUp);
  const seen = { forward: new Map<number, number>(), backward: new Map<number, number>() };
  const passes: Pass[] = [];
  const add = (kind: Pass["kind"], part: number) => {
    const before = seen[kind].get(part) ?? 0;
    seen[kind].set(part, before + 1);
    passes.push({ kind, part, isEdge: before === (kind === "forward" ? 0 : microBatches - 1) });
  };
  const forward = (k: number) => add("forward", partOf(k));
  const backward = (k: number) => add("backward", parts - 1 - partOf(k));
  for (let k = 0; k < first; k++) forward(k);
  for (let k = first; k < total; k++) {
    forward(k);
    backward(k - first);
  }
  for (let k = total - first; k < total; k++) backward(k);
  return passes;
}

/** Passes that are repeated. */
export interface Repeated {
  readonly count: number;
  readonly passes: readonly Pass[];
}

/** The same passes with what repeats as loops. */
export function asLoops(passes: readonly Pass[], longest: number): Repeated[] {
  const keys = passes.map(({ kind, part, isEdge }) => `${kind} ${part} ${isEdge}`);
  const equal = (a: number, b: number, length: number) => {
    for (let i = 0; i < length; i++) if (keys[a + i] !== keys[b + i]) return false;
    return true;
  };
  const loops: Repeated[] = [];
  let place = 0;
  while (place < passes.length) {
    let [best, bestCount] = [1, 1];
    for (let length = 1; length <= longest && place + 2 * length <= passes.length; length++) {
      let count = 1;
      while (place + (count + 1) * length <= passes.length && equal(place, place + count * length, length)) count += 1;
      if (count > 1 && count * length > best * bestCount) [best, bestCount] = [length, count];
    }
    loops.push({ count: bestCount, passes: passes.slice(place, place + best) });
    place += best * bestCount;
  }
  return loops;
}

/**
 * Time in which a stage waits, on average, where communication is free: the bubble.
 * @param takes time of a pass of a part at a stage
 */
export function bubble(
  shape: PipelineShape,
  takes: (stage: number, part: number, kind: Pass["kind"]) => number,
): { readonly total: number; readonly idle: number } {
  const { stages, parts, microBatches } = shape;
  const chain = stages * parts;
  const done = { forward: new Float64Array(chain * microBatches).fill(-1), backward: new Float64Array(0) };
  done.backward = done.forward.slice();
  const lists = Array.from({ length: stages }, (_, stage) => stagePasses(shape, stage));
  const next = new Uint32Array(stages);
  const now = new Float64Array(stages);
  const busy = new Float64Array(stages);
  const seen = Array.from({ length: stages }, () => new Map<string, number>());
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (let stage = 0; stage < stages; stage++) {
      for (let pass = lists[stage]![next[stage]!]; pass !== undefined; pass = lists[stage]![next[stage]!]) {
        const { kind, part } = pass;
        const key = `${kind} ${part}`;
        const micro = seen[stage]!.get(key) ?? 0;
        const link = part * stages + stage;
        const ready = readyAt(done, { kind, link, chain, micro, microBatches });
        if (ready < 0) break;
        const time = takes(stage, part, kind);
        now[stage] = Math.max(now[stage]!, ready) + time;
        busy[stage]! += time;
        done[kind][link * microBatches + micro] = now[stage]!;
        seen[stage]!.set(key, micro + 1);
        next[stage]! += 1;
        isMoving = true;
      }
    }
  }
  const total = now.reduce((most, time) => Math.max(most, time), 0);
  return { total, idle: busy.reduce((sum, time) => sum + total - time, 0) / stages };
}

interface Place {
  readonly kind: Pass["kind"];
  readonly link: number;
  readonly chain: number;
  readonly micro: number;
  readonly microBatches: number;
}

/** When what a pass needs was done; below 0 where it was not. */
function readyAt(
  done: Readonly<Record<Pass["kind"], Float64Array>>,
  { kind, link, chain, micro, microBatches }: Place,
): number {
  if (kind === "forward") return link === 0 ? 0 : done.forward[(link - 1) * microBatches + micro]!;
  if (link === chain - 1) return done.forward[link * microBatches + micro]!;
  return done.backward[(link + 1) * microBatches + micro]!;
}
