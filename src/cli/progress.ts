/** Progress of a run: one line that is rewritten on a terminal, a line now and then elsewhere. */
import type { Output } from "./environment.js";
import type { RunProgress } from "./library.js";

const LIVE_INTERVAL_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

export interface ProgressReporter {
  report(progress: RunProgress): void;
  /** Removes what should not stay on the screen. */
  end(): void;
}

/**
 * @param intervalMs time between plain lines; the first comes after one interval.
 * @param live rewrite one line instead
 */
export function progressReporter(output: Output, live: boolean, intervalMs: number): ProgressReporter {
  let shownMs = 0;
  let onScreen = false;
  return {
    report(progress) {
      if (progress.wallMs - shownMs < (live ? LIVE_INTERVAL_MS : intervalMs)) return;
      shownMs = progress.wallMs;
      const line = formatProgress(progress);
      // A line that wraps cannot be rewritten.
      output.write(live ? `${CLEAR_LINE}${line.slice(0, Math.max(0, output.columns - 1))}` : `${line}\n`);
      onScreen = live;
    },
    end() {
      if (onScreen) output.write(CLEAR_LINE);
      onScreen = false;
    },
  };
}

export const NO_PROGRESS: ProgressReporter = { report() {}, end() {} };

/** `simulated 12.3 us | 45.6 % done | 38.2 M packet-hops/s | 1.20 G skipped | about 12 s left`. */
export function formatProgress({ simulatedNs, shareDone, packetHops, skippedPacketHops, wallMs }: RunProgress): string {
  const share = Math.min(1, Math.max(0, shareDone));
  const parts = [`simulated ${formatTime(simulatedNs)}`, `${(100 * share).toFixed(1)} % done`];
  const simulated = packetHops - skippedPacketHops;
  if (wallMs > 0) parts.push(`${formatCount((simulated / wallMs) * 1000)} packet-hops/s`);
  if (skippedPacketHops > 0) parts.push(`${formatCount(skippedPacketHops)} skipped`);
  // Before that, an estimate is a guess.
  if (share >= 0.005 && share < 1) parts.push(`about ${formatTime((wallMs / share - wallMs) * 1e6)} left`);
  return parts.join(" | ");
}

/** Three digits and a unit, from ns to hours. */
export function formatTime(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds >= 7200) return `${threeDigits(seconds / 3600)} h`;
  if (seconds >= 120) return `${threeDigits(seconds / 60)} min`;
  if (seconds >= 1) return `${threeDigits(seconds)} s`;
  if (ns >= 1e6) return `${threeDigits(ns / 1e6)} ms`;
  return ns >= 1e3 ? `${threeDigits(ns / 1e3)} us` : `${Math.round(ns)} ns`;
}

function formatCount(count: number): string {
  if (count >= 1e9) return `${threeDigits(count / 1e9)} G`;
  if (count >= 1e6) return `${threeDigits(count / 1e6)} M`;
  return count >= 1e3 ? `${threeDigits(count / 1e3)} k` : String(Math.round(count));
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
