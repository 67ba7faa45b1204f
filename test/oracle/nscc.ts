import type { NsccControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";

export class Nscc implements CongestionControl {
  windowBytes: number;
  private averagePs = 0;
  private increase = 0;
  private acked = 0;
  private adjustedPs = 0;
  private decreasedPs = Number.NEGATIVE_INFINITY;
  private clear = 0;
  private period: { readonly endPs: number; achieved: number; lost: boolean } | null = null;
  private stale = 0;
  private ignored = 0;

  constructor(
    private readonly p: NsccControl,
    private readonly mtuBytes: number,
  ) {
    this.windowBytes = p.mostWindowBytes;
  }

  sent(): number {
    return Number.POSITIVE_INFINITY;
  }

  notified(): void {}

  answered(bytes: number, marked: boolean, delayPs: number, underWayBytes: number, nowPs: number): void {
    const { p } = this;
    const queuePs = Math.max(delayPs - p.baseRttPs, 0);
    this.averagePs = p.delayGain * queuePs + (1 - p.delayGain) * this.averagePs;
    this.acked += bytes;
    if (this.period !== null) this.period.achieved += bytes;
    if (this.adapt(marked, false, queuePs, bytes, underWayBytes, nowPs)) return;

    const isClear = !marked && queuePs < p.clearPs;
    this.clear = isClear ? this.clear + bytes : 0;
    const isLong = queuePs >= p.targetPs;
    if (marked && isLong) this.decrease(nowPs);
    if (!marked && isLong) this.increase += p.fair * bytes;
    if (!marked && !isLong) {
      if (this.clear > this.windowBytes) this.windowBytes += bytes * p.fastShare;
      else this.increase += p.proportional * bytes * (p.targetPs - queuePs);
    }
    this.adjust(nowPs);
    this.bound();
  }

  lost(underWayBytes: number, nowPs: number): void {
    if (this.period !== null) this.period.lost = true;
    this.clear = 0;
    if (!this.adapt(true, true, 0, this.mtuBytes, underWayBytes, nowPs)) this.windowBytes -= this.mtuBytes;
    this.bound();
  }

  private decrease(nowPs: number): void {
    const { p } = this;
    const rest = Math.floor(p.baseRttPs);
    if (nowPs < this.decreasedPs + rest || this.averagePs <= p.targetPs) return;
    this.decreasedPs = nowPs;
    const share = 1 - (p.gamma * (this.averagePs - p.targetPs)) / this.averagePs;
    this.windowBytes *= Math.max(share, 1 - p.mostDecrease);
  }

  private adjust(nowPs: number): void {
    const { p } = this;
    const periodIsOver = nowPs - this.adjustedPs >= p.adjustPeriodPs;
    if (!periodIsOver && this.acked < p.adjustBytes) return;
    this.windowBytes += this.increase / this.windowBytes;
    if (periodIsOver) this.windowBytes += p.eta;
    this.increase = 0;
    this.acked = 0;
    this.adjustedPs = nowPs;
  }

  private adapt(
    marked: boolean,
    isLoss: boolean,
    queuePs: number,
    bytes: number,
    underWayBytes: number,
    nowPs: number,
  ): boolean {
    const { p, period } = this;
    if (marked && this.ignored < this.stale) {
      this.ignored += bytes;
      return true;
    }
    if (period !== null && nowPs <= period.endPs) return false;
    this.period = { endPs: nowPs + Math.floor(p.baseRttPs + p.targetPs), achieved: 0, lost: false };
    if (period === null) return false;
    const isDue = isLoss || period.lost || queuePs > p.adaptDelayPs;
    if (!isDue || period.achieved >= p.mostWindowBytes * p.adaptShare) return false;
    this.windowBytes = Math.min(this.windowBytes, Math.max(period.achieved, this.mtuBytes));
    this.stale = underWayBytes;
    this.ignored = 0;
    this.increase = 0;
    this.acked = 0;
    return true;
  }

  private bound(): void {
    this.windowBytes = Math.min(Math.max(this.windowBytes, this.mtuBytes), this.p.mostWindowBytes);
  }
}
