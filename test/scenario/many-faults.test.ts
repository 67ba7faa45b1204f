import { beforeEach, expect, it, vi } from "vitest";
import { Composer } from "yaml";
import { faultRules } from "../../src/scenario/rules/faults.js";
import type { Sections } from "../../src/scenario/schema/sections.js";
import { issuesOf, MINIMAL } from "./samples.js";

/** How often a name was compared with others: the dearest step of a message. */
const searches = vi.hoisted(() => ({ count: 0 }));

vi.mock("../../src/scenario/types/suggest.js", async (original) => {
  const suggest = await original<typeof import("../../src/scenario/types/suggest.js")>();
  return {
    ...suggest,
    didYouMean: (word: string, candidates: readonly string[]) => {
      searches.count += 1;
      return suggest.didYouMean(word, candidates);
    },
  };
});

beforeEach(() => {
  searches.count = 0;
});

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

const custom = (links: string) => `
version: 1
topology:
  kind: custom
  hosts:
${lines(1000, (i) => `    - a-host-with-a-long-name-${i}`)}
  switches: [s0]
  links:
${links}
`;

const pattern = "workload: { kind: flows, pattern: shift, size: 1KiB }\n";

/** Documents with as many faults as they are told to have. */
const WRONG: Record<string, (count: number) => string> = {
  "ends of links": (count) => custom(lines(count, (i) => `    - { a: a-host-with-a-lung-name-${i}, b: s0 }`)) + pattern,
  "ranks of flows": (count) =>
    `${custom(lines(1000, (i) => `    - { a: a-host-with-a-long-name-${i}, b: s0 }`))}workload:\n  kind: flows\n  flows:\n${lines(count, (i) => `    - { src: 0, dst: a-host-with-a-lung-name-${i}, size: 1KiB }`)}\n`,
  classes: (count) =>
    `${MINIMAL.replace(/^workload:.*$/m, "")}classes: [{ name: one }, { name: two }]\nworkload:\n  kind: flows\n  flows:\n${lines(count, (i) => `    - { src: 0, dst: 1, size: 1KiB, class: tow-${i} }`)}\n`,
};

it.each(Object.keys(WRONG))("names are compared for the faults that are listed, not for all: %s", (kind) => {
  const [small, large] = [150, 1500].map((count) => {
    searches.count = 0;
    const issues = issuesOf(WRONG[kind]!(count));
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)!.message).toBe(`and ${count - 100} more`);
    return searches.count;
  });
  expect(small).toBeGreaterThanOrEqual(100);
  expect(large).toBe(small);
});

it("the links of a listed fabric are gone through once, however many faults there are", () => {
  const reads = [1, 1000].map((count) => {
    let read = 0;
    const links = new Proxy(
      Array.from({ length: 500 }, (_, i) => ({ a: `h${i}`, b: "s0", count: 1 })),
      {
        get: (target, key, receiver) => {
          read += 1;
          return Reflect.get(target, key, receiver);
        },
      },
    );
    const faults = Array.from({ length: count }, () => ({
      kind: "link-down",
      from: "h499",
      to: "s0",
      index: 0,
      at: 0,
    }));
    const unexpected = () => expect.unreachable();
    const context = {
      fail: unexpected,
      warn: unexpected,
      failIn: unexpected,
      flowFiles: () => undefined,
      traceFiles: () => undefined,
      isWritten: () => true,
    };
    const sections = { faults, topology: { kind: "custom", hosts: [], switches: [], links } } as unknown as Sections;
    const rules = faultRules.filter(({ needs }) => needs.every((name) => ["faults", "topology"].includes(name)));
    expect(rules).not.toHaveLength(0);
    for (const rule of rules) rule.check(sections, context);
    return read;
  });
  expect(reads[0]).toBeGreaterThan(0);
  expect(reads[1]).toBe(reads[0]);
});

it.each([
  ["commas", `[${",".repeat(100_000)}]`],
  ["escapes", `"${"\\\n".repeat(100_000)}"`],
])("a text that is wrong everywhere is composed no further than what is listed: %s", (_, text) => {
  const ended = vi.spyOn(Composer.prototype, "end");
  expect(issuesOf(`${MINIMAL}name: ${text}\n`)[0]!.message).toMatch(/^not valid YAML: /);
  expect(ended).not.toHaveBeenCalled();
  ended.mockRestore();
});
