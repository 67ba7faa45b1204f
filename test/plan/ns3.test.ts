import { describe, expect, it } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { type Ns3Case, ns3Cases } from "../support/ns3.js";
import { runCore } from "../support/run-core.js";

/** A case as a user would write it. */
function planOf(ns3: Ns3Case): RunPlan {
  const name = (device: number) => (ns3.hosts.includes(device) ? `h${device}` : `s${device}`);
  const { scenario } = parseScenario({
    version: 1,
    name: ns3.name,
    preset: "ns3",
    topology: {
      kind: "custom",
      hosts: ns3.hosts.map(name),
      switches: ns3.switches.map(name),
      links: ns3.links.map(([a, b, gbps, delayNs]) => ({
        a: name(a),
        b: name(b),
        rate: `${gbps}Gbps`,
        latency: `${delayNs}ns`,
      })),
    },
    switch: { buffer: `${ns3.bufferBytes}B` },
    wire: { header: `${ns3.hdr}B`, ack: `${ns3.ack}B`, pause: `${ns3.pfc}B` },
    transport: { mtu: `${ns3.mtu}B` },
    workload: {
      kind: "flows",
      flows: ns3.flows.map(([src, dst, bytes, startPs]) => ({
        src: name(src),
        dst: name(dst),
        size: `${bytes}B`,
        start: `${startPs}ps`,
      })),
    },
  });
  return resolvePlan(scenario).plan;
}

describe("the preset ns3, from a scenario", () => {
  for (const ns3 of ns3Cases()) {
    it(`${ns3.name}: completion times to the picosecond, pauses exactly`, async () => {
      const plan = planOf(ns3);
      const outcome = await runCore(plan);
      expect(outcome.status).toBe("finished");
      expect(Array.from(outcome.ackedPs, (acked, flow) => acked - outcome.startPs[flow]!)).toEqual(ns3.expected.fctPs);
      expect(outcome.totals.pausesSent).toBe(ns3.expected.pauses);
    });
  }
});
