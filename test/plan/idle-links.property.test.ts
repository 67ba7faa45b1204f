import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlOf, type RunPlan } from "../../src/plan/plan.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { runCore } from "../support/run-core.js";
import { scenarioOf } from "../topology/scenarios.js";

interface Link {
  readonly a: string;
  readonly b: string;
  readonly rate: string;
  readonly length: string;
}

interface Fabric {
  readonly hosts: readonly string[];
  readonly switches: readonly string[];
  readonly links: readonly Link[];
}

const medium = fc.record({
  rate: fc.constantFrom("25Gbps", "100Gbps", "400Gbps", "1600Gbps"),
  length: fc.constantFrom("1m", "30m", "20km"),
});

/** A fabric that flows use: two leaves with one or two ways between them, hosts of any rate. */
const used = fc
  .record({
    access: fc.array(medium, { minLength: 3, maxLength: 6 }),
    trunks: fc.array(medium, { minLength: 1, maxLength: 2 }),
  })
  .map(({ access, trunks }): Fabric => {
    const hosts = access.map((_, i) => `h${i}`);
    return {
      hosts,
      switches: ["l0", "l1"],
      links: [
        ...access.map((kind, i) => ({ a: hosts[i]!, b: `l${i % 2}`, ...kind })),
        ...trunks.map((kind) => ({ a: "l0", b: "l1", ...kind })),
      ],
    };
  });

/**
 * What no flow uses: hosts on the same leaves, and a switch of their own, farther away and faster.
 */
const idle = fc.record({
  hosts: fc.array(fc.tuple(fc.constantFrom("l0", "l1", "x"), medium), { minLength: 1, maxLength: 3 }),
  trunk: medium,
});

type Idle = typeof idle extends fc.Arbitrary<infer T> ? T : never;

function withIdle({ hosts, switches, links }: Fabric, more: Idle): Fabric {
  const names = more.hosts.map((_, i) => `idle${i}`);
  return {
    hosts: [...hosts, ...names],
    switches: [...switches, "x"],
    links: [
      ...links,
      ...more.hosts.map(([b, kind], i) => ({ a: names[i]!, b, ...kind })),
      { a: "l1", b: "x", ...more.trunk },
    ],
  };
}

const SETTINGS = [
  { transport: { congestionControl: { kind: "dcqcn" } }, ecn: { kmin: "100KB", kmax: "100KB", pmax: 1 } },
  { transport: { congestionControl: { kind: "swift" } } },
  { transport: { congestionControl: { kind: "nscc" } }, ecn: { kmin: "100KB", kmax: "100KB", pmax: 1 } },
  { transport: { congestionControl: { kind: "hpcc" } } },
  { transport: { congestionControl: { kind: "rccc" } } },
  { routing: { policy: "adaptive" }, transport: { recovery: "selective" } },
  { routing: { policy: "flowlet" } },
  { routing: { policy: "round-robin" }, flowControl: { kind: "credit" }, transport: { recovery: "selective" } },
];

/**
 * A static threshold: what is free of a switch's buffer depends on the headroom of all its ports.
 */
const FLOW_CONTROL = { kind: "pfc", threshold: { kind: "static", xoff: "200KB" } };

function planOf(fabric: Fabric, settings: object): RunPlan {
  return resolvePlan(
    scenarioOf({
      topology: { kind: "custom", ...fabric },
      switch: { buffer: "1GiB" },
      flowControl: FLOW_CONTROL,
      ...settings,
      workload: {
        kind: "flows",
        flows: [
          { src: "h1", dst: "h0", size: "300KiB" },
          { src: "h2", dst: "h0", size: "200KiB" },
          { src: "h0", dst: "h2", size: "50KiB", start: "20us" },
        ],
      },
    }),
  ).plan;
}

/** What `auto` made of the links that the flows take. */
function derived(plan: RunPlan) {
  const { fabric, flows, transport, routing, ecn } = plan;
  const classOf = (flow: number) => fabric.portClass[fabric.nics.port[flows.srcNic[flow]!]!]!;
  return {
    routing,
    controls: Array.from({ length: flows.count }, (_, flow) => controlOf(transport, classOf(flow))),
    marks:
      ecn && Array.from({ length: flows.count }, (_, flow) => [ecn.kminPs[classOf(flow)], ecn.kmaxPs[classOf(flow)]]),
  };
}

describe("idle links and hosts", () => {
  it.each(SETTINGS)("change no flow's times: %j", async (settings) => {
    await fc.assert(
      fc.asyncProperty(used, idle, async (fabric, more) => {
        const without = planOf(fabric, settings);
        const withThem = planOf(withIdle(fabric, more), settings);
        expect(derived(withThem)).toEqual(derived(without));
        expect([...(await runCore(withThem)).finishPs]).toEqual([...(await runCore(without)).finishPs]);
      }),
      { numRuns: Number(process.env.HEDDLE_RUNS ?? 12) },
    );
  });

  it.each(["dcqcn", "nscc"])("change nothing that %s and its marking follow from", (kind) => {
    fc.assert(
      fc.property(used, idle, (fabric, more) => {
        const settings = { transport: { congestionControl: { kind } } };
        expect(derived(planOf(withIdle(fabric, more), settings))).toEqual(derived(planOf(fabric, settings)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("what auto makes of a fabric", () => {
  const rates = ["100Gbps", "400Gbps", "1600Gbps"];
  const star: Fabric = {
    hosts: ["h0", "h1", "h2"],
    switches: ["s"],
    links: rates.map((rate, i) => ({ a: `h${i}`, b: "s", rate, length: "2m" })),
  };

  it("steps DCQCN's rates by a thousandth and a hundredth of each NIC's own", () => {
    const plan = planOf(star, { transport: { congestionControl: { kind: "dcqcn" } } });
    const bytesPerPs = [400, 1600, 100].map((gbps) => (gbps * 1e9) / 8e12);
    expect(derived(plan).controls).toMatchObject(
      bytesPerPs.map((rate) => ({ additiveRate: rate / 1000, hyperRate: rate / 100 })),
    );
  });

  it("marks from the same time of backlog on at every rate: 8 to 32 us", () => {
    const { ecn, fabric } = planOf(star, { transport: { congestionControl: { kind: "dcqcn" } } });
    expect(fabric.linkClasses.map((_, i) => [ecn!.kminPs[i], ecn!.kmaxPs[i]])).toEqual(rates.map(() => [8e6, 32e6]));
  });

  it("gives Swift windows of one and four bandwidth-delay products of each NIC", () => {
    const plan = planOf(star, { transport: { congestionControl: { kind: "swift", baseRtt: "8us" } } });
    const packets = [400, 1600, 100].map((gbps) => (gbps * 1e9 * 8e-6) / 8 / 4096);
    expect(derived(plan).controls).toMatchObject(packets.map((w) => ({ firstWindow: w, mostWindow: 4 * w })));
  });

  it("takes base round trips from the fabric without its faults", () => {
    const topology = { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8 };
    const workload = { kind: "flows", pattern: "ring", size: "64KiB" };
    const slow = { kind: "degraded-link", from: "gpu-0", to: "leaf-0", rate: "10Gbps" };
    const rttPs = (faults: object[]) => {
      const transport = { congestionControl: { kind: "hpcc" } };
      const { plan } = resolvePlan(scenarioOf({ topology, workload, transport, faults }));
      return plan.transport.congestionControl;
    };
    expect(rttPs([slow])).toEqual(rttPs([]));
  });
});
