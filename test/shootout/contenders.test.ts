import { expect, it } from "vitest";
import { policiesWith, ROUTING } from "../../src/plan/policies/routing.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { contendersOf } from "../../src/study/shootout/contenders.js";
import { planTransport } from "../../src/study/shootout/transport.js";

it("contenders are all built-in policies, with the traits of their rows", () => {
  const contenders = contendersOf();
  expect(contenders.map(({ name }) => name)).toEqual(policiesWith(({ pathPer }) => pathPer !== "unknown"));
  for (const { name, reorders, readsMarks } of contenders) {
    const row = ROUTING[name as keyof typeof ROUTING];
    expect([name, reorders, readsMarks]).toEqual([name, row.pathPer === "packet", row.readsMarks]);
  }
});

it("mixed, which is reps or bitmap by turns, is given marks as they are", () => {
  const { scenario } = parseScenario({
    ...{ version: 1, topology: { kind: "leaf-spine", gpus: 32, radix: 16 } },
    workload: { kind: "collective", size: "64KiB" },
  });
  const setOf = (names: string[]) => planTransport(scenario, contendersOf(names), "same");
  expect(setOf(["ecmp", "mixed"]).set).toEqual(setOf(["ecmp", "reps"]).set);
  expect(setOf(["ecmp", "mixed"]).notes.at(-1)).toMatch(/since mixed steers by marks/);
});
