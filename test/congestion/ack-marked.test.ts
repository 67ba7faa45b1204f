import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { incast } from "./incast.js";

const ECN = { kmin: "40KB", kmax: "80KB", pmax: 1 };

/** Two senders of 1,000 packets, whose receiver answers every 8. */
function run(recovery: string, ackMarked: boolean) {
  const scenario = incast(2, 1000 * 4096, { kind: "nscc" }, { ecn: ECN });
  const transport = { ...scenario.transport, recovery, ackEvery: 8, ackMarked };
  return simulate({ ...scenario, transport });
}

describe("ackMarked", () => {
  it.each(["selective", "go-back-n"])("answers each packet that has a mark, under %s", async (recovery) => {
    const [late, atOnce] = [await run(recovery, false), await run(recovery, true)];
    expect(late.packets.acks).toBe(2 * 125);
    expect(atOnce.ecn.marked).toBeGreaterThan(100);
    expect(atOnce.packets.acks).toBeGreaterThanOrEqual(atOnce.ecn.marked);
    expect(atOnce.packets.acks).toBeLessThan(atOnce.ecn.marked + 2 * 125);
  });

  it("changes nothing where no switch marks, and is told", async () => {
    const scenario = incast(2, 400 * 4096, { kind: "none" });
    const marked = { ...scenario, transport: { ...scenario.transport, ackMarked: true, ackEvery: 50 } };
    const { warnings } = parseScenario(marked);
    expect(warnings.map(({ message }) => message).join()).toContain("no switch makes marks here");
    const plain = { ...scenario, transport: { ...scenario.transport, ackEvery: 50 } };
    expect((await simulate(marked)).engine.digest).toBe((await simulate(plain)).engine.digest);
  });
});
