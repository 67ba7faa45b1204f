/**
 * Loss on a link direction: all frames once it is down; before that by bit errors, as a geometric
 * skip: how much hazard is left until the next lost frame. In whole numbers, so that fast-forward
 * can take what many frames would have taken at once.
 */
import { own, run } from "../memory/arena";
import { Port, PortExtra, PortFlag } from "../memory/structs/port";
import { WatchedLoss } from "../memory/structs/watch";
import { exponential, keyOf, Purpose } from "../random/hash";

/** Why the last frame was lost. */
export let lossCause: WatchedLoss = WatchedLoss.Crc;

/** Draws the first budget of every direction with loss. */
export function startLoss(): void {
  for (let i: u32 = 0; i < run.portCount; i++) {
    if (!(changetype<Port>(run.ports + i * offsetof<Port>()).flags & PortFlag.Lossy)) continue;
    refillLossBudget(i, changetype<PortExtra>(run.portExtras + i * offsetof<PortExtra>()));
  }
}

/** 2^58: budgets stay below 64. */
const UNITS: f64 = 288230376151711744.0;

/** Draws the budget up to the next lost frame. */
function refillLossBudget(port: u32, extra: PortExtra): void {
  extra.lossBudget = <u64>(exponential(keyOf(Purpose.Loss, port), extra.lossDraws) * UNITS);
  extra.lossDraws += 2;
}

/** Takes a frame's hazard from the budget and tells whether the frame is lost on the way. */
export function isLost(port: u32, extra: PortExtra, wireBytes: u32): bool {
  if (extra.hazard == 0) return false;
  const hazard = load<u64>(extra.hazard + wireBytes * 8);
  if (extra.lossBudget >= hazard) {
    extra.lossBudget -= hazard;
    return false;
  }
  refillLossBudget(port, extra);
  return true;
}

/** Counts a frame that the link does not repeat, and whose transmission ends at an instant. */
export function countLost(extra: PortExtra, endPs: u64): void {
  lossCause = WatchedLoss.Crc;
  if (extra.droppedCrc == 0) extra.firstCrcPs = endPs;
  extra.droppedCrc++;
  own.droppedCrc++;
}

/** Counts a frame that was sent into a link that is down. */
export function countLostToLinkDown(extra: PortExtra): void {
  lossCause = WatchedLoss.LinkDown;
  extra.droppedLinkDown++;
  own.droppedLinkDown++;
}
