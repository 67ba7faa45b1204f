import { type Schedule, ScheduleBuilder } from "./schedule.js";

/**
 * Two schedules side by side, independent of each other. The flows of `first` keep their numbers;
 * those of `second` follow.
 */
export function beside(first: Schedule, second: Schedule): Schedule {
  const edges = first.upFlow.length;
  return {
    count: first.count + second.count,
    src: join(first.src, second.src),
    dst: join(first.dst, second.dst),
    chunkBytes: join(first.chunkBytes, second.chunkBytes),
    chunks: join(first.chunks, second.chunks),
    startPs: join(first.startPs, second.startPs),
    upFirst: join(
      first.upFirst.subarray(0, first.count),
      second.upFirst.map((edge) => edges + edge),
    ),
    upFlow: join(
      first.upFlow,
      second.upFlow.map((flow) => first.count + flow),
    ),
    upLag: join(first.upLag, second.upLag),
  };
}

/** Schedules side by side, in order; each flow keeps its place among those of its own. */
export function allBeside(schedules: readonly Schedule[]): Schedule {
  if (schedules.length === 0) return new ScheduleBuilder(1).build();
  // Halves, so that columns are copied no oftener than they must.
  if (schedules.length === 1) return schedules[0]!;
  const half = Math.ceil(schedules.length / 2);
  return beside(allBeside(schedules.slice(0, half)), allBeside(schedules.slice(half)));
}

/** A schedule of ranks of a group on those of the fabric, that starts `startPs` later. */
export function placed(schedule: Schedule, ranks: ArrayLike<number>, startPs: number): Schedule {
  return {
    ...schedule,
    src: schedule.src.map((rank) => ranks[rank]!),
    dst: schedule.dst.map((rank) => ranks[rank]!),
    startPs: schedule.startPs.map((ps) => ps + startPs),
  };
}

type Column = Uint32Array | Int32Array | Float64Array;

function join<C extends Column>(a: C, b: C): C {
  const joined = new (a.constructor as new (length: number) => C)(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
