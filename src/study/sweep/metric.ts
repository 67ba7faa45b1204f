/** Metrics by their names, whose endings tell the unit. */
import { bytes, count, digits, exactDuration, percent } from "../../answer/text/units.js";

/** Units of metrics. A `share` is shown in percent. */
export type MetricUnit = "ns" | "bytes" | "GBps" | "share" | "count";

const ENDINGS: Readonly<Record<string, MetricUnit>> = { Ns: "ns", Bytes: "bytes", GBps: "GBps" };

/**
 * A metric's name for headings and titles, and its unit. Values stand with a scaled unit beside the
 * name, so the name has none: `queueMaxBytes` is `queueMax`, and `jctNs` is JCT.
 */
export function metricOf(metric: string): { name: string; unit: MetricUnit } {
  if (metric === "jctNs") return { name: "JCT", unit: "ns" };
  const [, name, ending] = /^(.+?)(Ns|Bytes|GBps)$/.exec(metric) ?? [];
  if (name !== undefined) return { name, unit: ENDINGS[ending!]! };
  const isShare = /Share$|^efficiency$|[uU]tilisation/.test(metric);
  return { name: metric, unit: isShare ? "share" : "count" };
}

/** A value of a metric with the unit that fits it. */
export function formatMetric(metric: string, value: number): string {
  switch (metricOf(metric).unit) {
    case "ns":
      return exactDuration(value);
    case "bytes":
      return bytes(value);
    case "GBps":
      return `${digits(value, 4)} GB/s`;
    case "share":
      return percent(value);
    case "count":
      return Number.isInteger(value) ? count(value) : digits(value, 4);
  }
}
