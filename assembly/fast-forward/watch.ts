/**
 * The cheap look for a repetition: at the end of each window, what a retransmission timer says of
 * one sender. A packet or an answer started it a fixed time ago. So its deadlines give exact times
 * of events, while windows only show that an event has happened.
 */
import { run } from "../memory/arena";
import { Sender } from "../memory/structs/queue-pair";
import { MAX_SAMPLES, Sample } from "../memory/structs/sample";

/** `Run.samplesWanted` where nobody waits for samples. */
export const NO_GOAL: u32 = u32.MAX_VALUE;


@inline
function sampleAt(number: u32): Sample {
  return changetype<Sample>(run.samples + (number & (MAX_SAMPLES - 1)) * offsetof<Sample>());
}

/** Notes the watched sender's timer if it was started anew in this window. */
export function sample(): void {
  const sender = changetype<Sender>(run.watched);
  const deadline = sender.deadlinePs;
  if (deadline == 0) return;
  const count = run.sampleCount;
  if (count != 0 && sampleAt(count - 1).deadlinePs == deadline) return;
  const next = sampleAt(count);
  next.deadlinePs = deadline;
  next.acked = sender.acked;
  run.sampleCount = count + 1;
}
