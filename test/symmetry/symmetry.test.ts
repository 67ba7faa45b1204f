import { describe, expect, it } from "vitest";
import { symmetriesOf } from "../../src/engine/symmetry/symmetry.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { type Document, planOf } from "../model/support.js";
import { buildPlan } from "../support/network.js";
import { link } from "../support/network-spec.js";
import { upsetPlan } from "./clusters.js";
import { tryAll } from "./support.js";

/** Four pods of sixteen nodes, two leaves and two leaves of each rail. */
const PODS = { kind: "rail-optimized", gpus: 512, gpusPerNode: 8, radix: 16, tiers: 3 };
const PINNED = { routing: { policy: "pinned" }, links: { scaleUp: { cell: "120KiB" } }, transport: { ackEvery: 8 } };
const allReduce = (algorithm: string, size: string) => ({ workload: { kind: "collective", algorithm, size } });
const hierarchical = (more: Document = {}) =>
  planOf({ topology: PODS, ...PINNED, ...allReduce("hierarchical-ring", "1MiB"), ...more });

function copiesOf(plan: RunPlan): number[][] {
  return [...symmetriesOf(plan)].map(({ folds }) => folds.map(({ copies }) => copies));
}

describe("what is alike", () => {
  it("in a hierarchical ring: the rails of every second pod", async () => {
    const plan = hierarchical();
    // Eight rails times eight pods of a leaf each; from one pod to the next the way would come to
    // one leaf twice.
    expect(copiesOf(plan)).toEqual([[32]]);
    expect(await tryAll(plan)).toEqual([{ replicas: 31, whole: false }]);
  });

  it("in a ring over the ranks: nothing but pods", () => {
    const plan = planOf({ topology: PODS, ...PINNED, ...allReduce("ring", "1MiB") });
    const [copies] = copiesOf(plan);
    expect(copies).toBeDefined();
  });

  it("not where a hash decides on ways, or where senders or switches draw", () => {
    for (const policy of ["ecmp", "ecmp-qp", "spray", "adaptive", "reps"]) {
      const preset = policy === "reps" ? { preset: "uec" } : {};
      expect(copiesOf(hierarchical({ ...preset, routing: { policy } }))).toEqual([]);
    }
  });

  it("not if one NIC is slower, but one rail is another if all of its NICs are", async () => {
    const plan = hierarchical();
    expect(copiesOf(upsetPlan(plan, { what: 2, where: 5, by: 1 }))).toEqual([]);
    const { nics } = plan.fabric;
    const isOther = (nic: number) => nics.rank[nic]! % 8 === 3 && nics.isScaleUp[nic] === 0;
    const nicLatencyPs = plan.nicLatencyPs.map((ps, nic) => (isOther(nic) ? ps + 1000 : ps));
    const attempts = await tryAll({ ...plan, nicLatencyPs });
    // Pods are still alike, rails no more: each comes some way after the slower one.
    expect(attempts).toEqual([{ replicas: 3, whole: false }]);
  });

  it("not where packets come together in another order, at the ends of a ring under one switch", async () => {
    const hosts = [0, 1, 2, 3, 4, 5];
    const flows = hosts.map((src) => ({ src, dst: (src + 1) % 6, bytes: 20_000, connection: src }));
    const ring = (kinds: number) =>
      buildPlan({
        hosts,
        switches: [{ id: 100 }],
        links: hosts.map((host) => link(host, 100, 100e9 * (1 + (host % kinds)), 1000)),
        flows,
      });
    // What comes to a host, data from one neighbour and ACKs from the other, comes over links that
    // are alike: it never comes together.
    expect(await tryAll(ring(1))).toEqual([{ replicas: 5, whole: false }]);
    expect(await tryAll(ring(2))).toEqual([{ replicas: 2, whole: false }]);
    // Of three kinds it might, and then the lower port is first: the next host's at host 0, the one
    // before's at host 3.
    expect(copiesOf(ring(3))).toEqual([]);
  });

  it("in parts that share no link, each as often as it is there", async () => {
    // Three stars of one kind and two of another.
    const sizes = [2, 3, 2, 3, 2];
    const hosts = sizes.flatMap((count, star) => Array.from({ length: count }, (_, i) => star * 10 + i));
    const switches = sizes.map((_, star) => ({ id: 100 + star, lossless: false, bufferBytes: 30_000 }));
    const links = hosts.map((host) => link(host, 100 + Math.floor(host / 10), 100e9, 1000));
    const flows = hosts
      .filter((host) => host % 10 > 0)
      .map((src, i) => ({ src, dst: src - (src % 10), bytes: 40_000, chunks: 2, connection: i }));
    const plan = buildPlan({ hosts, switches, links, flows, transport: { rtoPs: 50_000_000 } });
    // Drops are decided by the whole buffer of a switch, so they are simulated on whole switches.
    expect(await tryAll(plan)).toEqual([
      { replicas: 3, whole: false, broken: "a switch ran out of buffer" },
      { replicas: 3, whole: true },
    ]);
  });
});
