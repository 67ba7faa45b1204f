import { describe, expect, it, test } from "vitest";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { gpusPerNodeOf, placeJobs } from "../../src/scenario/types/placement.js";
import { parseDistribution } from "../../src/scenario/types/read-distribution.js";
import type { JobsWorkload } from "../../src/scenario/types/scenario.js";
import { meanBytes, SIZE_DISTRIBUTIONS, sizeAt } from "../../src/scenario/types/size-distributions.js";
import { messagesOf } from "./samples.js";

const FABRIC = "topology: { kind: leaf-spine, gpus: 32, gpusPerNode: 4, radix: 16 }";
const RING = "workload: { kind: collective, size: 1MiB }";

function jobsOf(text: string) {
  return (parseScenarioText(`${FABRIC}\n${text}`).scenario.workload as JobsWorkload).jobs;
}

describe("placement", () => {
  const job = (
    count: number | undefined,
    placement: "packed" | "strided" | "random" = "packed",
    background = false,
  ) => ({
    count,
    placement,
    background,
  });

  it("gives whole nodes to jobs that fill them, in order, evenly or at random", () => {
    const [packed, strided, rest] = placeJobs([job(8), job(12, "strided"), job(undefined)], 32, 4, 1);
    expect(packed).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // Of the nodes 2 to 7, every second one.
    expect(strided).toEqual([8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
    expect(rest).toEqual([12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]);
    const [drawn] = placeJobs([job(16, "random")], 32, 4, 7) as number[][];
    expect(new Set(drawn!.map((rank) => Math.floor(rank / 4))).size).toBe(4);
    expect(placeJobs([job(16, "random")], 32, 4, 7)).toEqual([drawn]);
    expect(placeJobs([job(16, "random")], 32, 4, 8)).not.toEqual([drawn]);
  });

  it("gives single ranks to others, and says how many are left where there are too few", () => {
    const listed = { count: undefined, placement: [0, 2, 5], background: false };
    const [small, chosen, large] = placeJobs([job(3), listed, job(30)], 32, 4, 1);
    expect(small).toEqual([1, 3, 4]);
    expect(chosen).toEqual([0, 2, 5]);
    expect(large).toEqual({ free: 26 });
    const [behind] = placeJobs([job(undefined, "packed", true)], 8, 4, 1);
    expect(behind).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("finds the nodes in a list of ranks", () => {
    expect(gpusPerNodeOf([0, 1, 2, 3, 8, 9, 10, 11], 4)).toBe(4);
    expect(gpusPerNodeOf([2, 3, 6, 7], 4)).toBe(2);
    expect(gpusPerNodeOf([0, 1, 4], 4)).toBe(1);
    expect(gpusPerNodeOf([0, 4, 1, 5], 4)).toBe(1);
    expect(gpusPerNodeOf([0, 4, 8], 4)).toBe(1);
  });
});

describe("jobs", () => {
  it("have ranks of their own, and workloads on these", () => {
    const [a, b] = jobsOf(`jobs: [{ ranks: 8, ${RING} }, { name: b, placement: [gpu-31, 3], start: 1us,
      workload: { kind: flows, flows: [{ src: gpu-31, dst: 1, size: 1KiB }] } }]`);
    expect(a).toMatchObject({ name: "job-0", startPs: 0, workload: { channels: 4 } });
    // The first two nodes without a rank of b.
    expect(a!.ranks).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(b).toMatchObject({ name: "b", ranks: [31, 3], startPs: 1e6 });
    expect(b!.workload).toMatchObject({ flows: [{ src: 0, dst: 1 }] });
  });

  test.each([
    [`jobs: [{ ${RING} }]\n${RING}`, "jobs and a workload at once"],
    [`jobs: [{ ranks: 20, ${RING} }, { ranks: 16, ${RING} }]`, "no room for 16 ranks: the other jobs leave 12"],
    [`jobs: [{ ranks: 64, ${RING} }]`, "jobs[0].ranks: 64 ranks of 32"],
    [`jobs: [{ placement: [1, 40], ${RING} }]`, "jobs[0].placement[1]: there is no rank 40"],
    [`jobs: [{ placement: [1, gpu-1], ${RING} }]`, "rank gpu-1 is listed twice"],
    [`jobs: [{ background: true, ${RING} }]`, "all jobs are in the background"],
    ["jobs: [{ workload: { kind: jobs } }]", "supported: collective, flows, program, training-step, trace"],
    ["jobs: [{ workload: { kind: trace } }]", "jobs[0].workload.format: missing"],
    [`jobs: [{ name: a, ranks: 2, ${RING} }, { name: a, ${RING} }]`, "there is a job a already"],
    [`jobs: [{ ranks: 4, workload: { kind: flows, flows: [{ src: 0, dst: 4, size: 1B }] } }]`, "there is no rank 4"],
    [
      `jobs: [{ ranks: 3, workload: { kind: collective, algorithm: hierarchical-ring, size: 1MiB } }, { ranks: 2,
      placement: [0, 4], workload: { kind: collective, algorithm: hierarchical-ring, size: 1MiB } }]`,
      "jobs[1].workload.algorithm",
    ],
    [
      `workload: { kind: collective, size: 1MiB, ranks: [[0, 1], [1, 1]] }`,
      "workload.ranks[1][1]: rank 1 is listed twice",
    ],
    [`workload: { kind: collective, size: 1MiB, ranks: [0, 99] }`, "there is no rank 99"],
  ])("%s: %s", (text, message) => {
    expect(messagesOf(`${FABRIC}\n${text}`)).toContain(message);
  });
});

describe("flows that wait", () => {
  const flows = (list: string) => `${FABRIC}\nworkload: { kind: flows, flows: [${list}] }`;

  it("name flows by number or by name", () => {
    const text = flows(
      "{ name: first, src: 0, dst: 1, size: 1B }, { src: 1, dst: 2, size: 1B, after: [first, 2] }, { src: 0, dst: 1, size: 1B }",
    );
    expect(parseScenarioText(text).scenario.workload).toMatchObject({ flows: [{}, { after: [0, 2] }, {}] });
  });

  test.each([
    [
      "{ src: 0, dst: 1, size: 1B }, { src: 2, dst: 1, size: 1B, after: [0] }",
      "flow 1 starts at 2 and cannot know of flow 0",
    ],
    [
      "{ src: 0, dst: 1, size: 1B, after: [1] }, { src: 1, dst: 0, size: 1B, after: [0] }",
      "in a circle: 0 after 1 after 0",
    ],
    ["{ src: 0, dst: 1, size: 1B, after: [0] }", "in a circle: 0 after 0"],
    ["{ src: 0, dst: 1, size: 1B, after: [7] }", "there is no flow 7"],
    ["{ name: one, src: 0, dst: 1, size: 1B }, { src: 1, dst: 0, size: 1B, after: [ome] }", 'did you mean "one"?'],
  ])("%s: %s", (list, message) => {
    expect(messagesOf(flows(list))).toContain(message);
  });
});

describe("random arrivals", () => {
  it("have the mean sizes that are published, and the load that is asked for", () => {
    // In packets of 1460 bytes; pFabric states 5,117 for data mining.
    expect(meanBytes(SIZE_DISTRIBUTIONS["web-search"].points) / 1460).toBeCloseTo(1172.1, 0);
    expect(meanBytes(SIZE_DISTRIBUTIONS["data-mining"].points) / 1460).toBeCloseTo(5116.6, 0);
    expect(sizeAt(SIZE_DISTRIBUTIONS["web-search"].points, 0.53)).toBe(80_000);
    const text = `topology: { kind: leaf-spine, gpus: 32, gpusPerNode: 1, radix: 16, oversubscription: 2 }
workload: { kind: flows, pattern: poisson, distribution: hadoop, load: 0.5, duration: 10ms }`;
    const { workload } = parseScenarioText(text).scenario;
    const { flows } = workload as Extract<typeof workload, { kind: "flows" }>;
    const sent = flows.reduce((sum, { bytes }) => sum + bytes, 0) * 8;
    // Half of 32 links of 400 Gb/s, and half of that again.
    expect(sent / (0.25 * 32 * 400e9 * 10e-3)).toBeCloseTo(1, 1);
    expect(flows.every(({ src, dst, startPs }) => src !== dst && src < 32 && dst < 32 && startPs < 10e9)).toBe(true);
    expect(parseScenarioText(text).scenario).toEqual(parseScenarioText(text).scenario);
  });

  it("take sizes from a file, in per cent or as shares", () => {
    expect(parseDistribution("bytes, share\n# comment\n100, 0.25\n200, 1\n")).toEqual([
      [100, 25],
      [200, 100],
    ]);
    expect(parseDistribution("0 0\n10000 15\n20000 100")).toEqual([
      [0, 0],
      [10_000, 15],
      [20_000, 100],
    ]);
    expect(() => parseDistribution("1,2\nx,y")).toThrow("line 2");
    const text = (file: string) =>
      `${FABRIC}\nworkload: { kind: flows, pattern: poisson, distribution: ${file}, load: 0.1, duration: 1us }`;
    const readFile = (path: string) => {
      if (path !== "sizes.csv") throw new Error("cannot be read: there is no such file");
      return "1000,100";
    };
    const { workload } = parseScenarioText(text("sizes.csv"), { readFile }).scenario;
    const { flows } = workload as Extract<typeof workload, { kind: "flows" }>;
    expect(new Set(flows.map(({ bytes }) => bytes))).toEqual(new Set([1000]));
    expect(() => parseScenarioText(text("none.csv"), { readFile })).toThrow("none.csv: cannot be read");
    expect(messagesOf(text("sizes.csv"))).toContain("was not read");
  });

  test.each([
    ["pattern: poisson, load: 0.5, duration: 1ms", "poisson needs a distribution"],
    ["pattern: poisson, distribution: rpc, load: 0.5, duration: 1s", "at most 1048576; write"],
    ["pattern: poisson, distribution: [[0, 0], [5, 50]], load: 0.5, duration: 1s", "the last share must be 100"],
    ["pattern: shift, size: 1MiB, load: 0.5", "load is nothing that shift takes"],
    ["pattern: poisson, distribution: rcp, load: 0.5, duration: 1us", "not a distribution of sizes"],
  ])("%s: %s", (fields, message) => {
    expect(messagesOf(`${FABRIC}\nworkload: { kind: flows, ${fields} }`)).toContain(message);
  });
});
