import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";

const EXAMPLE = readFileSync(new URL("../../examples/pfc-victim/scenario.yaml", import.meta.url), "utf8");
const ALONE = "workload.flows=[{ src: v, dst: d1, size: 4MiB }]";
/** Twice the room that the four hosts need on the trunk. */
const WIDE_TRUNK = "topology.links[6].rate=800Gbps";

async function run(...set: string[]) {
  const result = await simulate(parseScenarioText(EXAMPLE, { set }).scenario);
  expect(result.status).toBe("finished");
  return { victimNs: result.flows!.at(-1)!.fctNs!, result };
}

async function slowdown(...set: string[]) {
  const [alone, { victimNs, result }] = [await run(...set, ALONE), await run(...set)];
  return { ratio: victimNs / alone.victimNs, result };
}

describe("a flow that shares a trunk with an incast", () => {
  test.each([
    ["example", []],
    ["wide trunk", [WIDE_TRUNK]],
  ])("is slowed down by pauses meant for others: %s", async (_name, set) => {
    const { ratio, result } = await slowdown(...set);
    // The pauses leave every input of the left switch about a third of its rate: 2.9 is measured.
    expect(ratio).toBeGreaterThan(1.5);
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.pfc.pauses).toBeGreaterThan(0);
  });

  test.each([
    ["example", []],
    ["wide trunk", [WIDE_TRUNK]],
  ])("is left alone without pauses: %s", async (_name, set) => {
    const { ratio, result } = await slowdown(...set, "preset=lossy");
    // What is left is waiting for single packets of others on the trunk.
    expect(ratio).toBeLessThan(1.05);
    expect(result.packets.dropped.congestion).toBeGreaterThan(0);
    expect(result.pfc.pauses).toBe(0);
  });
});
