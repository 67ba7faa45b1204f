import fc from "fast-check";
import { expect, test } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { parseScenario, parseScenarioText } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { SAMPLES } from "./samples.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Values that a person, a generator or an attacker might write. */
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    2 ** 53,
    "",
    "0",
    "0B",
    "1ps",
    "-5ns",
    "400Gbps",
    "1GB",
    "unlimited",
  ),
  fc.constantFrom<Json>(
    [],
    {},
    [{}],
    { kind: "none" },
    "auto",
    "ns3",
    "off",
    "9999999999999999TB",
    1e-300,
    -0,
    "h0",
    "s0",
  ),
  fc.constantFrom<Json>(
    "custom",
    "flows",
    "selective",
    "double-binary-tree",
    "static",
    "dynamic",
    "pfc",
    "incast",
    "shift",
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const anyKey = fc.oneof(
  fc.constantFrom(
    "kind",
    "size",
    "window",
    "latency",
    "hosts",
    "pattern",
    "toString",
    "__proto__",
    "length",
    "ecn",
    "a b",
  ),
  fc.string({ maxLength: 8 }),
);

interface Mutation {
  readonly where: number;
  readonly how: "delete" | "replace" | "add" | "swap";
  readonly key: string;
  readonly value: Json;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: fc.nat(),
  how: fc.constantFrom("delete", "replace", "add", "swap"),
  key: anyKey,
  value: anyValue,
});

/** Every map and list of the document, with its keys. */
function places(node: Json): { parent: Record<string, Json>; key: string }[] {
  if (typeof node !== "object" || node === null) return [];
  const parent = node as Record<string, Json>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...places(parent[key]!)]);
}

function mutate(document: Json, mutations: readonly Mutation[]): Json {
  for (const { where, how, key, value } of mutations) {
    const all = places(document);
    if (all.length === 0) return document;
    const { parent, key: at } = all[where % all.length]!;
    const other = all[(where * 7 + 3) % all.length]!;
    if (how === "delete") delete parent[at];
    else if (how === "replace") parent[at] = structuredClone(value);
    else if (how === "swap") parent[at] = structuredClone(other.parent[other.key] ?? null);
    else if (!Array.isArray(parent))
      Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return document;
}

/** A scenario, or an error with a message and a place. */
function demand(parse: () => unknown, placed: boolean): void {
  try {
    parse();
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    expect(cause.issues.length).toBeGreaterThan(0);
    for (const issue of cause.issues) {
      expect(issue.message.length).toBeGreaterThan(5);
      expect(issue.message).not.toMatch(/Invalid input|\bundefined\b|\[object|NaN/);
      if (placed) expect(issue.line ?? issue.set, JSON.stringify(issue)).toBeDefined();
    }
  }
}

test("a mutated scenario is read or refused, with a place", () => {
  const sample = fc.constantFrom(...Object.values(SAMPLES));
  fc.assert(
    fc.property(sample, fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
      const document = mutate(parseYaml(text) as Json, mutations);
      demand(() => parseScenario(document), false);
      demand(() => parseScenarioText(stringify(document)), true);
    }),
    { numRuns: 700 },
  );
});

test("overrides at random are applied or refused", () => {
  const sample = fc.constantFrom(...Object.values(SAMPLES));
  const step = fc.oneof(
    fc.constantFrom("links", "fabric", "rate", "workload", "size", "flows", "[0]", "topology"),
    anyKey,
  );
  const path = fc.array(step, { maxLength: 4 }).map((steps) => steps.join("."));
  const set = fc.oneof(
    fc.string(),
    fc
      .tuple(
        path,
        fc.oneof(
          anyValue.map((value) => stringify(value)),
          fc.string(),
        ),
      )
      .map(([at, value]) => `${at}=${value}`),
  );
  fc.assert(
    fc.property(sample, fc.array(set, { minLength: 1, maxLength: 3 }), (text, sets) => {
      demand(() => parseScenarioText(text, { set: sets }), true);
    }),
    { numRuns: 500 },
  );
});

test("text with characters changed is read or refused", () => {
  const sample = fc.constantFrom(...Object.values(SAMPLES));
  const patch = fc.record({
    at: fc.nat(),
    remove: fc.nat(4),
    insert: fc.oneof(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ":",
        "- ",
        "\n",
        "\t",
        "&a ",
        "*a",
        "!!set ",
        "? ",
        "|\n",
        '"',
        "'",
        "#",
        "---\n",
        "%",
      ),
      fc.string({ maxLength: 3, unit: "binary" }),
    ),
  });
  fc.assert(
    fc.property(sample, fc.array(patch, { minLength: 1, maxLength: 4 }), (text, patches) => {
      let changed = text;
      for (const { at, remove, insert } of patches) {
        const offset = at % (changed.length + 1);
        changed = changed.slice(0, offset) + insert + changed.slice(offset + remove);
      }
      demand(() => parseScenarioText(changed), true);
    }),
    { numRuns: 500 },
  );
});

test("any text at all is read or refused", () => {
  const token = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "-",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&x ",
    "*x",
    "!",
    "|",
    ">",
    "?",
    "'",
    '"',
    "%",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(token, { maxLength: 200 }).map((t) => t.join("")),
  );
  fc.assert(
    fc.property(text, (garbage) => demand(() => parseScenarioText(garbage), false)),
    { numRuns: 500 },
  );
});

test("any value at all is read or refused", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) =>
      demand(() => parseScenario(value), false),
    ),
    { numRuns: 500 },
  );
});
