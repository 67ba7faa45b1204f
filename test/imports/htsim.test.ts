import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { exportHtsim } from "../../src/study/exports/htsim.js";
import { fabricWriter } from "../../src/study/fabric-files/export.js";
import { importFolder, mutate } from "./folder.js";

const { read, faultOf } = importFolder();
const sample = (name: string) => readFileSync(new URL(`../data/htsim/${name}`, import.meta.url), "utf8");

async function topology(name: string) {
  return (await read("htsim-topo", { [name]: sample(name) })).sections!.topology as {
    hosts: string[];
    switches: { name: string; latency: string }[];
    links: { a: string; b: string; count?: number }[];
  };
}

test("two tiers: leaves, switches above them and bundles", async () => {
  const { hosts, switches, links } = await topology("two-tiers.topo");
  expect([hosts.length, switches.length, links.length]).toEqual([16, 6, 16 + 8]);
  expect(links[16]).toEqual({ a: "tor0", b: "agg0", rate: "100Gbps", latency: "1000ns", fecLatency: "0ns", count: 2 });
  const { notes } = await read("htsim-topo", { "a.topo": sample("two-tiers.topo") });
  expect(notes[0]).toMatch(/^Queue_Up and Queue_Down are not read/);
});

test("three tiers: switch i of each pod has the cores i, i + n, …", async () => {
  const { switches, links } = await topology("three-tiers.topo");
  expect(switches.filter(({ name }) => name.startsWith("core"))).toHaveLength(4);
  const coresOf = (agg: string) => links.filter(({ a }) => a === agg).map(({ b }) => b);
  expect(coresOf("agg0")).toEqual(["core0", "core2"]);
  expect(coresOf("agg7")).toEqual(["core1", "core3"]);
});

/** htsim's law of a single flow: the last acknowledgement at the sender, in ns. */
function lawNs({ links, latencyNs, packets }: { links: number; latencyNs: number; packets: number }): number {
  const [wireNs, ackNs] = [(4160 * 8) / 100, (64 * 8) / 100];
  return links * latencyNs + (packets - 1 + links) * wireNs + links * (latencyNs + ackNs);
}

async function run(workload: object, name = "two-tiers.topo") {
  const { scenario } = parseScenario({
    version: 1,
    preset: "htsim",
    topology: await topology(name),
    workload,
  } as never);
  return simulate(scenario);
}

test.each([
  [1, 2],
  [5, 4],
])("one flow from 0 to %i over %i links takes what htsim's law says", async (dst, links) => {
  const { flows } = await run({ kind: "flows", flows: [{ src: 0, dst, size: "65536B" }] });
  const [flow] = flows!;
  expect(flow!.ackedNs).toBeCloseTo(lawNs({ links, latencyNs: 1000, packets: 16 }), 6);
});

/** Ends of the messages of a matrix, in ns after the start: the times of recorded operations. */
async function chain(text: string, options: Record<string, unknown>) {
  const { workload, ranks, digest, notes } = await read("htsim", { "c.cm": text }, options);
  const { scenario } = parseScenario(
    {
      version: 1,
      preset: "htsim",
      topology: await topology("two-tiers.topo"),
      workload: { kind: "trace", format: "htsim", files: ["c.cm"], ...options },
    } as never,
    { traceFiles: () => ({ workload: workload!, ranks, digest, notes }) },
  );
  return simulate(scenario);
}

test("triggers: what they start begins at the delivery, or at the acknowledgement", async () => {
  const { jctNs } = await chain(sample("chain.cm"), { binary: "uet-ndp", sendDone: "acked" });
  const deliveredNs = (links: number, packets: number) => links * 1000 + (packets - 1 + links) * 332.8;
  const single = (links: number, packets: number) => lawNs({ links, latencyNs: 1000, packets });
  // 0->1 delivered, 1->2 acknowledged, 1->3 delivered: all under one leaf.
  const first = deliveredNs(2, 16) + single(2, 32) + deliveredNs(2, 1);
  // The barrier waits for 4->0, over four links, at 20 us; then 4->5 and 4->6 share the NIC.
  const second = 20_000 + single(4, 1) + deliveredNs(2, 2);
  expect(jctNs).toBeCloseTo(Math.max(first, second), 6);
  expect(second).toBeGreaterThan(first);
});

test("without triggers a matrix is a list of flows, its starts in the unit of the binary", async () => {
  const text = "Nodes 4\nConnections 2\n0->1 start 0 size 4096\n2->3 start 1.5 size 4096\n";
  const startPs = async (binary: string) => {
    const { workload, notes } = await read("htsim", { "f.cm": text }, { binary });
    const { flows } = workload as { flows: readonly { startPs: number }[] };
    return [flows.map((flow) => flow.startPs), notes] as const;
  };
  expect((await startPs("uet-roce"))[0]).toEqual([0, 1_500_000]);
  expect((await startPs("uet-uec"))[0]).toEqual([0, 1_000_000]);
  expect((await startPs("csg-ndp"))[0]).toEqual([0, 2]);
  expect(await startPs("csg-roce")).toEqual([[0, 0], ["csg-roce ignores start: all connections start at 0"]]);
});

test("what is exported runs as the original: a ring all-reduce, and its fabric", async () => {
  const topo = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 };
  const { scenario } = parseScenario({
    version: 1,
    preset: "htsim",
    topology: topo,
    workload: { kind: "collective", size: "256KiB", algorithm: "ring" },
  } as never);
  const resolved = resolvePlan(scenario);
  const { text, notes } = exportHtsim(resolved.plan);
  expect(notes).toHaveLength(1);
  const matrix = [...text].join("");
  expect(matrix).toMatch(
    /^Nodes 16\nConnections 480\nTriggers 464\n0->1 id 1 start 0 size 16384 recv_done_trigger \d+\n/,
  );
  const { workload, ranks, digest } = await read("htsim", { "ring.cm": matrix }, { sendDone: "acked" });
  const again = parseScenario(
    {
      version: 1,
      preset: "htsim",
      topology: topo,
      workload: { kind: "trace", format: "htsim", files: ["ring.cm"] },
    } as never,
    { traceFiles: () => ({ workload: workload!, ranks, digest, notes: [] }) },
  );
  const [original, imported] = [await simulate(scenario), await simulate(again.scenario)];
  expect(imported.jctNs).toBe(original.jctNs);
  const fabric = [...fabricWriter("a.topo")!(resolved)].join("");
  const { sections } = await read("htsim-topo", { "a.topo": fabric });
  const { switches, links } = sections!.topology as { switches: unknown[]; links: { count?: number }[] };
  expect(switches).toHaveLength(resolved.plan.fabric.switches.length);
  expect(links.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(resolved.plan.fabric.peerPort.length / 2);
});

test("fabrics and workloads that htsim has no words for are refused", () => {
  const plan = (topology: object, workload: object) =>
    resolvePlan(parseScenario({ version: 1, topology, workload } as never).scenario);
  const rails = plan(
    { kind: "rail-optimized", gpus: 64 },
    { kind: "collective", size: "1MiB", algorithm: "nvls-tree" },
  );
  expect(() => [...fabricWriter("a.topo")!(rails)]).toThrow("the ranks of a leaf are not consecutive");
  expect(() => exportHtsim(rails.plan)).toThrow(/switches that reduce have no counterpart in htsim|NVLS/);
});

const MATRIX = "Nodes 4\nConnections 2\nTriggers 1\n";

test("faults are told with file and line", async () => {
  const fault = (text: string, options = {}) => faultOf("htsim", { "f.cm": text }, { sendDone: "acked", ...options });
  expect(await fault("Nodes 4\nConnections 1\n0->1 start 5 size 10\n")).toMatch(
    /^f\.cm:3:1: start 5 may be ps, us or nothing: that differs by binary; write binary: csg-eqds \(ps\), /,
  );
  expect(await fault("Nodes 4\nConnections 2\n0->1 start 0 size 10\n")).toBe(
    "f.cm:2:1: Connections says 2, and there are 1: the file is cut, or the number is wrong",
  );
  expect(await fault("Nodes 4\nConnections 1\n0->4 start 0 size 10\n")).toBe(
    "f.cm:3:1: there is no node 4; Nodes is 4",
  );
  expect(await fault("Nodes 4\nConnections 1\n0->1 start 0 size 0\n")).toMatch(
    /^f\.cm:3:1: size 0 is a flow without an end/,
  );
  expect(await fault("Nodes 4\nConnections 1\n0->1 start 0 size 1 speed 4\n")).toMatch(
    /^f\.cm:3:1: "speed" is not known/,
  );
  expect(await fault("Nodes 4\nConnections 1\nFailures 1\n0->1 start 0 size 1\nfailure AGG 1 2\n")).toMatch(
    /^f\.cm:5:1: failures are not read/,
  );
  const ring = `${MATRIX}0->1 start 0 size 10 send_done_trigger 1\n1->2 trigger 1 size 10\ntrigger id 1 oneshot\n`;
  expect(await fault(ring)).toBe(
    "f.cm:5:1: node 1 does not know when 0->1 (line 4) was acknowledged to node 0; " +
      "sendDone: delivered starts 1->2 when it was delivered to node 1",
  );
  expect(await fault(ring, { sendDone: "delivered" })).toBe("");
  expect(await fault(ring.replace("1->2 trigger", "3->2 trigger"))).toMatch(
    /node 3 takes part in no end of 0->1 \(line 4\)/,
  );
  expect(await fault(ring.replace("oneshot", "barrier count 2"))).toBe(
    "f.cm:6:1: trigger 1: 1 ends of connections activate it; the barrier takes 2",
  );
  const circle = `${MATRIX}0->1 trigger 1 size 10 send_done_trigger 1\n1->2 start 0 size 10\ntrigger id 1 oneshot\n`;
  expect(await fault(circle)).toBe(
    "f.cm:4:1: this connection never starts: its trigger waits for it, by way of others",
  );
  const topo = (text: string) => faultOf("htsim-topo", { "f.topo": text });
  expect(await topo("Nodes 16\nTiers 4\n")).toBe("f.topo:2:1: Tiers is 4; write 2 or 3");
  expect(await topo(sample("two-tiers.topo").replace("Bundle 2", "Bundle 3"))).toBe(
    "f.topo:17:1: Bundle is 3; the radices make 2 links between two switches",
  );
  expect(await topo(sample("two-tiers.topo").replace("Radix_Down 4", "Radix_Down 5"))).toBe(
    "f.topo:6:1: hosts of a pod, 16, are no multiple of Radix_Down of tier 0, 5",
  );
});

test.each([
  ["htsim", "chain.cm"],
  ["htsim-topo", "three-tiers.topo"],
])("%s: mutated files are read, or refused with the file's name", async (format, name) => {
  const text = sample(name);
  const put = fc.oneof(
    fc.constantFrom("\n", " ", "0", "-1", "->", "99999999999999999999"),
    fc.string({ maxLength: 8 }),
  );
  const mutation = fc.record({ at: fc.nat(text.length), cut: fc.nat(30), put });
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const options = format === "htsim" ? { binary: "uet-ndp", sendDone: "acked" } : {};
      const fault = await faultOf(format, { [name]: mutate(text, mutations) }, options);
      if (fault !== "") expect(fault).toMatch(new RegExp(`^${name.replace(".", "\\.")}:`));
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
});
