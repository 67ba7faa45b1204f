import type { SizeDistribution } from "./size-distributions.js";

/** Points of a file; more are no distribution but a trace. */
const MAX_POINTS = 100_000;

/**
 * Reads a cumulative distribution of sizes. Each line has bytes and the share of flows of at most
 * that size, with a comma or spaces between. Shares are in per cent, or of 1. Lines that start with
 * # and a first line of titles are left out.
 * @throws Error with the line that is wrong
 */
export function parseDistribution(text: string): SizeDistribution {
  const points: [number, number][] = [];
  const lines = text.split(/\r?\n/);
  let isFirst = true;
  lines.forEach((line, i) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return;
    const [bytes, share, ...others] = trimmed.split(/[\s,;]+/).map(Number);
    const isPoint = Number.isFinite(bytes) && Number.isFinite(share) && others.length === 0;
    if (!isPoint && isFirst) {
      isFirst = false;
      return;
    }
    isFirst = false;
    if (!isPoint) throw new Error(`line ${i + 1} is not "bytes, per cent"`);
    points.push([bytes!, share!]);
    if (points.length > MAX_POINTS) throw new Error(`more than ${MAX_POINTS} points`);
  });
  const last = points.at(-1);
  if (last === undefined) throw new Error("there are no points in it");
  // As shares of 1.
  if (last[1] === 1) return points.map(([bytes, share]) => [bytes, share * 100] as const);
  return points;
}
