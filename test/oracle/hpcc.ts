import type { HpccControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";
import type { PortReport } from "./packet.js";

export class Hpcc implements CongestionControl {
  windowBytes: number;
  private readonly fullBytes: number;
  /** Wc of the paper. */
  private referenceBytes: number;
  private rate: number;
  private inflight = 1;
  private stage = 0;
  private roundEnd: number | null = null;
  /** What was heard last of each hop. */
  private readonly last: PortReport[] = [];

  constructor(
    private readonly p: HpccControl,
    lineRate: number,
  ) {
    this.fullBytes = p.baseRttPs * lineRate;
    this.windowBytes = this.fullBytes;
    this.referenceBytes = this.fullBytes;
    this.rate = this.fullBytes / p.baseRttPs;
  }

  sent(): number {
    return this.rate;
  }

  notified(): void {}

  answered(): void {}

  lost(): void {}

  reported(reports: readonly PortReport[], acked: number, next: number): void {
    const measured = this.measure(reports);
    if (this.roundEnd === null) {
      this.roundEnd = next;
      return;
    }
    if (measured === null) return;
    const { baseRttPs, utilisation, maxStage, additiveShare, leastRate } = this.p;
    const weight = Math.min(measured.elapsedPs, baseRttPs) / baseRttPs;
    this.inflight = (1 - weight) * this.inflight + weight * measured.inflight;
    const multiply = this.inflight >= utilisation || this.stage >= maxStage;
    const scaled = multiply ? this.referenceBytes / (this.inflight / utilisation) : this.referenceBytes;
    const least = leastRate * baseRttPs;
    this.windowBytes = Math.min(Math.max(scaled + additiveShare * this.fullBytes, least), this.fullBytes);
    this.rate = this.windowBytes / baseRttPs;
    if (acked > this.roundEnd) {
      this.referenceBytes = this.windowBytes;
      this.stage = multiply ? 0 : this.stage + 1;
      this.roundEnd = next;
    }
  }

  /**
   * The fullest of the hops that can be compared with what was heard of them before; null where
   * none can.
   */
  private measure(reports: readonly PortReport[]): { inflight: number; elapsedPs: number } | null {
    let fullest: { inflight: number; elapsedPs: number } | null = null;
    reports.forEach((report, hop) => {
      const before = this.last[hop];
      const isSamePort = before?.port === report.port;
      if (isSamePort && report.timePs <= before.timePs) return;
      this.last[hop] = report;
      if (!isSamePort) return;
      const elapsedPs = report.timePs - before.timePs;
      const queuedPs = Math.min(report.queuedPs, before.queuedPs);
      const inflight = queuedPs / this.p.baseRttPs + (report.busyPs - before.busyPs) / elapsedPs;
      if (fullest === null || inflight > fullest.inflight) fullest = { inflight, elapsedPs };
    });
    return fullest;
  }
}
