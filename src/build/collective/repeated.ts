import { CapacityError, millions } from "../../plan/capacity.js";
import { MAX_TABLES } from "../../plan/collectives.js";
import { type Collective, type Schedule, ScheduleBuilder } from "./schedule.js";

/**
 * A collective several times, one after the other: a rank begins the next one when all that comes
 * to it in the one before has come. Queue pairs are new each time; they take the same ways, since
 * they are of the same connections.
 * @throws CapacityError where the flow graph would be too large
 */
export function repeated(once: Collective, times: number): Collective {
  if (times === 1) return once;
  const { schedule, parts, cargo, roundOf } = once;
  const into = flowsInto(schedule);
  checkTables(schedule, into, times);
  const builder = new ScheduleBuilder(times * schedule.count);
  for (let time = 0; time < times; time++) {
    for (let flow = 0; flow < schedule.count; flow++) {
      builder.add({
        src: schedule.src[flow]!,
        dst: schedule.dst[flow]!,
        chunkBytes: schedule.chunkBytes[flow]!,
        chunks: schedule.chunks[flow]!,
      });
    }
  }
  for (let time = 0; time < times; time++) {
    const first = time * schedule.count;
    for (let flow = 0; flow < schedule.count; flow++) {
      for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
        builder.after(first + flow, first + schedule.upFlow[i]!, schedule.upLag[i]!);
      }
      if (time === 0) continue;
      for (const before of into.get(schedule.src[flow]!) ?? []) {
        builder.afterAll(first + flow, first - schedule.count + before);
      }
    }
  }
  return {
    schedule: { ...builder.build(), ...repeatedOperations(schedule, times) },
    parts: times * parts,
    ...(roundOf && { roundOf: (flow) => roundOf(flow % schedule.count) }),
    cargo: (flow, chunk) => {
      const moved = cargo(flow % schedule.count, chunk);
      const by = Math.floor(flow / schedule.count) * parts;
      if ("list" in moved) return { list: moved.list.map((part) => part + by), reduces: moved.reduces };
      return { ...moved, first: moved.first + by };
    },
  };
}

/** Operations that switches reduce, over the same trees each time. */
function repeatedOperations({ operations, count }: Schedule, times: number): Pick<Schedule, "operations"> {
  if (operations === undefined) return {};
  const { list, contributes, receives } = operations;
  const rounds = Array.from({ length: times }, (_, time) => time * count);
  const again = (column: Uint8Array) => Uint8Array.from({ length: times * count }, (_, flow) => column[flow % count]!);
  return {
    operations: {
      list: rounds.flatMap((by) => list.map((operation) => ({ ...operation, first: by + operation.first }))),
      contributes: again(contributes),
      receives: again(receives),
    },
  };
}

/** Flows that end at each rank. */
function flowsInto({ count, dst }: Schedule): Map<number, number[]> {
  const into = new Map<number, number[]>();
  for (let flow = 0; flow < count; flow++) {
    const known = into.get(dst[flow]!);
    if (known === undefined) into.set(dst[flow]!, [flow]);
    else known.push(flow);
  }
  return into;
}

function checkTables({ count, src, upFlow }: Schedule, into: Map<number, number[]>, times: number): void {
  const waits = src.reduce((sum, rank) => sum + (into.get(rank)?.length ?? 0), 0);
  const [flows, dependencies] = [times * count, times * upFlow.length + (times - 1) * waits];
  if (flows <= MAX_TABLES.flows && dependencies <= MAX_TABLES.dependencies) return;
  throw new CapacityError(
    `${times} times make ${millions(flows)} flows with ${millions(dependencies)} dependencies; write a smaller workload.repeat`,
    { paths: [["workload", "repeat"], ["workload"]] },
  );
}
