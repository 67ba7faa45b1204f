import type { FlowResult, ResultDocument } from "../../answer/result/document.js";
import { jainFairness, mean } from "../../util/stats/mean.js";
import { percentile } from "../../util/stats/percentile.js";

/** What is measured of a run. Null where the run has no such figure, or did not finish. */
export interface Figures {
  /** Job completion time. */
  readonly jctNs: number | null;
  /** Mean over the flows of bytes by completion time; of a collective its bus bandwidth. */
  readonly bandwidthGBps: number | null;
  /** That of the slowest flow. */
  readonly leastBandwidthGBps: number | null;
  /** 99th percentile over the flows of their completion times, by nearest rank. */
  readonly p99FctNs: number | null;
  /** Data packets that came while an earlier one was missing, as a share of all that came. */
  readonly outOfOrderShare: number;
  /** The longest queue at any switch port. */
  readonly maxQueueBytes: number;
  /** Jain's index of the flows' bandwidths. */
  readonly fairness: number | null;
}

export type FigureName = keyof Figures;

export interface FigureSpec {
  readonly name: FigureName;
  /** Of a column. */
  readonly title: string;
  /** In full. */
  readonly label: string;
  readonly unit: "ns" | "GBps" | "share" | "bytes" | "index";
  /** More is better. */
  readonly isGain: boolean;
}

/** In the order of reports. */
export const FIGURES: readonly FigureSpec[] = [
  { name: "jctNs", title: "JCT", label: "job completion time", unit: "ns", isGain: false },
  { name: "bandwidthGBps", title: "GB/s", label: "mean bandwidth", unit: "GBps", isGain: true },
  { name: "leastBandwidthGBps", title: "least GB/s", label: "least bandwidth", unit: "GBps", isGain: true },
  { name: "p99FctNs", title: "p99 FCT", label: "p99 flow completion time", unit: "ns", isGain: false },
  { name: "outOfOrderShare", title: "reordered", label: "packets out of order", unit: "share", isGain: false },
  { name: "maxQueueBytes", title: "queue", label: "longest queue", unit: "bytes", isGain: false },
  { name: "fairness", title: "fairness", label: "fairness (Jain's index)", unit: "index", isGain: true },
];

/**
 * The figures of a run. Flows inside a node, which no routing policy sees, do not count among the
 * flows. Beside a collective, those of single flows are the background's: what the policy does to
 * the others.
 * @param result lists its flows
 * @param nodeSize ranks that reach each other without the fabric; 1 where all traffic crosses it
 */
export function figuresOf(result: ResultDocument, nodeSize: number): Figures {
  const { workload, packets, links } = result;
  const arrived = packets.delivered + packets.dropped.ordering;
  const always = {
    outOfOrderShare: arrived === 0 ? 0 : packets.outOfOrder / arrived,
    maxQueueBytes: links.maxQueueBytes.max,
  };
  if (result.jctNs === null) {
    return { ...always, jctNs: null, bandwidthGBps: null, leastBandwidthGBps: null, p99FctNs: null, fairness: null };
  }
  const isCollective = "collective" in workload;
  const nodeOf = (rank: number) => Math.floor(rank / nodeSize);
  const flows = (result.flows ?? []).filter(
    ({ src, dst, background }) => (background === true || !isCollective) && nodeOf(src) !== nodeOf(dst),
  );
  const bandwidths = flows.map(bandwidthOf);
  const times = flows.map(({ fctNs }) => fctNs!).sort((a, b) => a - b);
  const ofFlows = flows.length > 0;
  return {
    ...always,
    jctNs: result.jctNs,
    bandwidthGBps: isCollective ? result.busbwGBps : ofFlows ? mean(bandwidths) : null,
    leastBandwidthGBps: ofFlows ? bandwidths.reduce((least, value) => Math.min(least, value)) : null,
    p99FctNs: ofFlows ? percentile(times, 99) : null,
    fairness: ofFlows ? jainFairness(bandwidths) : null,
  };
}

/** Bytes by ns are GB by s. */
function bandwidthOf({ bytes, fctNs }: FlowResult): number {
  return bytes / fctNs!;
}
