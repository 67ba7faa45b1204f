/**
 * Which devices each thread steps first. Threads that are through help the others, so this decides
 * about speed, not about results.
 */
import type { Fabric } from "../../plan/fabric.js";

/** Devices in one word of the core's wake-up bitmaps. */
const WORD_DEVICES = 64;

/**
 * For each thread, all words of 64 devices in the order in which it looks for work: its own part of
 * every level of the fabric, then the others' from their end. Builders number devices by pod within
 * a level. So equal parts of all levels are the pods of a thread, and most of its packets stay in
 * its cache. Parts are equal in ports, the best guess at traffic that the fabric alone allows.
 */
export function visitOrders(fabric: Fabric, threads: number): Uint32Array[] {
  const owner = owners(fabric, threads);
  const parts: number[][] = Array.from({ length: threads }, () => []);
  owner.forEach((thread, word) => {
    parts[thread]!.push(word);
  });
  return parts.map((own, thread) => {
    const others = Array.from({ length: threads - 1 }, (_, i) => parts[(thread + 1 + i) % threads]!.toReversed());
    return Uint32Array.from([own, ...others].flat());
  });
}

/** The thread that owns each word. */
function owners(fabric: Fabric, threads: number): number[] {
  const level = new Array<string>(fabric.deviceCount).fill("hosts");
  for (const sw of fabric.switches) level[sw.device] = sw.level;
  const words = Math.ceil(fabric.deviceCount / WORD_DEVICES);
  const portsOf = Array.from({ length: words }, (_, word) => {
    const end = Math.min(fabric.deviceCount, (word + 1) * WORD_DEVICES);
    return fabric.firstPort[end]! - fabric.firstPort[word * WORD_DEVICES]!;
  });
  const levelOf = portsOf.map((_, word) => level[word * WORD_DEVICES]!);
  const totals = new Map<string, number>();
  portsOf.forEach((ports, word) => {
    totals.set(levelOf[word]!, (totals.get(levelOf[word]!) ?? 0) + ports);
  });
  const before = new Map<string, number>();
  return portsOf.map((ports, word) => {
    const name = levelOf[word]!;
    const first = before.get(name) ?? 0;
    before.set(name, first + ports);
    const middle = (first + ports / 2) / Math.max(1, totals.get(name)!);
    return Math.min(threads - 1, Math.floor(middle * threads));
  });
}
