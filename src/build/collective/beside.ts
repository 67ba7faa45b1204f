import type { Schedule, ScheduleOperations } from "./schedule.js";

/**
 * Two schedules side by side, independent of each other. The flows of `first` keep their numbers;
 * those of `second` follow, which has no operations.
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
    ...(first.operations && { operations: padded(first.operations, second.count) }),
  };
}

/** The same operations where as many flows follow that are members of none. */
function padded({ list, contributes, receives }: ScheduleOperations, flows: number): ScheduleOperations {
  const none = new Uint8Array(flows);
  return { list, contributes: join(contributes, none), receives: join(receives, none) };
}

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

function join<C extends Column>(a: C, b: C): C {
  const joined = new (a.constructor as new (length: number) => C)(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
