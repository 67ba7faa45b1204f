import { describe, expect, test } from "vitest";
import { formatIssue } from "../../src/util/issue.js";
import { issuesOf, parse } from "./samples.js";

/** The one fault of a scenario. */
function oneIssue(text: string): string {
  const issues = issuesOf(text);
  expect(issues).toHaveLength(1);
  return formatIssue(issues[0]!);
}

const clos = (topology: string, rest: string) => `version: 1\ntopology: ${topology}\n${rest}\n`;

const CLOS = "{ kind: leaf-spine, gpus: 4, gpusPerNode: 1 }";
const NODES = "{ kind: leaf-spine, gpus: 4, gpusPerNode: 2 }";
const of = (workload: string, topology = CLOS) => clos(topology, `workload: { kind: collective, ${workload} }`);
const MATRIX = "0, 1KiB, 2, 3\\n4, 0, 5, 6\\n7, 8, 0, 9\\n1, 1, 1, 0";

test.each([
  ["all-reduce", "ring"],
  ["all-gather", "ring"],
  ["broadcast", "ring"],
  ["all-to-all", "direct"],
  ["gather", "direct"],
  ["send-recv", "direct"],
])("%s is done by %s where nothing is written", (collective, algorithm) => {
  expect(parse(of(`collective: ${collective}, size: 1MiB`)).scenario.workload).toMatchObject({
    ...{ collective, algorithm, sizeBytes: 2 ** 20, root: 0, repeat: 1 },
  });
});

test("a barrier has no size, and goes by dissemination", () => {
  expect(parse(of("collective: barrier")).scenario.workload).toMatchObject({ algorithm: "bruck", sizeBytes: 0 });
});

test("a root is a number or a name", () => {
  for (const root of ["3", "gpu-3"]) {
    const text = of(`collective: broadcast, size: 1B, root: ${root}`);
    expect(parse(text).scenario.workload).toMatchObject({ root: 3 });
  }
});

test("sizes are a matrix in CSV; what a rank has for itself is left out", () => {
  const { workload } = parse(
    of(`collective: all-to-all, sizes: "# from, to\\n${MATRIX.replace("8, 0", "8, 77")}"`),
  ).scenario;
  expect(workload).toMatchObject({ sizeBytes: 1029, sizes: { ranks: 4 } });
  const { sizes } = workload as { sizes: { bytes: Float64Array } };
  expect([...sizes.bytes]).toEqual([0, 1024, 2, 3, 4, 0, 5, 6, 7, 8, 0, 9, 1, 1, 1, 0]);
});

describe("refused, with what would do:", () => {
  test.each([
    [
      "collective: all-gather, algorithm: halving-doubling, size: 1B",
      "halving-doubling does no all-gather; write algorithm: ring, recursive-doubling, direct, pairwise, bruck, pat, hierarchical-ring or nvls",
    ],
    ["collective: send-recv, algorithm: ring, size: 1B", "ring does no send-recv; write algorithm: direct"],
    ["collective: all-reduce", "workload.size: missing; write the bytes of each rank's buffer, e.g. size: 256MiB"],
    ["collective: all-to-all", "or sizes: matrix.csv for unequal ones"],
    ["collective: barrier, size: 1B", "workload.size: a barrier moves no data; leave the size out"],
    ["collective: barrier, algorithm: tree, chunk: 1B", "workload.chunk: a barrier moves no data"],
    ["collective: all-reduce, size: 1B, root: 1", "workload.root: an all-reduce has no root; leave it out"],
    ["collective: reduce, size: 1B, root: 4", "workload.root: there is no rank 4; write one from 0 to 3"],
    ["collective: all-gather, sizes: a.csv", "workload.sizes: an all-gather has equal sizes; write one size"],
    [
      "collective: all-to-all, sizes: a.csv",
      'workload.sizes: "a.csv" names a file, which is read by the command line only',
    ],
    [`collective: all-to-all, size: 1B, sizes: "${MATRIX}"`, "workload.size: a size and sizes at once; leave one out"],
    [
      'collective: all-to-all, sizes: "0,1\\n1,0"',
      "workload.sizes: a matrix for 2 ranks, and there are 4; write 4 rows",
    ],
    ['collective: all-to-all, sizes: "0,1\\n1"', "workload.sizes: row 1 has 1 entries, and there are 2 rows"],
    ['collective: all-to-all, sizes: "0,-1\\n1,0"', 'workload.sizes: "-1" from rank 0 to rank 1 is no size'],
    [`collective: all-to-all, sizes: "${MATRIX.replace(/[1-9](KiB)?/g, "0")}"`, "no rank has anything for another"],
    [
      "collective: all-to-all, algorithm: pxn, size: 1B",
      "pxn needs nodes of several GPUs with a scale-up network; write algorithm: direct",
    ],
    ["collective: all-reduce, size: 1B, repeat: 0", "workload.repeat"],
  ])("%s", (workload, message) => {
    expect(oneIssue(of(workload))).toContain(message);
  });

  test("flow graphs that grow with the square of the ranks, before they are built", () => {
    const large = (gpus: number, workload: string) =>
      of(workload, `{ kind: fat-tree, tiers: 3, radix: 64, gpus: ${gpus} }`);
    expect(oneIssue(large(32_768, "collective: all-to-all, size: 1MiB"))).toContain(
      "direct makes 1073.7 million flows with 0 dependencies of 32768 ranks, more than 8.4 million and 16.8 million; write algorithm: bruck",
    );
    expect(oneIssue(large(1024, "algorithm: direct, size: 1MiB"))).toContain(
      "2.1 million flows with 1071.6 million dependencies",
    );
    expect(parse(large(2048, "collective: all-to-all, size: 1MiB")).warnings).toEqual([]);
    const chosen = (gpus: number) =>
      parse(large(gpus, "collective: all-to-all, algorithm: auto, size: 1MiB")).scenario.workload;
    expect(chosen(2048)).toMatchObject({ algorithm: "direct", isChosen: true });
    expect(chosen(32_768)).toMatchObject({ algorithm: "bruck", isChosen: true });
  });
});

test("one rank has nothing to do, and no pattern", () => {
  const alone = "{ kind: leaf-spine, gpus: 1, gpusPerNode: 1 }";
  expect(parse(of("algorithm: double-binary-tree, size: 1MiB", alone)).warnings).toEqual([]);
  const pattern = clos(alone, "workload: { kind: flows, pattern: ring, size: 1B }");
  expect(oneIssue(pattern)).toContain("workload.pattern: a pattern is between ranks, and there is one");
});

test("pxn and the hierarchical ones take nodes", () => {
  for (const workload of ["collective: all-to-all, algorithm: pxn", "algorithm: hierarchical-tree"]) {
    expect(parse(of(`${workload}, size: 1MiB`, NODES)).warnings).toEqual([]);
  }
});
