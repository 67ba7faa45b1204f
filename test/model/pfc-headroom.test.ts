import { describe, expect, it } from "vitest";
import { buildPlan } from "../support/network.js";
import { link } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const RATE_BPS = 400e9;
const PS_PER_BYTE = 20;
const WIRE_BYTES = 4178;
const ACCOUNTED_BYTES = 4158;
const PAUSE_WIRE_BYTES = 84;
const PROPAGATION_PS = 150_000;
const FEC_PS = 75_000;
const SWITCH_PS = 600_000;
const RESPONSE_PS = 600_000;

/**
 * Most packets that can take effect after the one that met the threshold. That one takes effect at
 * t. The pause frame starts at once here (the reverse direction is idle) and takes effect at t +
 * frame + propagation + FEC + response. Until then the sender starts a packet every WIRE_BYTES; the
 * packet that met the threshold was started serialization + propagation + FEC + pipeline before t.
 * So the starts after it lie in a span of (serialization + propagation + FEC + pipeline) + (frame +
 * propagation + FEC + response); one more may start at its very end, because a pause stops no
 * packet that has started.
 */
function packetsAfterThreshold(): number {
  const packetPs = WIRE_BYTES * PS_PER_BYTE;
  const spanPs =
    packetPs +
    PROPAGATION_PS +
    FEC_PS +
    SWITCH_PS +
    PAUSE_WIRE_BYTES * PS_PER_BYTE +
    PROPAGATION_PS +
    FEC_PS +
    RESPONSE_PS;
  return Math.ceil(spanPs / packetPs) - 1;
}

/**
 * A host sends at line rate to one whose link is so slow that hardly anything leaves the buffer
 * meanwhile: the worst case.
 */
async function dropsWithHeadroom(headroomBytes: number) {
  const access = (host: number, rateBps: number) => ({ ...link(host, 100, rateBps, PROPAGATION_PS), fecPs: FEC_PS });
  const outcome = await runCore(
    buildPlan({
      hosts: [0, 1],
      switches: [{ id: 100, latencyPs: SWITCH_PS, bufferBytes: 64 * 2 ** 20 }],
      links: [access(0, RATE_BPS), access(1, 1e9)],
      flows: [{ src: 0, dst: 1, bytes: 4096 * 200 }],
      flowControl: {
        reserveBytes: 0,
        xoffBytes: 20 * ACCOUNTED_BYTES,
        headroomBytes,
        resumeOffsetBytes: 2 * ACCOUNTED_BYTES,
        pauseResponsePs: RESPONSE_PS,
      },
    }),
  );
  expect(outcome.status).toBe("finished");
  expect(outcome.totals.pausesSent).toBeGreaterThan(0);
  return outcome.totals.droppedCongestion;
}

describe("PFC headroom", () => {
  it("loses nothing with the headroom of the formula, and something with one packet less", async () => {
    const needed = packetsAfterThreshold() * ACCOUNTED_BYTES;
    expect(await dropsWithHeadroom(needed)).toBe(0);
    expect(await dropsWithHeadroom(needed - ACCOUNTED_BYTES)).toBeGreaterThan(0);
  });
});
