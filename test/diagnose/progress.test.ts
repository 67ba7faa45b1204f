/** A diagnosis tells how far its two runs are, and ends where it is aborted. */
import { expect, it } from "vitest";
import { parseScenario, simulate } from "../../src/index.js";
import { diagnoseResult } from "../../src/study/diagnose/diagnose.js";

const DOCUMENT = {
  topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 2, radix: 8 },
  workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "1MiB" },
  faults: [{ kind: "degraded-link", from: "gpu-2", to: "leaf-0", rate: "100Gbps" }],
} as const;

async function slowRun() {
  const result = await simulate(parseScenario(DOCUMENT).scenario);
  return { ...result, scenario: { ...result.scenario, document: DOCUMENT } };
}

it("tells of both runs, one after the other", async () => {
  const told: string[] = [];
  const found = await diagnoseResult(await slowRun(), undefined, { onProgress: (_, run) => void told.push(run) });
  expect(found!.suspects[0]!.where).toContain("gpu-2");
  expect([...new Set(told)]).toEqual(["healthy run", "run to explain"]);
});

it("is undefined where it is aborted in either run", async () => {
  const slow = await slowRun();
  for (const at of ["healthy run", "run to explain"]) {
    const abort = new AbortController();
    const onProgress = (_: unknown, run: string) => {
      if (run === at) abort.abort();
    };
    expect(await diagnoseResult(slow, undefined, { signal: abort.signal, onProgress })).toBeUndefined();
  }
});
