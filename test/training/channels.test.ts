import { expect, it } from "vitest";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";

/** GPUs of 4 a node that send to other nodes, and how often they do so off their rail. */
function senders(parallel: Record<string, number>) {
  const { plan } = resolvePlan(
    parseScenario({
      topology: { kind: "rail-optimized", gpus: 16, gpusPerNode: 4, radix: 64, tiers: 2 },
      workload: {
        ...{ kind: "training-step", model: { layers: 4, hidden: 512, heads: 16 }, sequence: 256 },
        ...{ batch: { global: 16 }, parallel, algorithms: { tp: "ring", dp: "ring" } },
      },
    }).scenario,
  );
  const { count, srcNic, dstNic } = plan.flows;
  const { nics } = plan.fabric;
  const found = new Set<number>();
  let offRail = 0;
  for (let flow = 0; flow < count; flow++) {
    const [src, dst] = [nics.rank[srcNic[flow]!]!, nics.rank[dstNic[flow]!]!];
    if (Math.floor(src / 4) === Math.floor(dst / 4)) continue;
    found.add(src);
    if (src % 4 !== dst % 4) offRail++;
  }
  return { senders: found.size, offRail };
}

it("rings over nodes use the NICs of all their GPUs, along the rails", () => {
  expect(senders({ tp: 8 })).toEqual({ senders: 16, offRail: 0 });
  // Groups of two GPUs of each node, and of one.
  expect(senders({ tp: 2 })).toEqual({ senders: 16, offRail: 0 });
  expect(senders({ tp: 4 })).toEqual({ senders: 16, offRail: 0 });
});
