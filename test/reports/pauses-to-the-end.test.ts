import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { linkOf, readReport } from "../support/reports.js";

test("pauses that a stalled NIC began count to the failure of the QP, and the diagnosis names the NIC", async () => {
  const result = await simulate(readReport("stalled-nic"));
  expect(result.status).toBe("qp-failed");
  const onwardMs = linkOf(result, "a", "s").pausedNs / 1e6;
  expect(onwardMs).toBeCloseTo(1.98, 2);
  // The other paused port, from the switch to the NIC, has sent nothing.
  expect(result.pfc.pausedNs / 1e6 - onwardMs).toBeCloseTo(8, 3);
  expect(result.pfc.longestPauseNs / 1e6).toBeCloseTo(8, 3);
  expect(result.diagnosis!.text).toContain("took 8.00 ms in all");
  expect(result.diagnosis!.text).toContain(
    "s -> b was paused for 8.00 ms. That goes back to b, whose NIC took in no data",
  );
});

const RING = ["s0", "s1", "s2", "s3", "s4"];
const NAMES = RING.map((name, i) => `${name} -> ${RING[(i + 1) % 5]}`);

test("ports in a deadlock are paused until the QPs behind them fail", async () => {
  const result = await simulate(readReport("cyclic-wait"));
  expect(result.status).toBe("qp-failed");
  expect(result.diagnosis).toMatchObject({ kind: "deadlock", ports: NAMES });
  RING.forEach((name, i) => {
    expect(linkOf(result, name, RING[(i + 1) % 5]!).pausedNs / 1e6).toBeCloseTo(536.9, 1);
  });
});

test("a deadlock is told where the time limit comes first, and a run that only was not through is none", async () => {
  const scenario = readReport("cyclic-wait");
  const stuck = await simulate({ ...scenario, timeLimit: "10ms" });
  expect(stuck.status).toBe("time-limit");
  expect(stuck.diagnosis).toMatchObject({ kind: "deadlock", ports: NAMES });
  expect(stuck.diagnosis!.text).toMatch(/^Cut off at the time limit of 10.0 ms. Deadlock: 5 paused ports/);
  for (const name of RING) expect(stuck.pfc.pausedNs, name).toBeGreaterThan(5 * 9.9e6);
  // Before the circle closes.
  const early = await simulate({ ...scenario, timeLimit: "1us" });
  expect(early.diagnosis).toMatchObject({ kind: "time-limit", ports: [] });
});

test("what is told as a deadlock at a time limit never ends, wherever the limit falls", async () => {
  const scenario = readReport("cyclic-wait");
  let deadlocks = 0;
  let others = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("32KiB", "48KiB", "64KiB", "128KiB"),
      fc.constantFrom("64KiB", "128KiB", "256KiB", "1MiB"),
      fc.integer({ min: 1, max: 100 }),
      fc.constantFrom({ kind: "pfc" }, { kind: "credit", buffer: "64KiB" }),
      async (xoff, size, limitUs, { kind, ...rest }) => {
        const flowControl = kind === "pfc" ? { kind, threshold: { kind: "static", xoff } } : { kind, ...rest };
        const run = { ...scenario, flowControl, workload: { ...scenario.workload, size } };
        const cut = await simulate({ ...run, timeLimit: `${limitUs}us` });
        if (cut.status === "finished") return;
        const whole = await simulate(run);
        if (cut.diagnosis!.kind === "deadlock") expect(whole.diagnosis!.kind).toBe("deadlock");
        if (cut.diagnosis!.kind === "deadlock") deadlocks++;
        else others++;
      },
    ),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 40) },
  );
  expect(deadlocks).toBeGreaterThan(0);
  expect(others).toBeGreaterThan(0);
}, 120_000);
