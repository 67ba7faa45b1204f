import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { incast } from "./incast.js";

const TRIM = { flowControl: { kind: "none", trim: true } };
const DROP = { flowControl: { kind: "none" } };

describe("packet trimming", () => {
  it.each([
    // Who wins ends, and of those that are left each packet cuts fewer than 31 others.
    ["arriving", 1 + (31 * 84) / 4178],
    // All 32 send at line rate to the end: in the time t of a packet and what is cut meanwhile,
    // 32t/P come, of which one is sent whole. So t = P + (32t/P - 1)H.
    ["fair", (1 - 84 / 4178) / (1 - (32 * 84) / 4178)],
  ])(
    "needs no timeout in a 32-to-1 incast; the link carries nothing but packets and the headers of others: %s",
    async (trimVictim, most) => {
      const flowControl = { ...TRIM.flowControl, trimVictim };
      const trimmed = await simulate(incast(32, 1_000_000, { kind: "none" }, { flowControl }));
      expect(trimmed.packets.trimmed).toBeGreaterThan(1000);
      expect(trimmed.packets.dropped.congestion).toBe(0);
      expect(trimmed.packets.timeouts).toBe(0);
      expect(trimmed.packets.retransmitted / trimmed.packets.trimmed).toBeCloseTo(1, 1);
      expect(trimmed.jctNs! / trimmed.idealJctNs).toBeLessThan(most);
    },
  );

  it("locks no sender out: two equal ones end together", async () => {
    const { flows } = await simulate(incast(2, 8_000_000, { kind: "none" }, { ...TRIM, switch: { buffer: "1MiB" } }));
    const ends = flows!.map(({ fctNs }) => fctNs!);
    expect(Math.min(...ends) / Math.max(...ends)).toBeGreaterThan(0.95);
  });

  it("beats dropping: what is lost is known one round trip later", async () => {
    const small = { switch: { buffer: "256KiB" } };
    const trimmed = await simulate({ ...incast(32, 1_000_000, { kind: "none" }, TRIM), ...small });
    const incastOf32 = incast(32, 1_000_000, { kind: "none" }, DROP);
    // Of 32 that share the loss, each loses nearly all until others have ended.
    const transport = { ...incastOf32.transport, retryLimit: 1000 };
    const dropped = await simulate({ ...incastOf32, transport, ...small });
    expect(dropped.packets.timeouts).toBeGreaterThan(0);
    expect(trimmed.packets.timeouts).toBe(0);
    expect(trimmed.jctNs!).toBeLessThan(dropped.jctNs! / 1.2);
  });

  it("recovers the last packet of a flow without a timeout", async () => {
    const scenario = incast(2, 4096, { kind: "none" }, TRIM);
    const { packets, status } = await simulate({ ...scenario, switch: { buffer: "5000B" } });
    expect(status).toBe("finished");
    expect(packets.trimmed).toBeGreaterThan(0);
    expect(packets.timeouts).toBe(0);
  });

  it("with NSCC keeps a 32-to-1 incast within what the switch holds after the first round trips", async () => {
    const { packets, jctNs, idealJctNs } = await simulate(incast(32, 4_000_000, { kind: "nscc" }, TRIM));
    expect(packets.retransmitted / packets.sent).toBeLessThan(0.02);
    expect(jctNs! / idealJctNs).toBeLessThan(1.02);
  });

  it.each([
    [{ ...TRIM, wire: { ackClass: "data" } }, "trimmed packets travel in the control class"],
    [{ ...TRIM, transport: { recovery: "go-back-n" } }, "trimmed packets are repeated one by one"],
  ])("is refused where it makes no sense: %j", (settings, message) => {
    expect(() => parseScenario(incast(2, 4096, { kind: "none" }, settings))).toThrow(message);
  });
});
