import type { DcqcnControl } from "../../src/plan/congestion.js";
import type { CongestionControl } from "./congestion.js";

/** Expiries of a timer that one catch-up plays, and the largest stage. */
const MAX_EXPIRIES = 2 ** 20;
const MAX_STAGE = 2 ** 32 - 1;

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
  /** Where notifications are counted by the period. */
  private firstPs = -1;
  private cutPs = Number.POSITIVE_INFINITY;
  private alphaFlag = false;

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
      this.byteStage = Math.min(this.byteStage + 1, MAX_STAGE);
      this.increase();
    }
    return this.current;
  }

  notified(nowPs: number): void {
    const { p } = this;
    this.expire(nowPs);
    if (p.periodic === 1) {
      this.alphaFlag = this.firstPs >= 0;
      if (this.firstPs < 0) {
        this.firstPs = nowPs;
        this.lastAlphaPs = nowPs;
      }
      const beganPs = nowPs - ((nowPs - this.firstPs) % p.decreaseIntervalPs);
      this.cutPs = beganPs + p.decreaseIntervalPs;
      return;
    }
    if (nowPs >= this.lastDecreasePs + p.decreaseIntervalPs) {
      this.lastDecreasePs = nowPs;
      this.cut(nowPs);
    }
    this.alpha = (1 - p.gain) * this.alpha + p.gain;
    this.lastAlphaPs = nowPs;
  }

  answered(): void {}

  lost(): void {}

  private cut(nowPs: number): void {
    const { clampTarget, leastRate } = this.p;
    if (clampTarget === 1 || this.timerStage + this.byteStage > 0) this.target = this.current;
    this.current = Math.max(this.current * (1 - this.alpha / 2), leastRate);
    this.lastIncreasePs = nowPs;
    this.timerStage = 0;
    this.byteStage = 0;
    this.bytes = 0;
  }

  /**
   * Everything that the timers have done up to and including now, in order of time, alpha first,
   * then decreases.
   */
  private expire(nowPs: number): void {
    let alphas = 0;
    let increases = 0;
    for (;;) {
      const alphaPs = this.lastAlphaPs + this.p.alphaPeriodPs;
      const { cutPs } = this;
      const increasePs = this.lastIncreasePs + this.p.timerPs;
      const firstPs = Math.min(alphaPs, cutPs, increasePs);
      if (firstPs > nowPs) return;
      if (alphaPs === firstPs && alphas === MAX_EXPIRIES) {
        this.lastAlphaPs += passed(this.lastAlphaPs, this.p.alphaPeriodPs, nowPs) * this.p.alphaPeriodPs;
      } else if (alphaPs === firstPs) {
        alphas += 1;
        this.lastAlphaPs = alphaPs;
        this.alpha = (1 - this.p.gain) * this.alpha;
        if (this.alphaFlag) this.alpha += this.p.gain;
        this.alphaFlag = false;
      } else if (cutPs === firstPs) {
        this.cutPs = Number.POSITIVE_INFINITY;
        this.cut(cutPs);
      } else if (increases === MAX_EXPIRIES) {
        const count = passed(this.lastIncreasePs, this.p.timerPs, Math.min(nowPs, cutPs - 1));
        this.lastIncreasePs += count * this.p.timerPs;
        this.timerStage = Math.min(this.timerStage + count, MAX_STAGE);
      } else {
        increases += 1;
        this.lastIncreasePs = increasePs;
        this.timerStage = Math.min(this.timerStage + 1, MAX_STAGE);
        this.increase();
      }
    }
  }

  private increase(): void {
    const { fastRecovery, additiveRate, hyperRate, byteCounterBytes, periodic } = this.p;
    const stages = byteCounterBytes > 0 ? [this.timerStage, this.byteStage] : [this.timerStage];
    const [least, most] = [Math.min(...stages), Math.max(...stages)];
    if (least > fastRecovery) this.target += periodic === 1 ? hyperRate : (least - fastRecovery) * hyperRate;
    else if (most >= fastRecovery) this.target += additiveRate;
    this.target = Math.min(this.target, this.lineRate);
    this.current = (this.target + this.current) / 2;
  }
}

/** Whole periods from one instant to another. */
function passed(fromPs: number, periodPs: number, toPs: number): number {
  return Math.floor((toPs - fromPs) / periodPs);
}
