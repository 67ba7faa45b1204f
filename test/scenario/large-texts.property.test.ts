import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IssueList } from "../../src/scenario/document/issues.js";
import { type DocNode, DocumentError, type Origin } from "../../src/scenario/document/node.js";
import { readDocument } from "../../src/scenario/document/read-text.js";
import { regularRows } from "../../src/scenario/document/regular-rows.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";

const at = ({ line, column }: Extract<Origin, { from: "text" }>) => `${line}:${column}`;

/** Values, keys and all places. */
function shown(node: DocNode): unknown {
  const place = at(node.origin as Extract<Origin, { from: "text" }>);
  if (node.type === "scalar") return [place, node.value];
  if (node.type === "list") return [place, node.items.map(shown)];
  const entries = [...node.entries].map(([key, entry]) => [key, at(entry.keyOrigin as never), shown(entry.node)]);
  return [place, entries];
}

function read(text: string, isLarge: boolean): unknown {
  const issues = new IssueList("x.yaml");
  try {
    const root = readDocument(text, (line, column) => ({ from: "text", line, column }), issues, isLarge);
    return { root: root && shown(root), issues: issues.list() };
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    return { fault: cause.message, path: cause.path, place: at(cause.origin as never) };
  }
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.nat(40_000).map(String) },
  { weight: 4, arbitrary: fc.constantFrom("1MiB", "4096B", "1.5us", "gpu-3", "host_1", '"a b"', "'x: y'", '""') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ..."null|true|False|~|0x1f|0o17|1e5|.inf|-3|+4|1_000|0xab|007|1.5|12345678901234567890|a#b|a b|*a|&b 1|!!str 3".split(
        "|",
      ),
      ...[
        "|\n        text",
        "1 # why",
        "",
        "[1, 2]",
        "{ a: 1 }",
        '"\\n"',
        "'it''s'",
        "a\n        b",
        "-",
        "a:b",
        "2026-11-30",
      ],
    ),
  },
);
const key = fc.constantFrom("src", "dst", "size", "start", '"class"', "'note'", "a_b");
const pairs = fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 4, selector: ([name]) => name });

/** One item of a list, in one of the ways of writing it. */
const item = (indent: string) =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(pairs, fc.boolean(), fc.constantFrom("", "  "))
        .map(([given, isFlow, end]) =>
          isFlow
            ? `${indent}- { ${given.map(([k, v]) => `${k}: ${v}`).join(", ")} }${end}`
            : `${indent}- ${given.map(([k, v]) => `${k}: ${v}${end}`).join(`\n${indent}  `)}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...[
          "",
          "# note",
          "- ",
          "-",
          `${indent}-   src: 1`,
          `${indent}- src: 1\n${indent}   dst: 2`,
          "---",
          "...",
          "\t- src: 1",
        ],
        ...[
          `${indent}- src: 1\n${indent}  src: 2`,
          `${indent}- __proto__: 1`,
          `${indent}- - src: 1`,
          `  ${indent}- src: 1`,
        ],
        ...[
          `${indent}- { src: 1,\n${indent}   dst: 2 }`,
          `${indent}- src: 1\n${indent}    more`,
          `${indent}- {src: 1,dst: 2}`,
        ],
      ),
    },
  );

const document = fc
  .record({
    indent: fc.constantFrom("", "  ", "    "),
    head: fc.constantFrom("", "text: |\n", 'text: "\n', "list: [\n", "%YAML 1.1\n---\nlist:\n"),
    newline: fc.constantFrom("\n", "\n", "\n", "\r\n"),
    end: fc.constantFrom("", "\n", "\nafter: 1\n", '"\n', "]\n"),
  })
  .chain(({ indent, head, newline, end }) =>
    fc.array(item(indent), { minLength: 1, maxLength: 12 }).map((items) => {
      // Most items again and again, so that there are runs.
      const rows = items.flatMap((text, i) => Array.from({ length: i % 3 === 0 ? 1 : 70 }, () => text));
      return `${head === "" ? "list:\n" : head}${rows.join("\n")}${end}`.replaceAll("\n", newline);
    }),
  );

describe("large texts", () => {
  test("mean the same, with the same places and faults, read by rows or by the YAML reader", () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(read(text, true)).toEqual(read(text, false));
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 60) },
    );
  });

  test("mean the same as JSON", () => {
    const json = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(
        fc.constantFrom("src", "dst", "7", "__proto__", "constructor", "a b"),
        fc.jsonValue({ maxDepth: 2 }),
      ),
    );
    const spaced = fc
      .tuple(json, fc.constantFrom(0, 2))
      .map(([given, space]) => JSON.stringify({ list: given }, null, space));
    fc.assert(
      fc.property(spaced, fc.constantFrom("", ',"list":1', ",", "]", "# x", ' "a": 1'), (text, more) => {
        const whole = `${text.slice(0, -1)}${more}}`;
        expect(read(whole, true)).toEqual(read(whole, false));
      }),
      { numRuns: 2 * Number(process.env.HEDDLE_RUNS ?? 100) },
    );
  });

  test("rows are found in lists of either form", () => {
    const flow = Array.from({ length: 100 }, (_, i) => `  - { src: ${i}, dst: 1, size: 1MiB }`).join("\n");
    const block = Array.from({ length: 100 }, (_, i) => `- src: ${i}\n  dst: 1\n  size: 1MiB`).join("\n");
    expect(regularRows(`a:\n${flow}\nb:\n${block}\n`).map(({ rows }) => rows.length)).toEqual([98, 98]);
  });

  test.each(["yaml", "json"])("a fault deep in %s is shown with its place", (format) => {
    const flows = Array.from({ length: 2000 }, (_, i) => ({
      src: i % 8,
      dst: (i + 1) % 8,
      size: i === 1500 ? "1MX" : "1MiB",
    }));
    const rows = flows.map(({ src, dst, size }) => `    - { src: ${src}, dst: ${dst}, size: ${size} }`);
    const head = "version: 1\ntopology: { kind: leaf-spine, gpus: 8 }\nworkload:\n  kind: flows\n  flows:\n";
    const scenario = { version: 1, topology: { kind: "leaf-spine", gpus: 8 }, workload: { kind: "flows", flows } };
    const text = format === "yaml" ? `${head}${rows.join("\n")}\n` : JSON.stringify(scenario, null, 1);
    let error: unknown;
    try {
      parseScenarioText(text, { file: "x" });
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(ScenarioError);
    const [issue, ...others] = (error as ScenarioError).issues;
    expect(others).toEqual([]);
    expect(issue?.path).toBe("workload.flows[1500].size");
    const line = text.split("\n").findIndex((it) => it.includes("1MX")) + 1;
    expect([issue?.line, issue?.column]).toEqual([line, text.split("\n")[line - 1]!.search(/"?1MX/) + 1]);
  });
});
