import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { checkExplainable } from "../../src/api/critical-path.js";
import { simulate } from "../../src/api/simulate.js";
import { located } from "../../src/resolve/places.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { withSlowdowns } from "../../src/study/slowdown/alone.js";
import { read } from "../imports/support.js";
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

const STEP = {
  kind: "training-step",
  model: { layers: 4, hidden: 128, heads: 8, vocabulary: 1000 },
  batch: { global: 8, micro: 1 },
  parallel: { tp: 2, pp: 2 },
  sequence: 128,
};
const TRACE = { kind: "trace", format: "goal", files: ["ring.goal"] };
const files = { "ring.goal": readFileSync("test/data/imports/ring.goal", "utf8") };

/** Parses documents in which traces are that of a ring of four ranks. */
async function parsed(document: Document) {
  const { workload, ranks, notes } = await read("goal", files);
  const trace = { workload: workload!, ranks, notes, digest: "ring" };
  return parseScenario(document, { traceFiles: () => trace }).scenario;
}

test("training steps, traces and programs in the background run beside others as in the oracle", async () => {
  const documents = [
    beside(
      { name: "step", ranks: 8, start: "1us", placement: "random", workload: STEP },
      { name: "ring", ranks: 4, workload: RING },
      { name: "trace", ranks: 4, placement: "strided", start: "3us", workload: TRACE },
      { name: "noise", ranks: 4, background: true, workload: PROGRAM },
    ),
    beside(
      { name: "trace", placement: [15, 2, 8, 5], workload: TRACE },
      { name: "again", placement: [0, 1, 4, 9], workload: TRACE },
      { name: "step", ranks: 4, background: true, workload: STEP },
    ),
  ];
  for (const document of documents) {
    const { plan } = resolvePlan(await parsed(document));
    const expected = runOracle(plan);
    expect(expected.status).toBe("finished");
    expectSameOutcome(await runCore(plan), expected);
    expectSameOutcome(await runCore(plan, 1e6, 2), expected);
  }
});

test.each([
  ["a training step", { ...STEP, steps: 2, stragglers: [{ rank: 1, factor: 2 }] }],
  ["a trace", TRACE],
])("%s as a job takes what it takes as the workload, wherever it stands in the list", async (_, workload) => {
  // Apart from the others: a leaf of its own.
  const small = { kind: "leaf-spine", gpusPerNode: 4, radix: 8 };
  const alone = await simulate(await parsed({ topology: { ...small, gpus: 4 }, workload }));
  const { jobs } = await simulate(
    await parsed({
      topology: { ...small, gpus: 16 },
      jobs: [
        { name: "other", placement: [4, 5, 6, 7], workload: { ...STEP, steps: 2 } },
        { name: "same", placement: [0, 1, 2, 3], start: "7us", workload },
        { name: "before", placement: [8, 9, 10, 11], background: true, workload: TRACE },
      ],
    }),
  );
  const job = jobs![1]!;
  expect([job.jctNs, job.startNs, job.workload]).toEqual([alone.jctNs, 7000, alone.workload]);
  expect(job.program!.operations).toEqual(alone.program!.operations);
  expect(job.program!.roles.map(({ computeNs }) => computeNs)).toEqual(
    alone.program!.roles.map(({ computeNs }) => computeNs),
  );
  expect(job.training?.steps).toEqual(alone.training?.steps);
  expect(job.training?.exposedNs).toEqual(alone.training?.exposedNs);
  expect(job.training?.mfu).toBe(alone.training?.mfu);
  expect(job.program!.timelines).toBeUndefined();
});

test("the run does not wait for a program in the background", async () => {
  const flow = { kind: "flows", flows: [{ src: 0, dst: 1, size: "4KiB" }] };
  const long = { ...PROGRAM, record: { ranks: [0], limit: 1 } };
  const background = { name: "noise", placement: [8, 9, 10, 11], background: true, workload: long };
  for (const own of [flow, STEP]) {
    const jobs = [{ name: "own", ranks: 4, workload: own }];
    const alone = await simulate({ topology, jobs });
    const together = await simulate({ topology, jobs: [...jobs, { ...background, start: "1ms" }] });
    expect(together.jctNs).toBe(alone.jctNs);
    expect(together.ranks).toEqual(alone.ranks);
    const noise = together.jobs![1]!;
    expect(noise).toMatchObject({ background: true, startNs: 1e6 });
    expect(noise.program!.timelines![0]).toMatchObject({ rank: 8, dropped: 2 });
    expect(noise.jctNs).toBeGreaterThanOrEqual(noise.idealJctNs);
  }
});

test("the text has a table for each job that trains", async () => {
  const document = beside({ name: "a", ranks: 8, workload: STEP }, { name: "b", ranks: 4, workload: TRACE });
  const scenario = await parsed(document);
  const result = await withSlowdowns(scenario, await simulate(scenario), (one) => simulate(one));
  const text = formatResult(result);
  expect(text).toContain("Training of a\n");
  expect(text).toMatch(/a +8 {2}a training step of own model, tp 2 x pp 2 x dp 2 {2}/);
  expect(text).toMatch(/b +4 {2}goal trace of 4 ranks .* 1\.000/);
});

test("jobs are refused that have too few ranks, or ask too much of them", async () => {
  const of = (...jobs: Document[]) => messagesOf(JSON.stringify(beside(...jobs)), {});
  expect(of({ ranks: 3, workload: PROGRAM })).toContain(
    "jobs[0].workload.communicators[1].pairs[0][1]: there is no rank 3",
  );
  expect(of({ ranks: 6, workload: STEP })).toContain("tp 2 x cp 1 x pp 2 = 4 does not divide 6 GPUs");
  expect(of({ ranks: 4, workload: { ...STEP, stragglers: [{ rank: 4, factor: 2 }] } })).toContain(
    "jobs[0].workload.stragglers[0].rank: there is no rank 4",
  );
  await expect(parsed(beside({ ranks: 3, workload: TRACE }))).rejects.toThrow(
    "the trace has 4 ranks, and the job 3; write ranks: 4",
  );
  const large = { ...STEP, model: "llama-3-70b", parallel: { tp: 8 }, sequence: 2048 };
  const jobs = [{ ranks: 8, workload: RING }, { workload: large }];
  expect(() => resolve(beside(...jobs))).toThrow(/^jobs\[1\]\.workload\.parallel: a GPU needs/);
});

test("a straggler needs one job that computes", () => {
  const faults = [{ kind: "straggler", host: 0, factor: 2 }];
  const document = (workload: Document) => ({
    ...beside({ ranks: 8, workload: RING }, { ranks: 4, workload }),
    faults,
  });
  expect(messagesOf(JSON.stringify(document(RING)), {})).toContain(
    "faults[0].kind: ranks compute nothing in this workload",
  );
  expect(() => parseScenario(document(STEP))).not.toThrow();
});

test("jobs that are alike are simulated once, with the digest of the full run", async () => {
  const job = { ranks: 8, workload: { ...STEP, parallel: { tp: 2 } } };
  const document = { topology, jobs: [job, job], routing: { policy: "pinned" } };
  const folded = await simulate(document);
  const full = await simulate(document, { fastForward: false });
  expect(folded.engine.fastForward.replicas).toBeGreaterThan(0);
  expect(full.engine.fastForward.replicas).toBe(0);
  expect(folded.engine.digest).toBe(full.engine.digest);
  expect(folded.jobs).toEqual(full.jobs);
});

test("a refusal names the jobs, where there is no workload", () => {
  const { scenario } = parseScenario(beside({ workload: STEP }));
  const { plan } = resolvePlan(scenario);
  const refused = () => located(scenario, () => checkExplainable(plan, "critical path"));
  expect(refused).toThrow(/^jobs: the critical path of programs/);
});
