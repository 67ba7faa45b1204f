import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { Dcqcn } from "../../src/engine/core/layout.js";
import { whyNotAccelerated } from "../../src/plan/policies/in-use.js";
import { runToRest } from "../oracle/run.js";
import { watchCore } from "../support/inspect-core.js";
import { ACCESS_PS, ACK_PS, NIC_PS, PACKET_PS, planOf, SWITCH_PS } from "./support.js";

const INTERVAL_PS = 1_000_000_000;

/** Two hosts send to a third one; whatever meets a queue is marked, and no ACK is in the way. */
function pairOf(cnpDelay: string, size = "1MB") {
  return {
    version: 1,
    topology: {
      kind: "custom",
      hosts: ["a", "b", "c"],
      switches: ["s"],
      links: ["a", "b", "c"].map((host) => ({ a: host, b: "s" })),
    },
    links: { access: { rate: "400Gbps", length: "3m" } },
    ecn: { kmin: "0B", kmax: "1B", pmax: 1 },
    transport: {
      window: "unlimited",
      ackEvery: 10_000,
      congestionControl: { kind: "dcqcn", cnpDelay, cnpInterval: "50us", decreaseInterval: "1ms" },
    },
    workload: { kind: "flows", flows: ["a", "b"].map((src) => ({ src, dst: "c", size })) },
  };
}

/** When the rate of each of the two senders was cut first. */
async function firstCutsPs(cnpDelay: string): Promise<number[]> {
  let cuts: number[] = [];
  await watchCore(planOf(pairOf(cnpDelay)), 10_000_000, ({ nowPs, control }) => {
    cuts = [0, 1].map((flow) => control(flow, Dcqcn.nextDecreasePs) - INTERVAL_PS);
    return cuts.some((ps) => ps < 0) && nowPs < 2_000_000_000;
  });
  return cuts;
}

/**
 * The first packets of both come to the switch together; that of `a` starts, so that the first of
 * `b` waits and is marked. The second of `a` meets that one.
 */
const SENT_PS = NIC_PS + ACCESS_PS + SWITCH_PS;
const MARKED_PS = [3, 2].map((turn) => SENT_PS + (turn + 1) * PACKET_PS + ACCESS_PS + NIC_PS);
const BACK_PS = 2 * (ACK_PS + ACCESS_PS) + SWITCH_PS + NIC_PS;

describe("the delay of notifications", () => {
  it.each([
    ["0ns", 0],
    ["1ps", 1],
    ["83560ps", 83_560],
    ["3us", 3_000_000],
    ["40us", 40_000_000],
  ])("of %s comes between the marked packet and the cut of its sender's rate", async (cnpDelay, delayPs) => {
    expect(await firstCutsPs(cnpDelay)).toEqual(MARKED_PS.map((ps) => ps + delayPs + BACK_PS));
  });

  it("lets a notification leave when all has been acknowledged", async () => {
    const plan = planOf(pairOf("20ms", "41KB"));
    expect(runToRest(plan).restPs).toBeGreaterThan(20_000_000_000);
    const result = await simulate(pairOf("20ms", "41KB"));
    expect(result.status).toBe("finished");
    expect(result.ecn.cnps).toBe(2);
    expect(result.jctNs).toBeLessThan(20_000);
  });

  it("is neither fast-forwarded nor folded, and says why", () => {
    for (const way of ["fastForward", "symmetry"] as const) {
      expect(whyNotAccelerated(planOf(pairOf("1us")), way)).toMatch(/notifications wait/);
      expect(whyNotAccelerated(planOf(pairOf("0ns")), way)).toBeNull();
    }
  });
});
