import type { ResultDocument } from "../../answer/result/document.js";

/**
 * What matters first: the completion time, its explanation, figures of the whole run, figures of
 * single ranks, flows and links, and at last how it was simulated.
 */
export const TIERS = ["completion", "explanation", "run", "parts", "engine"] as const;

export type Tier = (typeof TIERS)[number];

export interface Metric {
  readonly value: number;
  readonly tier: Tier;
}

/**
 * Lists whose entries are told apart by their names, so that they can be found in the other
 * document.
 */
const KEYS: Readonly<Record<string, (entry: Record<string, unknown>, index: number) => string>> = {
  "links.hottest": ({ from, to, index }) => `${from} -> ${to}${index ? ` #${index}` : ""}`,
  "ranks.slowest": ({ name }) => `${name}`,
  "pfc.cascades": ({ root }) => `${root}`,
  "credit.cascades": ({ root }) => `${root}`,
  "credit.buffers": ({ level }) => `${level}`,
  "cost.switches": ({ part, level }) => `${part} ${level}`,
  "cost.optics": ({ part, level }) => `${part} ${level}`,
  "cost.cables": ({ part, level }) => `${part} ${level}`,
  "cost.breakouts": ({ split }) => `${split}`,
  "program.roles": ({ name }) => `${name}`,
  "program.operations": ({ name }) => `${name}`,
  "training.idle": ({ cause }) => `${cause}`,
  explanation: ({ cause }) => `${cause}`,
  flows: ({ src, dst, srcName = src, dstName = dst }, index) => `${index}: ${srcName} -> ${dstName}`,
};

/** Not measured, but given. */
const GIVEN = new Set(["scenario", "topology", "workload", "policies", "startNs"]);
/** Names of entries, not figures of theirs. */
const LABELS = new Set(["ranks.slowest[].rank", "links.hottest[].index", "flows[].src", "flows[].dst"]);

/**
 * Every number of a result that was measured, by its path: `packets.dropped.crc`,
 * `links.hottest[leaf-0 -> spine-1].utilisation`.
 */
export function metricsOf(result: ResultDocument): ReadonlyMap<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const [key, value] of Object.entries(result)) {
    if (!GIVEN.has(key)) collect(value, key, key, metrics);
  }
  return metrics;
}

/** @param shape the path with `[]` for every entry of a list. */
function collect(value: unknown, path: string, shape: string, metrics: Map<string, Metric>): void {
  if (typeof value === "number") {
    if (!LABELS.has(shape)) metrics.set(path, { value, tier: tierOf(shape) });
  } else if (Array.isArray(value)) {
    value.forEach((entry, i) => {
      const key = KEYS[shape]?.(entry as Record<string, unknown>, i) ?? `${i}`;
      collect(entry, `${path}[${key}]`, `${shape}[]`, metrics);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`, `${shape}.${key}`, metrics);
  }
}

function tierOf(shape: string): Tier {
  if (shape === "jctNs") return "completion";
  if (shape.startsWith("explanation")) return "explanation";
  if (shape.startsWith("engine")) return "engine";
  return shape.includes("[]") ? "parts" : "run";
}

/** The unit of a compared figure. */
export type Unit = "ns" | "ms" | "bytes" | "GBps" | "share" | "count";

/** The unit that stands in a metric's name. */
export function unitOf(path: string): Unit {
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (/^ns$|Ns$/.test(name) || path.startsWith("ranks.finishNs.")) return "ns";
  if (/Ms$/.test(name)) return "ms";
  if (/^bytes$|Bytes$/.test(name) || path.startsWith("links.maxQueueBytes.")) return "bytes";
  if (/GBps$/.test(name)) return "GBps";
  return name === "efficiency" || name === "shareOfJct" || /utilisation/.test(path) ? "share" : "count";
}
