import { expect, test } from "vitest";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { issuesOf, MINIMAL, messagesOf } from "./samples.js";

const first = (text: string) => {
  const [issue] = issuesOf(text);
  expect(issue!.line).toBeGreaterThan(0);
  return `${issue!.line}:${issue!.column}: ${issue!.message}`;
};

test("alias bombs are refused", () => {
  const levels = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`);
  expect(first(`a0: &a0 [1]\n${levels.join("\n")}\n`)).toContain("more than 500000 values");
});

test("an alias inside what it names is refused", () => {
  expect(first("faults: &f [1, *f]\n")).toBe("1:16: the alias *f contains itself");
});

test("an honest alias is followed", () => {
  const text = `nic: { latency: &t 600ns }\nswitch: { latency: *t }\n${MINIMAL}seed: oops`;
  expect(messagesOf(text)).toMatch(/^5:7: seed: /);
});

test.each([
  ["a flow list", "[".repeat(200_000)],
  ["a flow map", "{a: ".repeat(200_000)],
  ["blocks", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ["dashes", "- ".repeat(50_000)],
  ["question marks", "? ".repeat(50_000)],
  ["closed lists", `topology: ${"[".repeat(40)}${"]".repeat(40)}`],
])("deep nesting of %s is refused", (_, text) => {
  expect(first(text)).toMatch(/nested deeper than 32 levels$/);
});

test("oversize text is refused unread", () => {
  expect(first("#".repeat(60_000_000))).toBe(
    "1:1: the text has 60000000 characters; at most 52428800 are read: write flows by a pattern, and a regular fabric by its kind",
  );
});

test("many keys take linear time", () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join("\n");
  const issues = issuesOf(`${keys}\n${MINIMAL}`);
  expect(issues).toHaveLength(101);
  expect(issues.at(-1)!.message).toBe("and 49900 more");
});

test.each([
  ["__proto__: { polluted: true }", '3:1: the key "__proto__" is not allowed'],
  ["nic: { constructor: { prototype: 1 } }", '3:8: the key "constructor" is not allowed'],
  ["nic: { prototype: 1 }", '3:8: the key "prototype" is not allowed'],
  ["nic: { toString: 1 }", "3:8: unknown key toString; known keys: latency, scaleUpLatency"],
  ["nic: { latency: 1ns, latency: 2ns }", '3:22: the key "latency" is given twice'],
  ["topology: { kind: fat-tree }", '3:1: the key "topology" is given twice'],
  ["seed: .inf", "3:7: not a finite number; write one that is"],
  ["seed: .nan", "3:7: not a finite number; write one that is"],
  ["seed: 1e999", "3:7: not a finite number; write one that is"],
  [`seed: ${"9".repeat(300)}`, "3:7: 1e+300 is not allowed; write one from 0 to 4294967295"],
  [`nic: { latency: ${"9".repeat(100_000)}ns }`, `3:17: "${"9".repeat(64)}…" is not a time;`],
  ["? [a, b]\n: 1", "3:3: a key must be plain text"],
  ["seed: !!js/function x", "3:7: not valid YAML: unresolved tag: tag:yaml.org,2002:js/function"],
  ["seed: *nowhere", "3:7: there is no anchor &nowhere before this alias"],
  ["---\nseed: 1", "3:1: the text holds several documents; write one (no second ---)"],
  ["seed: [1", "4:1: not valid YAML: flow sequence in block collection must be"],
  ["\tseed: 1", "3:1: not valid YAML:"],
])("%s", (line, message) => {
  const all = issuesOf(`${MINIMAL}${line}\n`).map((issue) => `${issue.line}:${issue.column}: ${issue.message}`);
  expect(all.some((text) => text.startsWith(message))).toBe(true);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each(["", "\n\n", "# nothing\n", "---\n", "null", "~"])("%j is an empty document, or no map", (text) => {
  expect(messagesOf(text)).toMatch(/the document is empty|a scenario is a map/);
});

test.each(["7", "[1]", "text"])("%j is not a map", (text) => {
  expect(first(text)).toBe("1:1: a scenario is a map; write its keys, e.g. topology and workload");
});

const refused = (value: unknown) => {
  try {
    parseScenario(value);
  } catch (cause) {
    if (cause instanceof ScenarioError) return cause.message;
    throw cause;
  }
  throw new Error("accepted");
};

test("data of a program is held to the same bounds", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(refused(cycle)).toMatch(/nested deeper than 32 levels$/);
  expect(refused({ seed: 1n })).toBe("seed: only plain objects, lists, text, numbers and booleans are read");
  expect(refused({ seed: new Date() })).toMatch(/^seed: only plain objects/);
  expect(refused({ faults: new Array(1e9) })).toMatch(/^faults: more than 6000000 values/);
  expect(refused(JSON.parse('{"__proto__": {"polluted": 1}}'))).toBe('the key "__proto__" is not allowed');
  const trap = {
    get seed(): number {
      throw new Error("trap");
    },
  };
  expect(refused(trap)).toBe("reading the value failed: one of its properties throws");
  expect(refused(undefined)).toMatch(/only plain objects/);
  expect(refused({ nic: { latency: 5 } })).toMatch(/^topology: missing/);
});
