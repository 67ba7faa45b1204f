/**
 * A QP that runs out of retries ends the run at that instant. Devices of one window do not know of
 * each other, so a window in which one may fail is cut to end there: then nothing that comes later
 * has happened anywhere.
 */
import { SENDER_BYTES } from "../engine/queue-pairs";
import { startOf, windowPs } from "../engine/state";
import { regrid } from "../fast-forward/regrid";
import { run } from "../memory/arena";
import { Sender } from "../memory/structs/queue-pair";

/** Longer than any run. */
const FOREVER: u64 = 1 << 62;

/**
 * Cuts the window `index`, which is entered next, at the first instant at which a QP may fail in
 * it. False where none may: the window stands. Windows are no longer than all timeouts of a QP in a
 * row, so the first window of a run is safe.
 */
export function cutAtFailure(index: u64): bool {
  const startPs = startOf(index);
  const lastPs = startPs + windowPs - 1;
  if (lastPs <= run.mayFailAtPs) return false;
  run.mayFailAtPs = earliestFailurePs(startPs);
  if (lastPs <= run.mayFailAtPs) return false;
  regrid(<f64>(run.mayFailAtPs + 1));
  return true;
}

/**
 * No QP fails sooner, as things are at `nowPs`: its timer, and all that may follow it, must run out
 * first.
 */
function earliestFailurePs(nowPs: u64): u64 {
  let earliest = FOREVER;
  for (let flow: u32 = 0; flow < run.flowCount; flow++) {
    const sender = changetype<Sender>(run.senders + flow * SENDER_BYTES);
    const deadline = sender.deadlinePs;
    const at = deadline != 0 ? deadline + rowPs(sender.retries + 1) : nowPs + rowPs(sender.retries);
    earliest = min(earliest, at);
  }
  return earliest;
}

/**
 * What timeouts take in a row, from the one after `retries` others to that after which the QP
 * fails.
 */
function rowPs(retries: u32): u64 {
  let sum: u64 = 0;
  let n = retries;
  for (; n < run.rtoDoublings && n <= run.retryLimit; n++) sum += run.rtoPs << n;
  if (n > run.retryLimit) return sum;
  const count = <u64>(run.retryLimit - n) + 1;
  return run.mostRtoPs > FOREVER / count ? FOREVER : min(sum + count * run.mostRtoPs, FOREVER);
}
