/**
 * The library is pure: no clock, no chance but its own, no Node API, nothing printed. Exceptions
 * have their reason here.
 */
import { describe, expect, it } from "vitest";
import { modulesOf } from "./modules.js";

/** Folders that only the command line and batch programs use. */
const FOR_NODE = /^src\/(cli|study\/(batch|flow-files|imports|policies|snapshot|slurm|store|shootout))\//;
const LIBRARY = modulesOf("src").filter(({ path }) => !FOR_NODE.test(path));

/** Files that may, and why. */
const MAY_READ_A_CLOCK: Record<string, string> = {
  "src/util/progress.ts": "tells how long the work before a run has taken so far",
  "src/api/pauses.ts": "yields to others after some time",
  "src/api/run-loop.ts": "reports how long a run took, and paces progress",
  "src/api/simulation.ts": "reports how long layout and summary took",
  "src/api/warm-scenario.ts": "reports how long a call took",
  "src/engine/core/policy-host.js": "takes the time of some calls of a policy, for the report of its cost",
};
const MAY_IMPORT_NODE: Record<string, string> = {
  "src/engine/core/platform.ts": "reads the compiled core and starts threads in Node, when asked for",
  "src/engine/core/worker.js": "is a thread's program, in Node too",
};

function offenders(pattern: RegExp, allowed: Record<string, string>): string[] {
  return LIBRARY.filter(({ path, text }) => pattern.test(withoutComments(text)) && allowed[path] === undefined).map(
    ({ path }) => path,
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

describe("the library", () => {
  it("reads no clock", () => {
    expect(offenders(/\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, MAY_READ_A_CLOCK)).toEqual([]);
  });

  it("draws no chance but from its own seeds", () => {
    expect(offenders(/\bMath\.random\(|\bcrypto\.(getRandomValues|randomUUID)\(/, {})).toEqual([]);
  });

  it("imports nothing of Node", () => {
    const users = LIBRARY.filter(({ packages }) => packages.some((name) => name.startsWith("node:")));
    expect(users.map(({ path }) => path).filter((path) => MAY_IMPORT_NODE[path] === undefined)).toEqual([]);
  });

  it("prints nothing, does not exit, and reads no state of the process", () => {
    expect(offenders(/\bconsole\.\w+\(|\bprocess\.(exit|stdout|stderr|env|argv|cwd)\b/, {})).toEqual([]);
  });

  it("has no exception that is not needed", () => {
    const paths = new Set(LIBRARY.map(({ path }) => path));
    const listed = [...Object.keys(MAY_READ_A_CLOCK), ...Object.keys(MAY_IMPORT_NODE)];
    expect(listed.filter((path) => !paths.has(path))).toEqual([]);
  });
});
