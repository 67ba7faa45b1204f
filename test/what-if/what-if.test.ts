import { afterAll, describe, expect, it } from "vitest";
import { styleFor } from "../../src/answer/text/style.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { RunPool } from "../../src/study/batch/pool.js";
import { whatIfChart } from "../../src/study/charts/what-if.js";
import { partsOf } from "../../src/study/what-if/parts.js";
import { formatWhatIf } from "../../src/study/what-if/text.js";
import { runWhatIf, type WhatIfOptions } from "../../src/study/what-if/what-if.js";
import { WORKER } from "../batch/support.js";
import { heddle } from "../end-to-end/heddle.js";

const pools: RunPool[] = [];
afterAll(async () => {
  for (const pool of pools) await pool.close();
});

async function whatIf(document: object, options: Partial<WhatIfOptions>) {
  const pool = await RunPool.start({ workers: 1, worker: WORKER });
  pools.push(pool);
  const { scenario } = parseScenario(document);
  return runWhatIf(pool, scenario, { changes: [], seeds: 1, memoryLimitBytes: 1e9, ...options });
}

/** One packet of 1,000 bytes on the wire over one switch: every time is known. */
const ONE_PACKET = {
  topology: {
    kind: "custom",
    hosts: ["a", "b"],
    switches: [{ name: "s" }],
    links: [
      { a: "a", b: "s", rate: "100Gbps", length: "0m", fecLatency: "0ns" },
      { a: "b", b: "s", rate: "100Gbps", length: "0m", fecLatency: "0ns" },
    ],
  },
  switch: { latency: "1us" },
  nic: { latency: "2us" },
  workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: "918B" }] },
};
/** Twice the NIC's latency, the switch's, and the packet over two links. */
const JCT_NS = 2 * 2000 + 1000 + 2 * 80;

describe("what-if", () => {
  it("tells what each change buys, and all of them at once", async () => {
    const document = await whatIf(ONE_PACKET, { changes: ["switch.latency=500ns", "nic.latency=1us"] });
    expect(document.base).toEqual({ jctNs: JCT_NS, unfinished: 0, failure: null });
    expect(document.changes.map(({ set, jctNs, saved }) => [set.length, jctNs, saved!.ns])).toEqual([
      [1, JCT_NS - 500, 500],
      [1, JCT_NS - 2000, 2000],
      [2, JCT_NS - 2500, 2500],
    ]);
    expect(document.changes[0]!.saved!.share).toBeCloseTo(500 / JCT_NS, 12);
    const { explanation } = document.changes[2]!;
    expect(explanation.reduce((sum, { differenceNs }) => sum + differenceNs, 0)).toBeCloseTo(-2500, 9);
    expect(document.path).toBeNull();
    const text = formatWhatIf(document, styleFor(false));
    expect(text).toMatch(/^ {2}switch\.latency=500ns\s+4\.66 us\s+500 ns\s+9\.69 %$/m);
    expect(text).toMatch(/^ {2}all at once\s+2\.66 us\s+2\.50 us\s+48\.4 %$/m);
  });

  it("keeps the fabric where links are faster, and says where a change does not", async () => {
    const ring = { kind: "collective", algorithm: "ring", size: "1MiB" };
    const scenario = { topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 8, radix: 16 }, workload: ring };
    const document = await whatIf(scenario, {
      changes: ["links.access.rate=800Gbps", "routing.policy=pinned"],
      path: { shares: [0.05], parts: 1 },
    });
    const [rate, policy] = document.changes;
    expect(rate!.fabric).toEqual({ before: { switches: 3, links: 32 }, after: { switches: 7, links: 56 } });
    expect(policy!.fabric).toBeNull();
    expect(formatWhatIf(document, styleFor(false)).replace(/\s+/g, " ")).toContain(
      "links.access.rate=800Gbps builds another fabric: 7 switches and 56 links, instead of 3 and 32; " +
        "links.access.portRate=… keeps the fabric as it is.",
    );
    const { parts, lesser } = document.path!;
    const shares = [...parts, ...lesser].flatMap(({ points }) => points.map(({ jobShare }) => jobShare!));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.05);
  });

  it("makes parts faster, the most effective ones by all shares", async () => {
    const document = await whatIf(ONE_PACKET, { path: { shares: [1, 0.25], parts: 2 } });
    const { shares, parts, lesser } = document.path!;
    expect(shares).toEqual([0.25, 1]);
    expect(parts.map(({ name, value }) => [name, value])).toEqual([
      ["nic.latency", "2us"],
      ["switch.latency", "1us"],
    ]);
    const nic = [JCT_NS - 2 * 400, JCT_NS - 2 * 1000];
    expect(parts[0]!.points.map(({ value, jctNs }) => [value, jctNs])).toEqual([
      ["1.6us", nic[0]],
      ["1us", nic[1]],
    ]);
    expect(parts[0]!.points[1]!.jobShare).toBeCloseTo(JCT_NS / nic[1]! - 1, 12);
    expect(lesser.map(({ name, points }) => [name, points.length, points[0]!.jctNs])).toEqual([
      ["topology.links[0].rate", 1, JCT_NS - 40],
      ["topology.links[1].rate", 1, JCT_NS - 40],
    ]);
    const chart = whatIfChart(document) as { vconcat: readonly object[] };
    expect(chart.vconcat).toHaveLength(1);
    expect(formatWhatIf(document, styleFor(false))).toMatch(/nic\.latency\s+2us\s+\+18\.3 %\s+\+63\.3 %/);
  });

  it("refuses a share that a part cannot be faster by before anything runs", async () => {
    let runs = 0;
    const onProgress = () => {
      runs += 1;
    };
    const asked = whatIf(ONE_PACKET, { path: { shares: [0.25, 1000], parts: 2 }, onProgress });
    await expect(asked).rejects.toThrow(
      /^topology\.links\[0\]\.rate=100\.1Tbps, which is 100000 % faster: .*out of range.*; ask for smaller shares$/,
    );
    expect(runs).toBe(0);
  });

  it("lists a part that cannot be faster, with the reason", async () => {
    const [fast, other] = ONE_PACKET.topology.links;
    const links = [{ ...fast, rate: "10Tbps" }, other];
    const topology = { ...ONE_PACKET.topology, links };
    const document = await whatIf({ ...ONE_PACKET, topology }, { path: { shares: [0.25], parts: 2 } });
    const { parts, lesser, leftOut } = document.path!;
    const rate = leftOut.find(({ name }) => name === "topology.links[0].rate");
    expect(rate).toMatchObject({ value: "10Tbps" });
    expect(rate!.reason).toMatch(/^12\.5Tbps is refused: .*out of range/);
    expect([...parts, ...lesser].map(({ name }) => name)).not.toContain("topology.links[0].rate");
    expect(formatWhatIf(document, styleFor(false))).toMatch(
      /Left out: topology\.links\[0\]\.rate \(10Tbps\): 12\.5Tbps is\s+refused: .*/,
    );
  });

  it("finds a part that can be faster by what is asked, though not by 100 %", () => {
    const [fast, other] = ONE_PACKET.topology.links;
    const topology = { ...ONE_PACKET.topology, links: [{ ...fast, rate: "8Tbps" }, other] };
    const { scenario } = parseScenario({ ...ONE_PACKET, topology });
    const names = (share: number) => partsOf(scenario, share).parts.map(({ name }) => name);
    expect(names(0.1)).toContain("topology.links[0].rate");
    expect(names(1)).not.toContain("topology.links[0].rate");
  });

  it("leaves out parts that a run does not have", () => {
    const topology = { kind: "leaf-spine", gpus: 8, gpusPerNode: 8 };
    const { scenario } = parseScenario({ topology, workload: { kind: "collective", size: "1KiB" } });
    const names = partsOf(scenario, 1).parts.map(({ name }) => name);
    expect(names).toContain("links.scaleUp.rate");
    expect(names.filter((name) => name.startsWith("links.core"))).toEqual([]);
    expect(names).not.toContain("nic.messageOverhead");
  });

  it("pairs runs by seed, with an interval", async () => {
    const incast = {
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
      routing: { policy: "ecmp" },
      workload: { kind: "flows", pattern: "permutation", size: "256KiB" },
    };
    const document = await whatIf(incast, { changes: ["routing.policy=pinned"], seeds: 4 });
    const { saved } = document.changes[0]!;
    expect(document.seeds).toEqual([1, 2, 3, 4]);
    expect(saved!.lowNs!).toBeLessThanOrEqual(saved!.ns);
    expect(saved!.highNs!).toBeGreaterThanOrEqual(saved!.ns);
    expect(formatWhatIf(document, styleFor(false))).toContain("95 % interval");
  });

  it("says where a change cannot be run, or finished", async () => {
    await expect(whatIf(ONE_PACKET, {})).rejects.toThrow("there is nothing to change; add --set path=value");
    await expect(whatIf(ONE_PACKET, { changes: ["switch.latencies=1us"] })).rejects.toThrow("latencies");
    const custom = { ...ONE_PACKET, routing: { policy: "custom" } };
    await expect(whatIf(custom, { changes: ["seed=2"] })).rejects.toThrow("built-in routing policies only");
    const late = await whatIf(ONE_PACKET, { changes: ["timeLimit=3us"] });
    expect(late.changes[0]).toMatchObject({ jctNs: null, unfinished: 1, failure: "time-limit", saved: null });
    expect(formatWhatIf(late, styleFor(false))).toMatch(/timeLimit=3us\s+time-limit/);
  });

  it("is a command", () => {
    const args = ["what-if", "-", "--set", "nic.latency=1us", "--quiet"];
    const { code, stdout } = heddle([...args, "--json"], JSON.stringify(ONE_PACKET));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "heddle.what-if/1", changes: [{ jctNs: JCT_NS - 2000 }] });
    expect(heddle([...args, "--shares", "0"], JSON.stringify(ONE_PACKET))).toMatchObject({ code: 2 });
    expect(heddle([...args, "--shares", "10"], JSON.stringify(ONE_PACKET)).stderr).toContain(
      "without % they are at most 1",
    );
    const failed = heddle([...args, "--set", "timeLimit=3us"], JSON.stringify(ONE_PACKET));
    expect(failed).toMatchObject({ code: 3 });
  });
});
