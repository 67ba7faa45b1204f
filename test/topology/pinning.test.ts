import { describe, expect, it } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import type { Scenario } from "../../src/scenario/types/scenario.js";
import { runOracle } from "../oracle/run.js";
import { runCore } from "../support/run-core.js";
import { listed } from "./listed.js";
import { closScenario, scenarioOf, type WrittenClos } from "./scenarios.js";

const LINK = { rate: "400Gbps", length: "10m" };
const RULES = { routing: { policy: "pinned" }, links: { access: LINK, fabric: LINK, core: LINK } };

const FABRICS: readonly WrittenClos[] = [
  { kind: "fat-tree", gpus: 16, radix: 4, tiers: 3 },
  { kind: "fat-tree", gpus: 54, radix: 6, tiers: 3 },
  { kind: "fat-tree", gpus: 24, radix: 8, tiers: 3, oversubscription: 3 },
  { kind: "leaf-spine", gpus: 32, radix: 8 },
  { kind: "leaf-spine", gpus: 8, radix: 8 },
  { kind: "leaf-spine", gpus: 36, radix: 12, oversubscription: 2 },
  { kind: "rail-optimized", gpus: 32, gpusPerNode: 4, radix: 8, tiers: 2, scaleUp: false },
];

const WORKLOADS = [
  { kind: "flows", pattern: "permutation", size: "64KiB" },
  { kind: "flows", pattern: "all-to-all", fanOut: 5, size: "16KiB" },
  { kind: "flows", pattern: "shift", by: 3, size: "64KiB" },
];

/** By flow: when its last chunk was delivered. */
async function finishes(scenario: Scenario): Promise<number[]> {
  return [...(await runCore(resolvePlan(scenario).plan)).finishPs];
}

describe("pinned on a listed fabric", () => {
  it.each(FABRICS)("gives each flow the time that it has on the built one: %j", async (topology) => {
    for (const workload of WORKLOADS) {
      const built = closScenario(topology, { ...RULES, workload });
      const byHand = scenarioOf({ ...RULES, topology: listed(built), workload });
      expect(await finishes(byHand)).toEqual(await finishes(built));
    }
  });

  /**
   * Cores of a listed k = 4 fat tree that an all-to-all uses, in whatever order its hosts are
   * listed.
   */
  function coresInUse(reorder: (hosts: string[]) => string[]): number {
    const topology = listed(closScenario({ kind: "fat-tree", gpus: 16, radix: 4, tiers: 3 }));
    const scenario = scenarioOf({
      ...RULES,
      topology: { ...topology, hosts: reorder(topology.hosts) },
      workload: { kind: "flows", pattern: "all-to-all", size: "4KiB" },
    });
    const { plan } = resolvePlan(scenario);
    const { ports } = runOracle(plan);
    const used = plan.fabric.switches.filter(({ device, name }) => {
      const [first, end] = [plan.fabric.firstPort[device]!, plan.fabric.firstPort[device + 1]!];
      return name.startsWith("core") && ports.txBytes.subarray(first, end).every((bytes) => bytes > 0);
    });
    return used.length;
  }

  it("uses every core, however the hosts are listed", () => {
    expect(coresInUse((hosts) => hosts)).toBe(4);
    expect(coresInUse((hosts) => hosts.toReversed())).toBe(4);
    expect(coresInUse((hosts) => [0, 1].flatMap((odd) => hosts.filter((_, i) => i % 2 === odd)))).toBe(4);
    expect(coresInUse((hosts) => [0, 1, 2, 3].flatMap((turn) => hosts.filter((_, i) => i % 4 === turn)))).toBe(4);
  });

  it("spreads parallel links of two switches, whether they are listed side by side or in turn", () => {
    const hosts = Array.from({ length: 8 }, (_, i) => `h${i}`);
    const access = hosts.map((a, i) => ({ a, b: i < 4 ? "left" : "right" }));
    const spines = (order: readonly string[]) =>
      ["left", "right"].flatMap((leaf) => order.map((spine) => ({ a: leaf, b: spine })));
    for (const order of [
      ["p", "p", "q", "q"],
      ["p", "q", "p", "q"],
      ["p", "q", "q", "p"],
    ]) {
      const topology = {
        kind: "custom",
        hosts,
        switches: ["left", "right", "p", "q"],
        links: [...access, ...spines(order)],
      };
      const workload = { kind: "flows", pattern: "shift", by: 4, size: "64KiB" };
      const { plan } = resolvePlan(scenarioOf({ ...RULES, topology, workload }));
      const { ports } = runOracle(plan);
      const sent = [...ports.txBytes];
      const busiest = Math.max(...sent);
      const quietest = Math.min(...sent.filter((_, port) => port >= hosts.length));
      expect({ order, busiest, quietest }).toEqual({ order, busiest: sent[0], quietest: sent[0] });
    }
  });
});
