/**
 * The deliveries of periods that are to be skipped: while the one before them is simulated, each of
 * its deliveries is counted for them, too. They differ in time and chunk by the same amounts from
 * period to period, and the digest is a sum.
 */
import { threadAt } from "../engine/state";
import { allocate, own, run } from "../memory/arena";
import { deliveriesHash } from "./digest";

/** Called for each delivery while `Run.repetitions` is not 0. */
export function countRepetitions(flow: u32, chunk: u32, nowPs: u64): void {
  const step = load<u32>(run.chunkSteps + flow * 4);
  let repeated = chunk;
  let timePs = nowPs;
  let sum: u64 = 0;
  for (let k: u32 = 0; k < run.repetitions; k++) {
    timePs += run.periodPs;
    repeated += step;
    sum += deliveriesHash(flow, repeated, timePs);
  }
  own.repeatedHash += sum;
}

/** Address of what each flow delivers in a period (u32, chunks), for TypeScript to write. */
export function chunkSteps(): u32 {
  if (run.chunkSteps == 0) run.chunkSteps = allocate(<u64>run.flowCount * 4);
  return run.chunkSteps;
}

/** The periods whose deliveries were counted are skipped now, or simulated after all. */
export function endRepetitions(skipped: bool): void {
  for (let i: u32 = 0; i < run.threadCount; i++) {
    const thread = threadAt(i);
    if (skipped) thread.deliveryHash += thread.repeatedHash;
    thread.repeatedHash = 0;
  }
  run.repetitions = 0;
}
