/** docs/reference/result.md lists every field that results have, and says when each is there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ScenarioDocument, SimulateOptions } from "../../src/index.js";
import { simulate } from "../../src/index.js";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

interface Row {
  readonly path: string;
  readonly type: string;
  readonly when: string;
}

const ROWS: readonly Row[] = [
  ...readFileSync(at("docs/reference/result.md"), "utf8").matchAll(
    /^\| `([^`]+)` \| (.*?) \| [^|]* \| (.*?) \| .+ \|$/gm,
  ),
].map(([, path, type, when]) => ({ path: path!, type: type!, when: when! }));
const LISTED = new Set(ROWS.map(({ path }) => path));

/** What is not ours to describe: the scenario as its author wrote it. */
const FREE = "scenario.document";

/** Paths of all fields of a value, those of the elements of a list under one path. */
function pathsOf(value: unknown, path: string): string[] {
  if (path === FREE) return [path];
  if (Array.isArray(value)) return value.flatMap((element) => pathsOf(element, `${path}[]`));
  const own = path === "" || path.endsWith("[]") ? [] : [path];
  if (typeof value !== "object" || value === null) return own;
  const prefix = path === "" ? "" : `${path}.`;
  return [...own, ...Object.entries(value).flatMap(([name, field]) => fieldPaths(field, `${prefix}${name}`))];
}

function fieldPaths(field: unknown, path: string): string[] {
  return [path, ...pathsOf(field, path)];
}

/** Sections of a value at a path; several where a list is on the way. */
function sectionsAt(value: unknown, parts: readonly string[]): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const [first, ...rest] = parts;
  if (first === undefined) return [value];
  const field = (value as Record<string, unknown>)[first.replace("[]", "")];
  const fields = first.endsWith("[]") ? ((field as unknown[] | undefined) ?? []) : [field];
  return fields.flatMap((it) => sectionsAt(it, rest));
}

/** Fields that a result lacks although their rows say "always". */
function lackingIn(result: unknown): string[] {
  return ROWS.filter(({ when }) => when === "always").flatMap(({ path }) => {
    const parts = path.split(".");
    const sections = sectionsAt(result, parts.slice(0, -1));
    return sections.every((section) => Object.hasOwn(section as object, parts.at(-1)!)) ? [] : [path];
  });
}

const example = (name: string) => parse(readFileSync(at(`examples/${name}/scenario.yaml`), "utf8")) as ScenarioDocument;
const fabric = { kind: "leaf-spine", gpus: 16, gpusPerNode: 4, radix: 16 } as const;
const collective = { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "1MiB" } as const;
const classes = [{ name: "data" }, { name: "bulk" }];
const incast = [1, 2, 3].map((src) => ({ src: 4 * src, dst: 0, size: "4MiB" }));
/** A collective after some work, recorded. */
const loop = {
  kind: "program",
  communicators: [{ name: "all", collective: "all-reduce", algorithm: "ring", size: "1MiB" }],
  roles: [{ name: "trainer", streams: [{ do: [{ compute: "10us", label: "step" }, { collective: "all" }] }] }],
  record: { ranks: [0] },
};
const link = { from: "leaf-0", to: "spine-0" };

const RUNS: readonly (readonly [string, ScenarioDocument, SimulateOptions])[] = [
  ["a collective", { topology: fabric, workload: collective }, { explain: true, withFlows: true }],
  [
    "a choice of NCCL",
    {
      topology: fabric,
      links: { access: { optic: "dr4", breakout: 2 }, fabric: { rate: "800Gbps", optic: "dr8" } },
      workload: { ...collective, algorithm: "auto" },
    },
    {},
  ],
  [
    "background traffic and several classes",
    {
      topology: { ...fabric, gpusPerNode: 1 },
      classes,
      workload: {
        ...collective,
        class: "data",
        background: { flows: [{ src: 0, dst: 9, size: "1MiB", class: "bulk" }] },
      },
    } as ScenarioDocument,
    { pauses: true, withFlows: true },
  ],
  [
    "a broadcast in groups",
    {
      topology: fabric,
      workload: {
        ...collective,
        collective: "broadcast",
        root: 1,
        repeat: 2,
        ranks: [
          [0, 1, 2, 3],
          [4, 5, 6, 7],
        ],
      },
    } as ScenarioDocument,
    {},
  ],
  [
    "an incast in classes",
    { topology: fabric, switch: { buffer: "4MiB" }, classes, workload: { kind: "flows", flows: incast } },
    { pauses: true },
  ],
  ["pauses", { ...example("pause-storm"), routing: { policy: "adaptive" } } as ScenarioDocument, { pauses: true }],
  ["credit", example("credit-two-halls"), { pauses: true }],
  ["a time limit", { topology: fabric, timeLimit: "5us", workload: { kind: "flows", flows: incast } }, {}],
  [
    "faults",
    {
      topology: { ...fabric, gpusPerNode: 1 },
      workload: { kind: "flows", pattern: "shift", by: 8, size: "1MiB" },
      faults: [
        { kind: "degraded-link", ...link, frameLossRatio: 0.01 },
        { kind: "optic-drift", from: "leaf-1", to: "spine-0", temperature: [["0s", "40C"]] },
        { kind: "link-down", ...link, index: 0, start: "5us", until: "50us" },
      ],
    } as ScenarioDocument,
    { explain: true },
  ],
  ["jobs", example("two-jobs"), { explain: true }],
  ["a job that is a program", { topology: fabric, jobs: [{ name: "loop", ranks: 2, workload: loop }] }, {}],
  ["a program", example("training-loop"), {}],
  ["a training step", example("llama-3-8b-16"), {}],
  [
    "custom routing",
    { topology: fabric, routing: { policy: "custom" }, workload: collective } as ScenarioDocument,
    { policy: () => 0 },
  ],
];

/** Fields of long lists that were cut, of files, and of options of the command line. */
const UNTRIED = new Set([
  ...["criticalPath.segmentsLeftOut", "pauses.trees[].portsLeftOut", "pauses.trees[].victimsLeftOut"],
  ...["pauses.treesLeftOut", "pauses.treesLeftOut.count"],
  ...["pauses.treesLeftOut.pausedNs", "pauses.treesLeftOut.creditWaitNs"],
  ...["workload.format", "workload.ranks", "jobs[].workload.format", "jobs[].workload.ranks"],
  "jobs[].slowdown",
]);

describe("docs/reference/result.md", () => {
  const seen = new Set<string>();

  it.each(RUNS)("lists every field of %s", async (_, document, options) => {
    const result = JSON.parse(JSON.stringify(await simulate(document, options)));
    const paths = new Set(pathsOf(result, ""));
    for (const path of paths) seen.add(path);
    expect([...paths].filter((path) => !LISTED.has(path))).toEqual([]);
    expect(lackingIn(result)).toEqual([]);
  });

  it("is tried out on all of its fields, but a few", () => {
    const rest = ROWS.map(({ path }) => path).filter((path) => !seen.has(path) && !UNTRIED.has(path));
    // A job's fields are those of a scenario with one.
    const twin = (path: string) => (path.startsWith("jobs[].") ? path.slice("jobs[].".length) : `jobs[].${path}`);
    expect(rest.filter((path) => !seen.has(twin(path)))).toEqual([]);
  });
});
