import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { codewordErrorRatio, frameLossRatio } from "../../src/build/physics/fec.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { runCore } from "../support/run-core.js";
import { planOf } from "./support.js";

/** Loses about one full frame in a thousand over two interleaved codewords. */
const BER = 1e-3;
const FRAME_OCTETS = 4096 + 62 + 8;

describe("bit errors beyond the reach of FEC", () => {
  it("lose the share of frames that the code says", async () => {
    const lossRatio = frameLossRatio(codewordErrorRatio(BER), FRAME_OCTETS, 2);
    expect(lossRatio).toBeGreaterThan(5e-4);
    expect(lossRatio).toBeLessThan(2e-3);
    let sent = 0;
    let dropped = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const plan = planOf({
        seed,
        topology: {
          kind: "custom",
          hosts: ["a", "b"],
          switches: ["s"],
          links: [
            { a: "a", b: "s", ber: BER },
            { a: "s", b: "b" },
          ],
        },
        transport: { kind: "roce", recovery: "selective", reorder: 1, rto: "100us" },
        workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: "64MiB" }] },
      });
      const { totals, ports, status } = await runCore(plan);
      expect(status).toBe("finished");
      const out = plan.fabric.nics.port[0]!;
      sent += totals.dataSent;
      dropped += ports.droppedCrc[out]!;
    }
    const spread = Math.sqrt(sent * lossRatio * (1 - lossRatio));
    // Four standard deviations of the binomial distribution.
    expect(Math.abs(dropped - sent * lossRatio)).toBeLessThan(4 * spread);
  });

  it("slow a collective down by one bad optic", async () => {
    const example = readFileSync(new URL("../../examples/bad-optic/scenario.yaml", import.meta.url), "utf8");
    const small = ["workload.size=32MiB"];
    const bad = await simulate(parseScenarioText(example, { set: small }).scenario);
    const healthy = await simulate(parseScenarioText(example, { set: [...small, "faults=[]"] }).scenario);
    expect([bad.status, healthy.status]).toEqual(["finished", "finished"]);
    expect(healthy.packets.dropped.crc).toBe(0);
    expect(bad.packets.dropped.crc).toBeGreaterThan(0);
    // Five losses, of a round trip of 3 us each, in 338 us: 5 %. The others of the ring wait for
    // each.
    expect(bad.jctNs! / healthy.jctNs!).toBeGreaterThan(1.03);
  });
});
