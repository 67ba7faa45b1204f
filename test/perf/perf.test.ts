import { afterAll, describe, expect, it, test } from "vitest";
import { styleFor } from "../../src/answer/text/style.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { RunPool } from "../../src/study/batch/pool.js";
import { perfChart } from "../../src/study/charts/perf.js";
import { readMeasured } from "../../src/study/perf/measured.js";
import { runPerf } from "../../src/study/perf/perf.js";
import { sizesOf } from "../../src/study/perf/sizes.js";
import { float, formatPerf } from "../../src/study/perf/text.js";
import { WORKER } from "../batch/support.js";

const pools: RunPool[] = [];
afterAll(async () => {
  for (const pool of pools) await pool.close();
});

async function poolOf(): Promise<RunPool> {
  const pool = await RunPool.start({ workers: 1, worker: WORKER });
  pools.push(pool);
  return pool;
}

const TOPOLOGY = { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, radix: 64 };
const TABLE = `# nThread 1 nGpus 8 minBytes 8
#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong
[0]     1024           256     float     sum      -1    15.20    0.07    0.12      0    15.10    0.07    0.12      0
     1048576        262144     float     sum      -1    35.20   29.79   52.13    N/A    35.10   29.87   52.28    N/A
# Avg bus bandwidth    : 26.1
`;

describe("heddle perf", () => {
  it("has the sizes of nccl-tests", () => {
    expect(sizesOf(8, 64, 2)).toEqual([8, 16, 32, 64]);
    expect(sizesOf(8, 8, 2)).toEqual([8]);
    expect(sizesOf(1, 5, 1.5)).toEqual([1, 2, 3]);
  });

  it("runs each size, with NCCL's model and a measured table beside it", async () => {
    const { scenario } = parseScenario({
      topology: TOPOLOGY,
      workload: { kind: "collective", algorithm: "auto", size: "1B" },
    });
    const measured = readMeasured(TABLE, "log");
    const document = await runPerf(await poolOf(), scenario, {
      ...{ sizes: [8, 1024, 65536], withNccl: true, measured, memoryLimitBytes: 1e9 },
    });
    expect(document.rows.map(({ sizeBytes, count }) => [sizeBytes, count])).toEqual([
      [8, 2],
      [1024, 256],
      [65536, 16384],
    ]);
    const [smallest, small] = document.rows;
    expect(small).toMatchObject({ type: "float", redop: "sum", root: -1, algorithm: "ring", protocol: "ll" });
    expect(smallest!.nccl).toMatchObject({ algorithm: "ring", protocol: "ll" });
    expect(smallest!.nccl!.timeUs).toBeCloseTo(15, 2);
    expect(smallest!.ncclDifference!).toBeCloseTo(0, 2);
    expect(smallest).toMatchObject({ measured: null, error: null });
    expect(small!.error!).toBeCloseTo(small!.simulated!.timeUs / 15.2 - 1, 9);
    expect(small!.simulated!.busbwGBps).toBeCloseTo(small!.simulated!.algbwGBps * 1.75, 9);
    const text = formatPerf(document, styleFor(false));
    expect(text).toMatch(/^ {8}1024 {11}256 {5}float {5}sum {6}-1 {4}15\.\d\d {4}0\.07 {4}0\.12 {5}N\/A/m);
    expect(text).toContain("# Avg bus bandwidth    : ");
    expect((perfChart(document) as { data: { values: object[] } }).data.values).toHaveLength(7);
  });

  it("refuses what has no collective", async () => {
    const flows = { kind: "flows", pattern: "shift", size: "1KiB" };
    const { scenario } = parseScenario({ topology: TOPOLOGY, workload: flows });
    const options = { sizes: [8], memoryLimitBytes: 1e9 };
    await expect(runPerf(await poolOf(), scenario, options)).rejects.toThrow("add --collective all-reduce");
    const named = await runPerf(await poolOf(), scenario, { ...options, collective: "all-reduce" });
    expect(named.rows[0]).toMatchObject({ status: "finished" });
  });

  it("reads tables of all versions of nccl-tests", () => {
    expect([...readMeasured(TABLE, "log").values()]).toEqual([
      { sizeBytes: 1024, timeUs: 15.2, busbwGBps: 0.12 },
      { sizeBytes: 1048576, timeUs: 35.2, busbwGBps: 52.13 },
    ]);
    const old =
      "        8             2     float     sum    30.41    0.00    0.00  0e+00    30.66    0.00    0.00  0e+00";
    expect(readMeasured(old, "log").get(8)).toEqual({ sizeBytes: 8, timeUs: 30.41, busbwGBps: 0 });
    const rooted = "    1024  256  float  none  0  12.5  0.08  0.08  0  12.4  0.08  0.08  0";
    expect(readMeasured(rooted, "log").get(1024)!.timeUs).toBe(12.5);
    expect(() => readMeasured("# nothing", "log")).toThrow("log has no rows of nccl-tests");
  });

  test.each([
    [15, 7, "  15.00"],
    [123456.78, 7, "123456.8".length <= 7 ? "123456.8" : " 123457"],
    [12345678, 7, "  1e+7"],
    [1234.567, 6, "1234.6"],
  ])("prints %s in %s places as nccl-tests does", (value, width, text) => {
    expect(float(value, width).trim()).toBe(text.trim());
  });
});
