import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { PlanError } from "../../src/plan/plan-error.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { ScenarioDocument } from "../../src/scenario/schema/sections.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import type { CustomTopology } from "../../src/scenario/types/scenario.js";

const HOST_LINKS = ["a0", "a1", "b0", "b1"].map((a) => ({ a, b: a.startsWith("a") ? "left" : "right" }));
const TRUNK = { a: "left", b: "right" };

/** Two switches with two hosts each. */
function scenario(links: readonly object[]): ScenarioDocument {
  const topology = { kind: "custom", hosts: ["a0", "a1", "b0", "b1"], switches: ["left", "right"], links };
  return {
    version: 1,
    topology,
    workload: { kind: "flows", flows: [{ src: "a1", dst: "b0", size: "1MiB" }] },
  } as ScenarioDocument;
}

test("a fabric of two parts is refused, naming a host of each", async () => {
  const failure = simulate(scenario(HOST_LINKS));
  await expect(failure).rejects.toThrow(ScenarioError);
  await expect(failure).rejects.toThrow(/no path from a0 to b0/);
  expect((await simulate(scenario([...HOST_LINKS, TRUNK]))).status).toBe("finished");
});

test("a fabric that a program took apart is refused, naming the ends of the flow", () => {
  const whole = parseScenario(scenario([...HOST_LINKS, TRUNK])).scenario;
  const topology = whole.topology as CustomTopology;
  const parted = { ...whole, topology: { ...topology, links: topology.links.slice(0, -1) } };
  expect(() => resolvePlan(parted)).toThrow(PlanError);
  expect(() => resolvePlan(parted)).toThrow(/no path from a1 to b0/);
});
