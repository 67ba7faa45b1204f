import { type Schedule, ScheduleBuilder } from "../collective/schedule.js";

/** Of a rendezvous: what a receiver sends back when it is ready. */
const READY_BYTES = 1;

/** One message; with rendezvous it waits for word from the receiver. */
export function message(src: number, dst: number, bytes: number, rendezvous: boolean): Schedule {
  const schedule = new ScheduleBuilder(2);
  const data = schedule.add({ src, dst, chunkBytes: bytes, chunks: 1 });
  if (rendezvous) schedule.after(data, schedule.add({ src: dst, dst: src, chunkBytes: READY_BYTES, chunks: 1 }), 0);
  return schedule.build();
}
