import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import type { FlowTable } from "../../src/scenario/types/flow-table.js";
import { MAX_FLOWS } from "../../src/scenario/types/patterns.js";
import { readFlowFile } from "../../src/study/flow-files/read-file.js";
import { readParquet } from "../../src/study/flow-files/read-parquet.js";
import { formatIssue } from "../../src/util/issue.js";

const DATA = "test/data/flow-files";
const folder = mkdtempSync(join(tmpdir(), "heddle-flows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classes = [{ name: "bulk" }, { name: "urgent", priority: 1 }];
const topology = { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 };
const scenario = (workload: object) => ({ version: 1, topology, classes, workload: { kind: "flows", ...workload } });
const LISTED = [
  { src: 0, dst: 1, size: "64KiB" },
  { src: 1, dst: 2, size: "4KiB", start: "1us" },
  { src: 2, dst: 3, size: "1536B", start: "2500ns", class: "urgent" },
  { src: 3, dst: 0, size: "64KiB" },
];

const parsed = (table: FlowTable, more = {}) =>
  parseScenario(scenario({ file: table.file, ...more }), {
    flowFiles: (name) => (name === table.file ? table : undefined),
  }).scenario;

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

function parquet(): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "dst", data: [1, 2, 3, 0], type: "INT32" },
        { name: "src", data: [0, 1, 2, 3], type: "INT32" },
        { name: "bytes", data: [65536n, 4096n, 1536n, 65536n], type: "INT64" },
        { name: "startNs", data: [0, 1000, 2500, 0], type: "DOUBLE" },
        { name: "class", data: ["bulk", null, "urgent", "bulk"], type: "STRING" },
      ],
    }),
  );
}

async function faults(read: Promise<unknown>): Promise<string[]> {
  try {
    await read;
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause;
    return cause.issues.map(formatIssue);
  }
  return [];
}

describe("flows of a file", () => {
  test("are those of a list, in every format", async () => {
    const { workload } = parseScenario(scenario({ flows: LISTED })).scenario;
    const tables = [
      await readFlowFile("flows.csv", DATA),
      await readFlowFile("flows.ndjson", DATA),
      await readFlowFile(write("flows.parquet", parquet()), folder),
    ];
    for (const table of tables) expect(parsed(table).workload).toEqual({ ...workload, flowsDigest: table.digest });
  });

  test("run like those of a list", async () => {
    const [file, list] = await Promise.all([
      simulate(parsed(await readFlowFile("flows.csv", DATA))),
      simulate(parseScenario(scenario({ flows: LISTED })).scenario),
    ]);
    expect(file.engine.digest).toBe(list.engine.digest);
  });

  test("may be the background of a collective", async () => {
    const table = await readFlowFile("flows.csv", DATA);
    const background = { kind: "collective", size: "1MiB", background: { file: "flows.csv" } };
    const { workload } = parseScenario({ ...scenario({}), workload: background }, { flowFiles: () => table }).scenario;
    expect(workload).toMatchObject({ background: { length: 4 }, backgroundDigest: table.digest });
  });

  test("a scenario's digest follows from the content of the file, not from its name", async () => {
    const text = readFileSync(join(DATA, "flows.csv"), "utf8");
    const digestOf = async (name: string, content: string) =>
      scenarioDigest(parsed(await readFlowFile(write(name, content), folder)));
    expect(await digestOf("a.csv", text)).toBe(await digestOf("b.csv", text));
    expect(await digestOf("c.csv", text.replace("1.5KiB", "2KiB"))).not.toBe(await digestOf("a.csv", text));
  });

  test("are missing where nobody has read them", () => {
    expect(() => parseScenario(scenario({ file: "flows.csv" }))).toThrow(/have not been read/);
  });
});

describe("a fault in a file", () => {
  test.each([
    [
      "src,dst,bytes\n0,1,4096\n1,2,-5\n2,2,1\n",
      ["2:", '3:1: bytes is "-5"', "4:1: a flow from a rank to itself"].slice(1),
    ],
    ["src,dst,size\n0,1,4096\n0,1,4XB\n", ['2:1: size: "4096" has no unit', '3:1: size: "4XB" has no unit of a size']],
    ["src,dst,bytes\n0,1\n", ["2:1: 2 fields; there are 3 columns"]],
    ['src,dst,bytes\n0,"1,5\n', ["2:1: not CSV"]],
    ["src,dst,bytes\n,1,5\n", ["2:1: src is missing"]],
    ["src,dst,bytes\n1e3,1,5\n9999999,1,5\n", ['3:1: src is "9999999"']],
    ["src,dst,bytes,startNs\n0,1,5,0.0001\n0,1,5,1e9\n", ['2:1: startNs is "0.0001"', '3:1: startNs is "1e9"']],
    ["src,dst\n0,1\n", ["1:1: write one of the columns size"]],
    ["src,dst,bytes,size\n", ["1:1: write one of the columns size"]],
    ["src,dst,byts\n", ['1:1: unknown column "byts" (did you mean "bytes"?)']],
    ["src,dst,bytes,src\n", ["1:1: the column src is there twice"]],
    ["", ["the file is empty"]],
    ["src,dst,bytes\n", ["there are no flows"]],
    [`src,dst,bytes\n${"x".repeat(70_000)}`, ["2:1: a line is longer"]],
  ])("of CSV %j is named with its line", async (text, expected) => {
    const found = await faults(readFlowFile(write("bad.csv", text), folder));
    expect(found).toHaveLength(expected.length);
    for (const [i, part] of expected.entries()) expect(found[i]).toContain(part);
    for (const line of found) expect(line).toMatch(/^bad\.csv:/);
  });

  test("of NDJSON is named with its line", async () => {
    const lines = [
      '{"src":0,"dst":1,"bytes":1}',
      "{",
      "[1]",
      '{"src":{},"dst":1,"bytes":1}',
      '{"src":0,"dst":1,"bytes":1.5}',
    ];
    const found = await faults(readFlowFile(write("bad.ndjson", lines.join("\n")), folder));
    expect(found.map((line) => line.slice(0, 14))).toEqual([2, 3, 4, 5].map((line) => `bad.ndjson:${line}:1`));
    const unknown = await faults(readFlowFile(write("worse.ndjson", `${lines[0]}\n{"__proto__":1}`), folder));
    expect(unknown[0]).toContain('worse.ndjson:2:1: unknown column "__proto__"');
  });

  test("that shows only in the scenario is named with its line", async () => {
    const text = "src,dst,bytes,class\n0,4,1,bulk\ngpu-9,1,1,bulk\n0,1,1,bulkk\n0,gpu-0,1,bulk\n";
    const table = await readFlowFile(write("wrong.csv", text), folder);
    const found = await faults((async () => parsed(table))());
    expect(found.map((line) => line.replace("workload.file: ", ""))).toEqual([
      "wrong.csv:2:1: there is no rank 4; write a rank from 0 to 3, or its name",
      "wrong.csv:3:1: there is no gpu-9; write a rank from 0 to 3, or its name",
      'wrong.csv:4:1: there is no class bulkk (did you mean "bulk"?); classes are bulk, urgent',
      "wrong.csv:5:1: a flow from a rank to itself; name two ranks",
    ]);
  });

  test("of thousands is counted, not listed", async () => {
    const found = await faults(readFlowFile(write("many.csv", `src,dst,bytes\n${"0,0,1\n".repeat(5000)}`), folder));
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe("many.csv: and 4900 more");
  });

  test("more flows than a scenario may have are refused", async () => {
    const text = `src,dst,bytes\n${"0,1,1\n".repeat(MAX_FLOWS + 1)}`;
    const [found] = await faults(readFlowFile(write("huge.csv", text), folder));
    expect(found).toContain(`more than ${MAX_FLOWS} flows`);
  });
});

describe("a file that is none", () => {
  test("is refused: outside of the folder, missing, a directory, of another format, not text", async () => {
    mkdirSync(join(folder, "inner"), { recursive: true });
    mkdirSync(join(folder, "dir.csv"), { recursive: true });
    symlinkSync(join(folder, "x.csv"), join(folder, "inner", "link.csv"));
    write("x.csv", "src,dst,bytes\n0,1,1\n");
    write("latin.csv", Uint8Array.of(0xe4, 0x0a));
    const inner = join(folder, "inner");
    const refused = [
      [await faults(readFlowFile("../x.csv", inner)), "outside of the scenario's folder"],
      [await faults(readFlowFile("link.csv", inner)), "outside of the scenario's folder"],
      [await faults(readFlowFile(join(folder, "x.csv"), inner)), "a path from the scenario's folder"],
      [await faults(readFlowFile("none.csv", folder)), "there is no such file"],
      [await faults(readFlowFile("dir.csv", folder)), "is no file"],
      [await faults(readFlowFile("x.txt", folder)), "name a file .csv, .ndjson, .jsonl, .parquet"],
      [await faults(readFlowFile("latin.csv", folder)), "not UTF-8"],
    ] as const;
    for (const [found, part] of refused) expect(found).toEqual([expect.stringContaining(part)]);
  });

  test("Parquet that is cut off, changed, or that the decoder never ends with, is an error", async () => {
    const whole = parquet();
    const changed = (at: number, byte: number) => whole.map((old, i) => (i === at ? byte : old));
    // A count of the first page: the decoder goes round for ever.
    const files = [whole.slice(0, 300), changed(whole.length - 6, 0xff), changed(11, 0), new Uint8Array(0)];
    for (const bytes of files) {
      const path = join(folder, write("cut.parquet", bytes));
      const file = { path, name: "cut.parquet", byteLength: bytes.length, digest: "" };
      expect(await faults(readParquet(file, 3000))).toEqual([
        expect.stringContaining("cut.parquet: cannot be read as"),
      ]);
    }
  });

  test("text of any bytes is an error of the scenario, or read", async () => {
    const cell = fc.oneof(
      fc.constantFrom("0", "1", "4KiB", '"', ",", "\n", "src", "{", "}", ":", "null", "1e9"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell), fc.constantFrom("any.csv", "any.ndjson"), async (cells, name) => {
        const head = name === "any.csv" ? "src,dst,bytes\n" : "";
        const found = await faults(readFlowFile(write(name, head + cells.join("")), folder));
        for (const line of found) expect(line.startsWith(name)).toBe(true);
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 200) },
    );
  });
});
