import { expect, test } from "vitest";
import { formatProgress, formatTime, progressReporter } from "../../src/cli/support/progress.js";

test.each([
  [0, "0 ns"],
  [999, "999 ns"],
  [1500, "1.50 us"],
  [12_345_678, "12.3 ms"],
  [3.2e9, "3.20 s"],
  [119e9, "119 s"],
  [600e9, "10.0 min"],
  [36_000e9, "10.0 h"],
])("%d ns is %s", (ns, text) => {
  expect(formatTime(ns)).toBe(text);
});

test("nothing is promised before there is something to go by", () => {
  const start = {
    phase: "simulating" as const,
    simulatedNs: 0,
    shareDone: 0,
    packetHops: 0,
    skippedPacketHops: 0,
    wallMs: 0,
  };
  expect(formatProgress(start)).toBe("simulated 0 ns | 0.0 % done");
  expect(formatProgress({ ...start, wallMs: 10, packetHops: 5 })).toBe(
    "simulated 0 ns | 0.0 % done | 500 packet-hops/s",
  );
  expect(
    formatProgress({ ...start, simulatedNs: 2e6, shareDone: 1, packetHops: 2e9, wallMs: 1000, remainingMs: 0 }),
  ).toBe("simulated 2.00 ms | 100.0 % done | 2.00 G packet-hops/s");
  // Nearly done is not done.
  expect(formatProgress({ ...start, shareDone: 0.99999, remainingMs: 61_000 })).toBe(
    "simulated 0 ns | 99.9 % done | about 61.0 s left",
  );
  // What was skipped is no speed.
  expect(formatProgress({ ...start, wallMs: 1000, packetHops: 2e9, skippedPacketHops: 1.5e9 })).toBe(
    "simulated 0 ns | 0.0 % done | 500 M packet-hops/s | 1.50 G skipped",
  );
});

test("a live line is rewritten, cut to the terminal, not too often, and removed", () => {
  let text = "";
  const output = {
    write: (part: string) => {
      text += part;
    },
    isTerminal: true,
    columns: 20,
    hasColor: false,
  };
  const reporter = progressReporter(output, true, 5000);
  const progress = {
    phase: "simulating" as const,
    simulatedNs: 1e6,
    shareDone: 0.5,
    packetHops: 1e6,
    skippedPacketHops: 0,
  };
  reporter.report({ ...progress, wallMs: 200 });
  reporter.report({ ...progress, wallMs: 250 });
  reporter.report({ ...progress, wallMs: 301 });
  reporter.end();
  reporter.end();
  expect(text).toBe("\r\u001b[Ksimulated 1.00 ms |\r\u001b[Ksimulated 1.00 ms |\r\u001b[K");
});

test("phases are shown when they begin, where progress is asked for or the line is rewritten", () => {
  const lines = (live: boolean, phases?: boolean) => {
    let text = "";
    const write = (part: string) => {
      text += part;
    };
    const output = { write, isTerminal: live, columns: 80, hasColor: false };
    const reporter = progressReporter(output, live, 5000, phases);
    const nothing = { simulatedNs: 0, shareDone: 0, packetHops: 0, skippedPacketHops: 0 };
    reporter.report({ ...nothing, phase: "building", wallMs: 0 });
    reporter.report({ ...nothing, phase: "estimating", wallMs: 10 });
    reporter.report({ ...nothing, phase: "laying-out", wallMs: 6000 });
    reporter.report({ ...nothing, phase: "simulating", wallMs: 6010 });
    reporter.report({ ...nothing, phase: "summing-up", shareDone: 1, wallMs: 6020 });
    return text
      .replaceAll("\r\u001b[K", "\n")
      .split("\n")
      .filter((line) => line !== "");
  };
  const all = ["building the fabric", "estimating memory", "laying the run out in memory", "summing up"];
  expect(lines(true)).toEqual(all);
  expect(lines(false, true)).toEqual(all);
  expect(lines(false)).toEqual(["laying the run out in memory"]);
});
