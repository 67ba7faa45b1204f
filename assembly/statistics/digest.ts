/**
 * The digest of a run: a sum of hashes of deliveries, so that the order of steps leaves no trace.
 */
import { run, allocate } from "../memory/arena";

/**
 * Hash of one delivery. The run's digest is a sum of these, so that it does not depend on the order
 * in which devices are stepped.
 */
export function deliveryHash(flow: u32, chunk: u32, nowPs: u64): u64 {
  let x = nowPs * 0x9e3779b97f4a7c15 + (((<u64>flow) << 32) | chunk);
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/** Hash of a delivery, or of those of all flows that the flow stands for. */
@inline
export function deliveriesHash(flow: u32, chunk: u32, nowPs: u64): u64 {
  return run.copies == 0 ? deliveryHash(flow, chunk, nowPs) : imagesHash(flow, chunk, nowPs);
}

function imagesHash(flow: u32, chunk: u32, nowPs: u64): u64 {
  let sum: u64 = 0;
  const first = run.images + flow * run.copies * 4;
  for (let image = first, end = first + run.copies * 4; image < end; image += 4) {
    sum += deliveryHash(load<u32>(image), chunk, nowPs);
  }
  return sum;
}

/** Address of the table of what flows stand for, for TypeScript to write before the run begins. */
export function imagesOf(copies: u32): u32 {
  run.images = allocate(<u64>run.flowCount * copies * 4);
  run.copies = copies;
  return run.images;
}
