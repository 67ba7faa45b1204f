import { describe, expect, test } from "vitest";
import { runCore } from "../support/run-core.js";
import { completionPs, leafDeliveryPs, oneLeaf, PACKET_PS, PAYLOAD_BYTES, planOf } from "./support.js";

async function treePs(gpus: number, size: number): Promise<number> {
  const workload = { kind: "collective", algorithm: "double-binary-tree", size: `${size}B`, chunk: `${size}B` };
  return completionPs(await runCore(planOf({ topology: oneLeaf(gpus), workload })));
}

describe("double binary tree under one leaf, one chunk of one packet per tree", () => {
  // The root has one child and all others below it two: a delivery per level up and down. Where two
  // children send to one parent the second packet waits for the first, and so does the second on
  // the way down.
  test.each([
    [2, 1],
    [4, 2],
    [8, 3],
    [16, 4],
  ])("%i GPUs: %i levels up and down", async (gpus, levels) => {
    const expectedPs = 2 * levels * leafDeliveryPs(1) + 2 * (levels - 1) * PACKET_PS;
    expect(await treePs(gpus, 2 * PAYLOAD_BYTES)).toBe(expectedPs);
  });

  test("3 GPUs: both trees are chains of two levels", async () => {
    expect(await treePs(3, 2 * PAYLOAD_BYTES)).toBe(4 * leafDeliveryPs(1));
  });
});
