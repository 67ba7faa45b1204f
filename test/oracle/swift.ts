import type { SwiftControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";

export class Swift implements CongestionControl {
  windowBytes: number;
  private rttPs = 0;
  private decreasedPs = Number.NEGATIVE_INFINITY;
  private restPs = 0;

  constructor(
    private readonly p: SwiftControl,
    private readonly lineRate: number,
    private readonly mtuBytes: number,
  ) {
    this.windowBytes = p.firstWindow * mtuBytes;
  }

  sent(): number {
    return this.windowBytes < this.mtuBytes && this.rttPs > 0 ? this.windowBytes / this.rttPs : this.lineRate;
  }

  notified(): void {}

  answered(bytes: number, _marked: boolean, delayPs: number, _underWayBytes: number, nowPs: number): void {
    const { p, mtuBytes } = this;
    const window = this.windowBytes / mtuBytes;
    this.rttPs = delayPs;
    const scaled = Math.min(p.flowScalePs / Math.sqrt(window) + p.flowOffsetPs, p.flowRangePs);
    const targetPs = p.baseTargetPs + Math.max(0, scaled);
    if (delayPs < targetPs) {
      const gain = p.additiveIncrease * (bytes / mtuBytes);
      this.setWindow(window < 1 ? window + gain : window + gain / window);
    } else if (this.mayDecrease(nowPs)) {
      this.noteDecrease(nowPs, delayPs);
      const share = 1 - (p.beta * (delayPs - targetPs)) / delayPs;
      this.setWindow(window * Math.max(share, 1 - p.mostDecrease));
    }
  }

  lost(_underWayBytes: number, nowPs: number): void {
    if (!this.mayDecrease(nowPs)) return;
    this.noteDecrease(nowPs, this.rttPs);
    this.setWindow((this.windowBytes / this.mtuBytes) * (1 - this.p.mostDecrease));
  }

  private mayDecrease(nowPs: number): boolean {
    return nowPs >= this.decreasedPs + this.restPs;
  }

  private noteDecrease(nowPs: number, restPs: number): void {
    this.decreasedPs = nowPs;
    this.restPs = restPs;
  }

  private setWindow(packets: number): void {
    const { leastWindow, mostWindow } = this.p;
    this.windowBytes = Math.min(Math.max(packets, leastWindow), mostWindow) * this.mtuBytes;
  }
}
