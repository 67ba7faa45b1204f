import type { FlowSpec } from "../../scenario/types/scenario.js";
import { type Schedule, ScheduleBuilder } from "./schedule.js";

/** A list of flows: each is one chunk, posted at its start time. */
export function flowList(flows: readonly FlowSpec[]): Schedule {
  const builder = new ScheduleBuilder(flows.length);
  for (const { src, dst, bytes, startPs } of flows) builder.add({ src, dst, chunkBytes: bytes, chunks: 1, startPs });
  return builder.build();
}
