import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { incast } from "./incast.js";

const TRIM = { flowControl: { kind: "none", trim: true } };
const DROP = { flowControl: { kind: "none" } };

describe("packet trimming", () => {
  it("needs no timeout in a 32-to-1 incast; the link carries nothing but packets and the headers of the other 31 senders'", async () => {
    const trimmed = await simulate(incast(32, 1_000_000, { kind: "none" }, TRIM));
    expect(trimmed.packets.trimmed).toBeGreaterThan(1000);
    expect(trimmed.packets.dropped.congestion).toBe(0);
    expect(trimmed.packets.timeouts).toBe(0);
    expect(trimmed.packets.retransmitted / trimmed.packets.trimmed).toBeCloseTo(1, 1);
    expect(trimmed.jctNs! / trimmed.idealJctNs).toBeLessThan(1 + (31 * 84) / 4178);
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
