import { describe, expect, it, test } from "vitest";
import { runCore } from "../support/run-core.js";
import { completionPs, leafDeliveryPs, PAYLOAD_BYTES, planOf } from "./support.js";

const CELL_BYTES = 65_536;
const SCALE_UP_CABLE_PS = 300_000;

/**
 * A cell and its 82 bytes of headers and gap at 450 GB/s, twice, over two cables; NVSwitch and
 * ports add nothing.
 */
function scaleUpDeliveryPs(bytes: number): number {
  const serializationPs = Math.round(((bytes + 82) * 8e12) / 3.6e12);
  return 2 * (serializationPs + SCALE_UP_CABLE_PS);
}

function hierarchicalRing(sizeBytes: number) {
  return { kind: "collective", algorithm: "hierarchical-ring", size: `${sizeBytes}B` };
}

describe("hierarchical ring", () => {
  test.each([2, 4, 8])("is 2(g-1) steps over the NVSwitch in one node of %i GPUs", async (g) => {
    const topology = { kind: "leaf-spine", gpus: g, gpusPerNode: g, radix: 64 };
    const outcome = await runCore(planOf({ topology, workload: hierarchicalRing(g * CELL_BYTES) }));
    expect(completionPs(outcome)).toBe(2 * (g - 1) * scaleUpDeliveryPs(CELL_BYTES));
  });

  it("is g-1 steps inside, 2(n-1) on the rail, g-1 inside", async () => {
    const [g, n] = [4, 4];
    const topology = { kind: "rail-optimized", gpus: g * n, gpusPerNode: g, radix: 16 };
    const outcome = await runCore(planOf({ topology, workload: hierarchicalRing(g * n * PAYLOAD_BYTES) }));
    const insidePs = (g - 1) * scaleUpDeliveryPs(n * PAYLOAD_BYTES);
    expect(completionPs(outcome)).toBe(2 * insidePs + 2 * (n - 1) * leafDeliveryPs(1));
  });
});
