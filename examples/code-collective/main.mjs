// A collective made by code, as a graph of flows: a broadcast down a binary tree, in segments that
// follow each other. A flow waits for the one that brought its segment to its source.
import { simulate } from "heddle";

const RANKS = 16;
const BYTES = 4 * 2 ** 20;
const RATE_BPS = 400e9;

/** @param {number} segments */
function broadcast(segments) {
  const flows = [];
  for (let segment = 0; segment < segments; segment++) {
    for (let dst = 1; dst < RANKS; dst++) {
      const src = (dst - 1) >> 1;
      const after = src === 0 ? [] : [`${segment} to ${src}`];
      // The root sends a segment to both of its children, then the next one.
      const start = src === 0 ? `${Math.round((segment * 2 * 8e9 * BYTES) / segments / RATE_BPS)}ns` : "0ns";
      flows.push({ name: `${segment} to ${dst}`, src, dst, size: `${BYTES / segments}B`, start, after });
    }
  }
  return flows;
}

for (const segments of [1, 4, 16, 64]) {
  const { jctNs, engine } = await simulate({
    topology: { kind: "leaf-spine", gpus: RANKS, gpusPerNode: 1, radix: 8 },
    workload: { kind: "flows", flows: broadcast(segments) },
  });
  console.log(`${segments} segments: ${jctNs} ns, digest ${engine.digest}`);
}
