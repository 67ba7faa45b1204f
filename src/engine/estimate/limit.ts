/** Refuses a run that would not fit, saying what takes the memory and what to change. */

import { ADDRESSABLE_BYTES, CapacityError, gibibytes, millions } from "../../plan/capacity.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Path } from "../../util/document-path.js";
import { estimateTables, lastOf, type MemoryEstimate, memorySteps } from "./index.js";

/**
 * The estimate of a run that fits.
 * @param availableBytes memory that the machine has still to give: for the core and for the
 * outcome. What the core can address bounds the core in any case
 * @param threads that may take part
 * @throws CapacityError
 */
export function checkMemory(plan: RunPlan, availableBytes = Number.POSITIVE_INFINITY, threads = 1): MemoryEstimate {
  return lastOf(checkMemorySteps(plan, availableBytes, threads));
}

/** As `checkMemory`, in steps of some milliseconds. */
export function* checkMemorySteps(
  plan: RunPlan,
  availableBytes = Number.POSITIVE_INFINITY,
  threads = 1,
): Generator<void, MemoryEstimate> {
  // Following the packets of a run that cannot even hold its tables takes long, and changes
  // nothing.
  const tables = estimateTables(plan, threads);
  const estimate =
    tables.totalBytes > Math.min(ADDRESSABLE_BYTES, availableBytes) ? tables : yield* memorySteps(plan, threads);
  const { totalBytes, outcomeBytes } = estimate;
  if (totalBytes <= ADDRESSABLE_BYTES && totalBytes + outcomeBytes <= availableBytes) return estimate;
  const isCoreTooLarge = totalBytes > ADDRESSABLE_BYTES && availableBytes >= ADDRESSABLE_BYTES;
  const neededBytes = isCoreTooLarge ? totalBytes : totalBytes + outcomeBytes;
  const limit = isCoreTooLarge
    ? `the ${gibibytes(ADDRESSABLE_BYTES)} that the core can address`
    : `the ${gibibytes(availableBytes)} of memory that are free`;
  const { advice, paths } = dominant(plan, estimate);
  throw new CapacityError(`the run would take about ${gibibytes(neededBytes)}, more than ${limit}; ${advice}`, {
    paths,
  });
}

/** What takes the most, and the settings that it follows from. */
function dominant(
  plan: RunPlan,
  { tablesBytes, flowBytes, packetBytes, packetMapBytes }: MemoryEstimate,
): { advice: string; paths: readonly Path[] } {
  const most = Math.max(tablesBytes, flowBytes, packetBytes);
  const takes = `most of it, ${gibibytes(most)}, is`;
  if (most === packetBytes) {
    return {
      advice: `${takes} packets in flight and in queues: write a smaller transport.window or switch.buffer, a larger transport.mtu, or fewer senders`,
      paths: [["transport", "window"], ["switch", "buffer"], ["transport", "mtu"], ["workload"]],
    };
  }
  if (most === tablesBytes) {
    const { peerPort, deviceCount } = plan.fabric;
    return {
      advice: `${takes} tables of ${millions(peerPort.length)} ports and ${millions(deviceCount)} devices: use fewer GPUs`,
      paths: [["topology", "gpus"], ["topology"]],
    };
  }
  const flows = `tables of ${millions(plan.flows.count)} flows`;
  if (packetMapBytes > flowBytes / 2) {
    return {
      advice: `${takes} ${flows}, and most of that their packet bitmaps: write a smaller transport.window, or recovery: go-back-n`,
      paths: [["transport", "window"], ["transport", "recovery"], ["workload"]],
    };
  }
  return {
    advice: `${takes} ${flows}: use fewer GPUs, a smaller fan-out, or a smaller transport.qpsPerConnection`,
    paths: [["workload", "fanOut"], ["transport", "qpsPerConnection"], ["workload"]],
  };
}
