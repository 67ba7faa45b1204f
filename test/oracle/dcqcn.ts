import type { DcqcnControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";

export class Dcqcn implements CongestionControl {
  readonly windowBytes = Number.POSITIVE_INFINITY;
  private current: number;
  private target: number;
  private alpha: number;
  private lastAlphaPs = Number.POSITIVE_INFINITY;
  private lastIncreasePs = Number.POSITIVE_INFINITY;
  private lastDecreasePs = Number.NEGATIVE_INFINITY;
  private timerStage = 0;
  private byteStage = 0;
  private bytes = 0;

  constructor(
    private readonly p: DcqcnControl,
    private readonly lineRate: number,
  ) {
    this.current = lineRate;
    this.target = lineRate;
    this.alpha = p.initialAlpha;
  }

  sent(wireBytes: number, nowPs: number): number {
    this.expire(nowPs);
    const counts = this.p.byteCounterBytes > 0 && Number.isFinite(this.lastIncreasePs);
    if (counts) this.bytes += wireBytes;
    if (counts && this.bytes >= this.p.byteCounterBytes) {
      this.bytes -= this.p.byteCounterBytes;
      this.byteStage += 1;
      this.increase();
    }
    return this.current;
  }

  notified(nowPs: number): void {
    const { p } = this;
    this.expire(nowPs);
    if (nowPs >= this.lastDecreasePs + p.decreaseIntervalPs) {
      this.lastDecreasePs = nowPs;
      if (p.clampTarget === 1 || this.timerStage + this.byteStage > 0) this.target = this.current;
      this.current = Math.max(this.current * (1 - this.alpha / 2), p.leastRate);
      this.lastIncreasePs = nowPs;
      this.timerStage = 0;
      this.byteStage = 0;
      this.bytes = 0;
    }
    this.alpha = (1 - p.gain) * this.alpha + p.gain;
    this.lastAlphaPs = nowPs;
  }

  answered(): void {}

  lost(): void {}

  /** Everything that the timers have done up to and including now, in order of time, alpha first. */
  private expire(nowPs: number): void {
    for (;;) {
      const alphaPs = this.lastAlphaPs + this.p.alphaPeriodPs;
      const increasePs = this.lastIncreasePs + this.p.timerPs;
      if (Math.min(alphaPs, increasePs) > nowPs) return;
      if (alphaPs <= increasePs) {
        this.lastAlphaPs = alphaPs;
        this.alpha = (1 - this.p.gain) * this.alpha;
      } else {
        this.lastIncreasePs = increasePs;
        this.timerStage += 1;
        this.increase();
      }
    }
  }

  private increase(): void {
    const { fastRecovery, additiveRate, hyperRate, byteCounterBytes } = this.p;
    const stages = byteCounterBytes > 0 ? [this.timerStage, this.byteStage] : [this.timerStage];
    const [least, most] = [Math.min(...stages), Math.max(...stages)];
    if (least > fastRecovery) this.target += (least - fastRecovery) * hyperRate;
    else if (most >= fastRecovery) this.target += additiveRate;
    this.target = Math.min(this.target, this.lineRate);
    this.current = (this.target + this.current) / 2;
  }
}
