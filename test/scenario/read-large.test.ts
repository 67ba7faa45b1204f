import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { LARGE_TEXT, MAX_COPIES } from "../../src/scenario/document/limits.js";
import { toPlain } from "../../src/scenario/document/node.js";
import { readLarge } from "../../src/scenario/document/read-large.js";
import { readText } from "../../src/scenario/document/read-text.js";

const EXAMPLES = readdirSync("examples")
  .map((name) => `examples/${name}/scenario.yaml`)
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, "utf8"));

/** By the reader of small texts, and of large ones: behind as much space as makes it large. */
function both(text: string) {
  return [readText(text, undefined), readText(`${text}${" ".repeat(LARGE_TEXT)}\n`, undefined)] as const;
}

it.each(EXAMPLES)("an example is the same document with the same places, large or not", (text) => {
  const [small, large] = both(text);
  expect(small).toHaveProperty("root");
  expect(large).toEqual(small);
});

it("random documents have the same values, in every style", () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      "",
      "~",
      "0x1F",
      "0o17",
      "1_000",
      "+1",
      "-0",
      "1.",
      ".5",
      "1e3",
      "1e",
      "True",
      "yes",
      "null",
      "nan",
    ),
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/).filter((name) => name !== "constructor");
  const { document } = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: "small" }, scalar, tie("list"), tie("map")),
    list: fc.array(tie("node"), { maxLength: 5 }),
    map: fc.dictionary(key, tie("node"), { maxKeys: 5 }),
    document: fc.record({ a: tie("node"), b: tie("list"), c: tie("map") }),
  }));
  const style = fc.record({
    collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
    defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
  });
  fc.assert(
    fc.property(document, style, (value, style) => {
      const text = stringify(value, style);
      const [small] = [readText(text, undefined)];
      fc.pre("root" in small);
      const root = readLarge(text, () => ({ from: "value" }));
      expect(toPlain(root!)).toEqual(toPlain((small as { root: Parameters<typeof toPlain>[0] }).root));
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 300) },
  );
});

const message = (result: ReturnType<typeof readText>) => ("issues" in result ? result.issues : []);

it.each([
  ["a: 1\nb: 2\na: 3\n", 'the key "a" is given twice'],
  ["a: { __proto__: 1 }\n", 'the key "__proto__" is not allowed'],
  ["a: .nan\n", "not a finite number; write one that is"],
  ["a: *x\n", "there is no anchor &x before this alias"],
  ["a: &x [1, *x]\n", "the alias *x contains itself"],
  ["[1]: 2\n", "a key must be plain text"],
  [`${"[".repeat(40)}${"]".repeat(40)}\n`, "nested deeper than 32 levels"],
  ["a: 1\n---\nb: 2\n", "the text holds several documents; write one (no second ---)"],
])("says the same of %j", (text, expected) => {
  const [small, large] = both(text).map(message);
  expect(small![0]!.message).toBe(expected);
  expect(large![0]!.message).toBe(expected);
  expect(large![0]).toMatchObject({ line: small![0]!.line });
});

it("tells where the text is not YAML", () => {
  const [, large] = both("a: 1\nb: [1, 2\nc: 3\n").map(message);
  expect(large).toMatchObject([{ message: expect.stringMatching(/^not valid YAML: /), line: 3 }]);
});

it("refuses more values than it has memory for before it parses them", () => {
  const [text, deep] = ["1,".repeat(21_000_000), `${"[".repeat(30)}${"]".repeat(30)},`.repeat(400_000)];
  for (const items of [text, deep]) {
    expect(message(readText(`[${items}1]`, undefined))[0]!.message).toMatch(/^more than 6000000 values: write/);
  }
});

it("bounds what aliases stand for", () => {
  const lists = Array.from({ length: 9 }, (_, i) => `l${i}: &l${i} [${Array(9).fill(i === 0 ? "1" : `*l${i - 1}`)}]\n`);
  const [, large] = both(lists.join("")).map(message);
  expect(large![0]!.message).toMatch(new RegExp(`more than ${MAX_COPIES} values`));
});
