import fc from "fast-check";
import { expect } from "vitest";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { TRACE_FORMATS, type TraceFormat } from "../../src/scenario/schema/trace.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import type { Imported, ImportFormat } from "../../src/study/imports/common/format.js";
import { SourceFile } from "../../src/study/imports/common/source.js";
import { TRACE_READERS } from "../../src/study/imports/registry.js";
import { formatIssue } from "../../src/util/issue.js";
import { oneLeaf } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

/** Contents by name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;
type Options = Readonly<Record<string, unknown>>;

/** What is read of some files. */
export function read(format: TraceFormat, files: Files, options: Options = {}): Promise<Imported> {
  const request = TRACE_FORMATS[format].parse({ kind: "trace", format, files: Object.keys(files), ...options });
  const reader = TRACE_READERS[format] as ImportFormat<never>;
  const sources = Object.entries(files).map(([name, content]) => SourceFile.of(name, content));
  return reader.read(sources, request as never);
}

/** The plan of a trace on hosts under one leaf. */
export async function planOf(
  format: TraceFormat,
  files: Files,
  options: Options = {},
  rest: Options = {},
): Promise<RunPlan> {
  const { workload, ranks, notes } = await read(format, files, options);
  const written = { kind: "trace", format, files: Object.keys(files), ...options };
  const trace = { workload: workload!, ranks, notes, digest: "0" };
  const document = { version: 1, topology: oneLeaf(ranks), workload: written, ...rest };
  return resolvePlan(parseScenario(document, { traceFiles: () => trace }).scenario).plan;
}

/** Runs a trace on the core, and holds that to the oracle. */
export async function run(
  format: TraceFormat,
  files: Files,
  options: Options = {},
  rest: Options = {},
): Promise<Outcome> {
  const plan = await planOf(format, files, options, rest);
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  return outcome;
}

/** The message of the error that reading ends with. */
export async function faultOf(format: TraceFormat, files: Files, options: Options = {}): Promise<string> {
  try {
    await read(format, files, options);
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.issues.map(formatIssue).join("\n");
    throw cause;
  }
  return expect.unreachable("it was read");
}

/** Changes of bytes: some replaced, some left out, some there twice, or cut off. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant("twice" as const), at: fc.nat(), length: fc.nat(60) }),
  fc.record({ kind: fc.constant("end" as const), at: fc.nat() }),
);

function changed(bytes: Uint8Array, changes: readonly fc.Arbitrary<never>[] | readonly ChangeOf[]): Uint8Array {
  let now = bytes;
  for (const each of changes as readonly ChangeOf[]) {
    const at = each.at % Math.max(1, now.length);
    if (each.kind === "end") now = now.slice(0, at);
    else if (each.kind === "set") {
      now = now.slice();
      now[at] = each.byte;
    } else {
      const part = now.slice(at, at + each.length);
      const [before, after] = [now.slice(0, at), now.slice(at + each.length)];
      now = Buffer.concat(each.kind === "cut" ? [before, after] : [before, part, part, after]);
    }
  }
  return now;
}

type ChangeOf = typeof change extends fc.Arbitrary<infer T> ? T : never;

/**
 * Reads files of which one was changed: they are read, or refused with an error that names a file.
 * @returns how often each came about
 */
export async function expectNoSurprise(
  format: TraceFormat,
  files: Files,
  options: Options,
  numRuns: number,
): Promise<{ refused: number; read: number }> {
  const counts = { refused: 0, read: 0 };
  const names = Object.keys(files);
  const encode = (content: string | Uint8Array) =>
    typeof content === "string" ? new TextEncoder().encode(content) : content;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(change, { minLength: 1, maxLength: 4 }), async (which, changes) => {
      const name = names[which % names.length]!;
      try {
        await read(format, { ...files, [name]: changed(encode(files[name]!), changes) }, options);
        counts.read++;
      } catch (cause) {
        if (!(cause instanceof ScenarioError)) throw cause;
        expect(cause.issues[0]!.file).toBeDefined();
        counts.refused++;
      }
    }),
    { numRuns },
  );
  return counts;
}
