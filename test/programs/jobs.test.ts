import { expect, test } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { withSlowdowns } from "../../src/study/slowdown/alone.js";
import { type Document, resolve } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { messagesOf } from "../scenario/samples.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

const topology = { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 16 };

/** Four ranks: two compute, then all add up, twice. */
const PROGRAM = {
  kind: "program",
  communicators: [
    { name: "sum", size: "40KiB" },
    { name: "up", pairs: [[0, 3]], size: "8KiB" },
  ],
  roles: [
    { name: "first", ranks: [0], streams: [{ do: [{ compute: "3us" }, { send: "up" }, { collective: "sum" }] }] },
    { name: "last", ranks: [3], streams: [{ do: [{ receive: "up" }, { collective: "sum" }] }] },
    { name: "rest", start: "1us", streams: [{ do: [{ compute: "2us", label: "wait" }, { collective: "sum" }] }] },
  ],
};
const RING = { kind: "collective", size: "64KiB", algorithm: "ring" };

const beside = (...jobs: Document[]): Document => ({ topology, jobs });

test("programs beside other jobs are the same in the core, with two threads, and in the oracle", async () => {
  const documents = [
    beside(
      { name: "ring", ranks: 8, workload: RING },
      { name: "program", ranks: 4, start: "2us", placement: "strided", workload: PROGRAM },
      { name: "other", ranks: 4, workload: { ...PROGRAM, record: { ranks: [1], limit: 10 } } },
      { name: "noise", background: true, workload: { kind: "flows", pattern: "shift", by: 5, size: "20KiB" } },
    ),
    beside(
      { name: "program", ranks: 4, workload: PROGRAM },
      { name: "switches", ranks: 8, workload: { ...RING, algorithm: "nvls-tree" } },
    ),
    beside({ name: "program", ranks: 4, placement: [9, 2, 5, 12], workload: PROGRAM }),
  ];
  for (const document of documents) {
    const { plan } = resolve(document);
    const expected = runOracle(plan);
    expect(expected.status).toBe("finished");
    expectSameOutcome(await runCore(plan), expected);
    expectSameOutcome(await runCore(plan, 1e6, 2), expected);
  }
});

test("a program as the only job takes what it takes as the workload", async () => {
  const small = { ...topology, gpus: 4 };
  const kind = "leaf-spine";
  const alone = await simulate({ topology: { ...small, kind }, workload: PROGRAM });
  const job = await simulate({ topology: { ...small, kind }, jobs: [{ name: "p", start: "7us", workload: PROGRAM }] });
  expect(job.jctNs).toBe(alone.jctNs);
  expect(job.idealJctNs).toBe(alone.idealJctNs);
  const { jctNs, startNs, program, idealJctNs } = job.jobs![0]!;
  expect([jctNs, startNs, idealJctNs]).toEqual([alone.jctNs, 7000, alone.idealJctNs]);
  const endsPs = (roles: readonly { finishNs: number | null }[]) =>
    roles.map((role) => Math.round(role.finishNs! * 1000));
  expect(endsPs(program!.roles)).toEqual(endsPs(alone.program!.roles).map((ps) => ps + 7_000_000));
  expect(program!.operations).toEqual(alone.program!.operations);
  expect(job.program).toBeUndefined();
});

test("each program has its own times; the run ends with the last job", async () => {
  const document = beside(
    { name: "ring", ranks: 8, workload: { ...RING, size: "4MiB" } },
    { name: "a", ranks: 4, workload: PROGRAM },
    { name: "b", ranks: 4, start: "50us", workload: PROGRAM },
  );
  const { scenario } = parseScenario(document);
  const result = await simulate(scenario);
  const [ring, a, b] = result.jobs!;
  expect(b!.jctNs).toBe(a!.jctNs);
  expect([ring!.program, a!.startNs, b!.startNs]).toEqual([undefined, 0, 50_000]);
  for (const { program } of [a!, b!]) {
    expect(program!.roles.map(({ name, ranks }) => [name, ranks])).toEqual([
      ["first", 1],
      ["last", 1],
      ["rest", 2],
    ]);
    expect(program!.operations.map(({ name, count }) => [name, count])).toEqual([
      ["compute", 1],
      ["up", 2],
      ["sum", 4],
      ["wait", 2],
    ]);
  }
  expect(result.jctNs).toBe(Math.max(ring!.jctNs!, 50_000 + b!.jctNs!));
  for (const job of [result, ring!, a!, b!]) expect(job.jctNs!).toBeGreaterThanOrEqual(job.idealJctNs);
  expect(result.idealJctNs).toBeGreaterThanOrEqual(50_000 + b!.idealJctNs);
  const { jobs } = await withSlowdowns(scenario, result, (one) => simulate(one));
  expect(jobs!.map(({ slowdown }) => slowdown)).toEqual([1, 1, 1]);
  expect(formatResult(result)).toContain("Programs of b");
});

test("a program does not run in the background, and has the ranks of its job", () => {
  const of = (job: Document) => messagesOf(JSON.stringify(beside({ name: "p", workload: PROGRAM, ...job })), {});
  expect(of({ ranks: 4, background: true })).toContain("jobs[0].background: a run waits for all of its programs");
  expect(of({ ranks: 3 })).toContain("jobs[0].workload.communicators[1].pairs[0][1]: there is no rank 3");
});
