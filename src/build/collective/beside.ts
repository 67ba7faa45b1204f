import { type ChosenNics, type Schedule, ScheduleBuilder, type ScheduleOperations } from "./schedule.js";

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
    ...joinedOperations(first, second),
    ...joinedNics(first, second),
  };
}

/** Choices of NICs of both. */
function joinedNics(first: Schedule, second: Schedule): Pick<Schedule, "nics"> {
  if (first.nics === undefined && second.nics === undefined) return {};
  const [a, b] = [first, second].map(({ nics, count }): ChosenNics => {
    return nics ?? { of: new Uint8Array(count), src: new Uint8Array(count), dst: new Uint8Array(count) };
  });
  return { nics: { of: join(a!.of, b!.of), src: join(a!.src, b!.src), dst: join(a!.dst, b!.dst) } };
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

/** Operations of both; those of the second choose their trees as the ones after the first's. */
function joinedOperations(first: Schedule, second: Schedule): Pick<Schedule, "operations"> {
  if (first.operations === undefined && second.operations === undefined) return {};
  const [a, b] = [operationsOf(first), operationsOf(second)];
  const moved = b.list.map(({ first: flow, choice, ...rest }) => ({
    ...rest,
    first: first.count + flow,
    choice: a.list.length + choice,
  }));
  return {
    operations: {
      list: [...a.list, ...moved],
      contributes: join(a.contributes, b.contributes),
      receives: join(a.receives, b.receives),
    },
  };
}

function operationsOf({ operations, count }: Schedule): ScheduleOperations {
  return operations ?? { list: [], contributes: new Uint8Array(count), receives: new Uint8Array(count) };
}

type Column = Uint8Array | Uint32Array | Int32Array | Float64Array;

function join<C extends Column>(a: C, b: C): C {
  const joined = new (a.constructor as new (length: number) => C)(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
