import { expect, test } from "vitest";
import { BatchProgress } from "../../src/study/batch/progress.js";

test("time left follows from work done, and the pace from what ended within a minute", () => {
  const progress = new BatchProgress(4, 100, 1000);
  expect(progress.state(1000)).toEqual({ done: 0, failed: 0, running: 0, total: 4, perMinute: 0, leftMs: undefined });
  progress.started();
  progress.started();
  progress.ended(50, true, 11_000);
  expect(progress.state(11_000)).toEqual({ done: 1, failed: 0, running: 1, total: 4, perMinute: 6, leftMs: 10_000 });
  progress.ended(25, false, 41_000);
  const later = progress.state(91_000);
  expect(later).toMatchObject({ done: 1, failed: 1, running: 0, perMinute: 1, leftMs: 30_000 });
});
