/**
 * The cheap look for a repetition: at the end of each window, what a retransmission timer says of
 * one sender. It was started a fixed time ago, by a packet or an answer, so its deadlines give the
 * exact times of events of which windows see nothing but that they have happened.
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
