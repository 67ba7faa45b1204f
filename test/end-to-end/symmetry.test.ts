import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { heddle } from "./heddle.js";

/** Four pods of the bundled example on small switches, the whole of which takes seconds. */
const POD_RUN = ["allreduce-1gib-32k-pinned", "--set", "topology.gpus=512", "--set", "topology.radix=16"];
const SMALL = [...POD_RUN, "--set", "workload.size=4MiB", "--json", "--quiet"];

function resultOf(...args: readonly string[]): ResultDocument {
  const { code, stdout, stderr } = heddle(["run", ...args]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as ResultDocument;
}

describe("a run of which parts are alike", () => {
  it("is simulated once for all of them, with the result of the whole", () => {
    const { engine, ...result } = resultOf(...SMALL);
    const { engine: whole, ...expected } = resultOf(...SMALL, "--no-fast-forward");
    expect(engine.fastForward.replicas).toBe(31);
    expect(engine.fastForward.skippedPacketHops).toBeGreaterThan(0.95 * engine.packetHops);
    expect(whole.fastForward.replicas).toBe(0);
    expect([engine.digest, engine.packetHops]).toEqual([whole.digest, whole.packetHops]);
    expect(result).toEqual(expected);
    const { stdout } = heddle(["run", ...SMALL.filter((arg) => arg !== "--json")]);
    expect(stdout).toMatch(/skipped as 31 copies of others/);
  });

  it("is simulated as a whole where it is kept", () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-"));
    try {
      const { engine } = resultOf(...SMALL, "--snapshot", join(folder, "run.snap"));
      expect(engine.fastForward.replicas).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
