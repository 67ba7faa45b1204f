/** Every error has a code, the code survives another thread, and the exit code follows from it. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ResumeError } from "../../src/api/errors.js";
import { describeFailure, InputError } from "../../src/cli/support/failures.js";
import { CapacityError, CoreTrapError } from "../../src/engine/core/errors.js";
import { codeOf, HeddleError } from "../../src/index.js";
import { PlanError } from "../../src/plan/plan-error.js";
import { PolicyError } from "../../src/plan/policy-error.js";
import { DocumentError } from "../../src/scenario/document/node.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { RunError, WorkerError } from "../../src/study/batch/errors.js";
import { SweepError } from "../../src/study/batch/plan-sweep.js";
import { CablingError } from "../../src/study/cabling/read.js";
import { ChartError } from "../../src/study/charts/render.js";
import { CompareError } from "../../src/study/compare/errors.js";
import { DiagnoseError } from "../../src/study/diagnose/errors.js";
import { PerfError } from "../../src/study/perf/errors.js";
import { ReportError } from "../../src/study/report/errors.js";
import { ShootoutError } from "../../src/study/shootout/errors.js";
import { SlurmError } from "../../src/study/slurm/client.js";
import { asFileError, errorCode, SnapshotError } from "../../src/study/snapshot/errors.js";
import { StoreError } from "../../src/study/store/folder.js";
import { ManifestError } from "../../src/study/sweep/manifest.js";
import { TornadoError } from "../../src/study/tornado/errors.js";
import { WhatIfError } from "../../src/study/what-if/errors.js";
import { type Fault, faultOf, HEDDLE_ERROR_CODES, type HeddleErrorCode } from "../../src/util/heddle-error.js";
import { modulesOf, textOf } from "../tidy/modules.js";

const TIMEOUT: Fault = { code: "HEDDLE_TIMEOUT", name: "TimeoutError", message: "it took longer than 1 s" };

/** One error of each code, and what the command line exits with. */
const EXAMPLES: Record<HeddleErrorCode, readonly [Error, number]> = {
  HEDDLE_SCENARIO: [new ScenarioError([{ message: "m", path: "seed" }]), 2],
  HEDDLE_DOCUMENT: [new DocumentError("m", { from: "value" }, []), 2],
  HEDDLE_PLAN: [new PlanError("m"), 2],
  HEDDLE_CAPACITY: [new CapacityError("m"), 2],
  HEDDLE_POLICY: [new PolicyError("m", "module"), 2],
  HEDDLE_RESUME: [new ResumeError("m"), 2],
  HEDDLE_SNAPSHOT: [new SnapshotError("a.snapshot", "m"), 2],
  HEDDLE_STORE: [new StoreError("m"), 2],
  HEDDLE_MANIFEST: [new ManifestError("m"), 2],
  HEDDLE_SWEEP: [new SweepError("m"), 2],
  HEDDLE_TORNADO: [new TornadoError("m"), 2],
  HEDDLE_SHOOTOUT: [new ShootoutError("m"), 2],
  HEDDLE_COMPARE: [new CompareError("m"), 2],
  HEDDLE_CHART: [new ChartError("m"), 2],
  HEDDLE_PERF: [new PerfError("m"), 2],
  HEDDLE_WHAT_IF: [new WhatIfError("m"), 2],
  HEDDLE_DIAGNOSE: [new DiagnoseError("m"), 2],
  HEDDLE_REPORT: [new ReportError("m"), 2],
  HEDDLE_CABLING: [new CablingError("m"), 2],
  HEDDLE_SLURM: [new SlurmError("m"), 2],
  HEDDLE_INPUT: [new InputError("m"), 2],
  HEDDLE_TIMEOUT: [new RunError(TIMEOUT), 3],
  HEDDLE_WORKER: [new WorkerError("m"), 1],
  HEDDLE_CORE_TRAP: [new CoreTrapError("m", 0, "spine-0"), 1],
  HEDDLE_INTERNAL: [new RunError(faultOf(new TypeError("m"))), 1],
};
const ROWS = Object.entries(EXAMPLES).map(([code, [error, exitCode]]) => ({ code, error, exitCode }));

/** Exported classes of the sources whose base is called `…Error`, with that base. */
function errorClasses(): [name: string, base: string][] {
  const found: [string, string][] = [];
  for (const { source } of modulesOf("src")) {
    for (const node of source.statements) {
      if (!ts.isClassDeclaration(node) || node.name === undefined) continue;
      if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) continue;
      const base = node.heritageClauses?.flatMap(({ types }) => types.map((type) => type.getText(source)))[0];
      if (base?.endsWith("Error") === true) found.push([node.name.text, base]);
    }
  }
  return found;
}

describe("codes", () => {
  test("every exported error class extends HeddleError, and has an example here", () => {
    const classes = errorClasses().filter(([name]) => name !== "HeddleError");
    expect(classes.filter(([, base]) => base !== "HeddleError")).toEqual([]);
    const shown = new Set(ROWS.map(({ error }) => error.constructor.name));
    expect(classes.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
    expect(classes.length).toBeGreaterThan(15);
  });

  test.each(ROWS)("$code: on the error, with its class's name", ({ code, error }) => {
    expect(error).toBeInstanceOf(HeddleError);
    expect(codeOf(error)).toBe(code);
    expect(error.name).toBe(error.constructor.name);
  });

  test("the examples are all codes, and the page lists each with its exit code", () => {
    expect(ROWS.map(({ code }) => code)).toEqual(HEDDLE_ERROR_CODES);
    const page = textOf("docs/ARCHITECTURE.md")!;
    const listed = [...page.matchAll(/^\| `(HEDDLE_\w+)` \| .* \| (\d) \|$/gm)].map(([, code, exit]) => [code, exit]);
    expect(listed).toEqual(ROWS.map(({ code, exitCode }) => [code, String(exitCode)]));
  });

  test("other errors have none, not even with a code of their own", () => {
    const system = Object.assign(new Error("no such file"), { code: "ENOENT" });
    expect([system, new Error("m"), { code: "toString" }, "HEDDLE_PLAN", null].map(codeOf)).toEqual(
      new Array(5).fill(undefined),
    );
    expect(faultOf(system)).toEqual({ code: "HEDDLE_INTERNAL", name: "Error", message: "no such file" });
    expect(faultOf("text")).toMatchObject({ code: "HEDDLE_INTERNAL", message: "text" });
  });

  test("are not taken for those of file operations", () => {
    const plan = new PlanError("m");
    expect(errorCode(plan)).toBeUndefined();
    expect(asFileError("a.snapshot", "read", plan)).toBe(plan);
  });
});

describe("another thread", () => {
  test("a fault crosses it with its code, which the error alone does not", async () => {
    const echo = `const { parentPort } = require("node:worker_threads");
      parentPort.once("message", (message) => parentPort.postMessage(message));`;
    const worker = new Worker(echo, { eval: true });
    worker.postMessage(ROWS.map(({ error }) => ({ fault: faultOf(error), error })));
    const [echoed] = (await once(worker, "message")) as [{ fault: Fault; error: Error }[]];
    await worker.terminate();
    expect(echoed.map(({ fault }) => codeOf(fault))).toEqual(HEDDLE_ERROR_CODES);
    expect(echoed.every(({ error }) => codeOf(error) === undefined)).toBe(true);
    expect(echoed.map(({ fault }) => new RunError(fault).code)).toEqual(HEDDLE_ERROR_CODES);
  });
});

describe("exit codes", () => {
  test.each(ROWS)("$code: $exitCode", ({ error, exitCode }) => {
    const failure = describeFailure(error, false);
    expect(failure.code).toBe(exitCode);
    expect(failure.text.includes("internal error")).toBe(exitCode === 1);
    // The exit code comes from the code, not from the class.
    expect(describeFailure(new RunError(faultOf(error)), false).code).toBe(exitCode);
  });
});

describe("the count of faults", () => {
  test.each([
    [
      [
        { message: "m", path: "seed" },
        { message: "write invalid: skip", path: "", faults: 0 },
      ],
      "1 fault",
    ],
    [
      [
        { message: "m", path: "seed" },
        { message: "and 7 more", path: "", faults: 7 },
      ],
      "8 faults",
    ],
  ])("takes advice and a rest for what they stand for: %#", (issues, count) => {
    const { text } = describeFailure(new ScenarioError(issues), false);
    expect(text.endsWith(`heddle: ${count} in the scenario\n`)).toBe(true);
  });
});
