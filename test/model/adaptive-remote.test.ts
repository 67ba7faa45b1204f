import { describe, expect, it } from "vitest";
import { idealJctPs } from "../../src/answer/ideal/ideal.js";
import { simulate } from "../../src/api/simulate.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";

/** A permutation of hosts in which everybody sends to another leaf, from a fixed generator. */
function permutation(hosts: number, hostsPerLeaf: number): { src: number; dst: number; size: string }[] {
  const leafOf = (host: number) => Math.floor(host / hostsPerLeaf);
  const dst = Array.from({ length: hosts }, (_, host) => (host + hostsPerLeaf) % hosts);
  let state = 1;
  for (let swaps = 0; swaps < 20 * hosts; swaps++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const [a, b] = [(state >>> 16) % hosts, swaps % hosts];
    if (leafOf(a) === leafOf(dst[b]!) || leafOf(b) === leafOf(dst[a]!)) continue;
    [dst[a], dst[b]] = [dst[b]!, dst[a]!];
  }
  return dst.map((to, src) => ({ src, dst: to, size: "2MiB" }));
}

const twoTiers = { kind: "leaf-spine", gpus: 256, gpusPerNode: 1, radix: 32 };
const threeTiers = { kind: "fat-tree", gpus: 128, gpusPerNode: 1, radix: 8, tiers: 3 };

async function run(
  policy: string,
  topology: { gpus: number; radix: number },
  faults: NonNullable<ScenarioDocument["faults"]> = [],
) {
  const { scenario } = parseScenario({
    version: 1,
    topology,
    routing: { policy },
    transport: { recovery: "selective", window: "512KiB", reorder: 1024 },
    workload: { kind: "flows", flows: permutation(topology.gpus, topology.radix / 2) },
    faults,
  });
  const { jctNs, packets } = await simulate(scenario);
  // Against what the slower link allows.
  return { slowdown: (1000 * jctNs!) / idealJctPs(scenario, resolvePlan(scenario).plan), notices: packets.notices };
}

/**
 * A quarter of the rate on one link down, which no leaf sees: the packets that it delays queue two
 * or three switches further on.
 */
const slowDown = (from: string, to: string) => [
  { kind: "degraded-link", from, to, rate: "100Gbps", direction: "forward" },
];

// Least-loaded uplinks leave the collisions on the way down, which only the switches there know of
// (Alizadeh et al., CONGA, SIGCOMM 2014, figure 2).
describe("adaptive routing that hears of queues at the next switches", () => {
  it("is at least as good where nothing is broken", async () => {
    const local = await run("adaptive", twoTiers);
    const remote = await run("adaptive-remote", twoTiers);
    expect(remote.slowdown).toBeLessThanOrEqual(local.slowdown);
    expect(remote.slowdown).toBeLessThan(1.08);
    expect(remote.notices).toBeGreaterThan(0);
    expect(local.notices).toBe(0);
  });

  it("goes round a slow link between spine and leaf", async () => {
    const faults = slowDown("spine-3", "leaf-1");
    const local = await run("adaptive", twoTiers, faults);
    const remote = await run("adaptive-remote", twoTiers, faults);
    expect(local.slowdown).toBeGreaterThan(1.3);
    expect(remote.slowdown).toBeLessThan(1.1);
  });

  it("hears of it from two switches further on, which tell it on", async () => {
    const faults = slowDown("core-0", "agg-0");
    const local = await run("adaptive", threeTiers, faults);
    const remote = await run("adaptive-remote", threeTiers, faults);
    expect(remote.slowdown).toBeLessThan(0.65 * local.slowdown);
  });

  it("says nothing where no switch has a choice", async () => {
    const topology = { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 16 };
    const incast = Array.from({ length: 15 }, (_, i) => ({ src: i + 1, dst: 0, size: "1MiB" }));
    const { packets } = await simulate({
      version: 1,
      topology,
      routing: { policy: "adaptive-remote" },
      workload: { kind: "flows", flows: incast },
    });
    expect(packets.notices).toBe(0);
  });
});
