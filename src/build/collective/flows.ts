import type { FlowSpec } from "../../scenario/types/scenario.js";
import { type Schedule, ScheduleBuilder } from "./schedule.js";

/** A list of flows: each is one chunk, posted at its start time and after those it waits for. */
export function flowList(flows: readonly FlowSpec[]): Schedule {
  const builder = new ScheduleBuilder(flows.length);
  flows.forEach(({ src, dst, bytes, startPs, after }, flow) => {
    builder.add({ src, dst, chunkBytes: bytes, chunks: 1, startPs });
    for (const upstream of after ?? []) builder.after(flow, upstream, 0);
  });
  return builder.build();
}
