/**
 * Progress of many runs: one line that is rewritten on a terminal, a line now and then elsewhere.
 */
import type { BatchState } from "../../study/batch/index.js";
import type { Output } from "./environment.js";
import { formatTime } from "./progress.js";

const LIVE_INTERVAL_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

export interface BatchReporter {
  report(state: BatchState): void;
  /** What goes on before runs start. */
  note(text: string): void;
  /** Removes what should not stay on the screen. */
  end(): void;
}

export const NO_BATCH_PROGRESS: BatchReporter = { report() {}, note() {}, end() {} };

/**
 * @param intervalMs time between plain lines
 * @param noun what runs are called
 */
export function batchReporter(output: Output, live: boolean, intervalMs: number, noun = "runs"): BatchReporter {
  let shownMs = performance.now();
  let onScreen = false;
  const show = (line: () => string) => {
    const nowMs = performance.now();
    if (nowMs - shownMs < (live ? LIVE_INTERVAL_MS : intervalMs)) return;
    shownMs = nowMs;
    output.write(live ? `${CLEAR_LINE}${line().slice(0, Math.max(0, output.columns - 1))}` : `${line()}\n`);
    onScreen = live;
  };
  return {
    report: (state) => show(() => formatBatchState(state, noun)),
    note: (text) => show(() => text),
    end() {
      if (onScreen) output.write(CLEAR_LINE);
      onScreen = false;
    },
  };
}

/** `123 of 840 runs | 2 running | 1 failed | 240 runs/min | about 3.0 min left`. */
function formatBatchState(state: BatchState, noun = "runs"): string {
  const { done, failed, running, total, perMinute, leftMs } = state;
  const parts = [`${done + failed} of ${total} ${noun}`, `${running} running`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (perMinute > 0) parts.push(`${perMinute.toFixed(perMinute < 10 ? 1 : 0)} ${noun}/min`);
  if (leftMs !== undefined && leftMs > 0) parts.push(`about ${formatTime(leftMs * 1e6)} left`);
  return parts.join(" | ");
}
