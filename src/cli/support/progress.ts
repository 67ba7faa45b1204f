/** Progress of a run: one line that is rewritten on a terminal, a line now and then elsewhere. */
import type { Phase, Progress } from "../../util/progress.js";
import type { Output } from "./environment.js";

const LIVE_INTERVAL_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

export interface ProgressReporter {
  /** @param run which of several runs it is of */
  report(progress: Progress, run?: string): void;
  /** Removes what should not stay on the screen. */
  end(): void;
}

/**
 * @param intervalMs time between plain lines; the first comes after one interval.
 * @param live rewrite one line instead
 * @param phases Show every phase when it begins, however soon. Without it plain lines show those
 * that begin when a line is due.
 */
export function progressReporter(output: Output, live: boolean, intervalMs: number, phases = live): ProgressReporter {
  let shownMs = 0;
  let shownPhase: Phase | undefined;
  let onScreen = false;
  return {
    report(progress, run) {
      // Nothing can be shown while a phase lasts that is one call: what goes on is said before it.
      const isNews = phases && progress.phase !== shownPhase && progress.phase !== "simulating";
      if (!isNews && progress.wallMs - shownMs < (live ? LIVE_INTERVAL_MS : intervalMs)) return;
      shownMs = progress.wallMs;
      shownPhase = progress.phase;
      const line = `${run === undefined ? "" : `${run}: `}${formatProgress(progress)}`;
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

const PHASE_TEXT: Readonly<Record<Exclude<Phase, "simulating">, string>> = {
  building: "building the fabric",
  resolving: "resolving flows and rules",
  folding: "looking for parts that are alike",
  estimating: "estimating memory",
  "laying-out": "laying the run out in memory",
  "summing-up": "summing up",
};

/**
 * `simulated 12.3 us | 45.6 % done | 38.2 M packet-hops/s | 1.20 G skipped | about 12 s left`, or
 * what else the run does.
 */
export function formatProgress(progress: Progress): string {
  const { phase, simulatedNs, shareDone, packetHops, skippedPacketHops, wallMs, remainingMs } = progress;
  if (phase !== "simulating") return PHASE_TEXT[phase];
  const parts = [`simulated ${formatTime(simulatedNs)}`, `${percentDone(shareDone)} % done`];
  const simulated = packetHops - skippedPacketHops;
  if (wallMs > 0) parts.push(`${formatCount((simulated / wallMs) * 1000)} packet-hops/s`);
  if (skippedPacketHops > 0) parts.push(`${formatCount(skippedPacketHops)} skipped`);
  if (remainingMs !== undefined && shareDone < 1) parts.push(`about ${formatTime(remainingMs * 1e6)} left`);
  return parts.join(" | ");
}

/** Never 100.0 before all is done. */
function percentDone(share: number): string {
  if (share >= 1) return "100.0";
  return (Math.floor(1000 * Math.max(0, share)) / 10).toFixed(1);
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
