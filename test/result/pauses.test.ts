import { describe, expect, test } from "vitest";
import { viewPlan } from "../../src/answer/ideal/view.js";
import { cascadesOf } from "../../src/answer/result/pauses.js";
import { tinyPlan } from "../ideal/support.js";
import { outcomeOf, portOf } from "./support.js";

const PLAN = tinyPlan({ leaves: 3, spines: 2 });

function cascades(...paused: readonly (readonly [from: string, to: string, pausedPs: number])[]) {
  const pausedPs = Object.fromEntries(paused.map(([from, to, ps]) => [portOf(PLAN, from, to), ps]));
  return cascadesOf(viewPlan(PLAN), outcomeOf(PLAN, { ports: { pausedPs } }).ports.pausedPs);
}

describe("cascades of pauses", () => {
  test("none", () => {
    expect(cascades()).toEqual([]);
  });

  test("a tree is named by the switch that waited for nobody", () => {
    const tree = cascades(["spine-0", "leaf-2", 9000], ["leaf-0", "spine-0", 7000], ["gpu-0", "leaf-0", 5000]);
    expect(tree).toEqual([{ root: "leaf-2", ports: 3, pausedNs: 21 }]);
  });

  test("trees apart, the worst first", () => {
    const trees = cascades(["gpu-0", "leaf-0", 1000], ["gpu-4", "leaf-2", 3000], ["gpu-5", "leaf-2", 3000]);
    expect(trees).toEqual([
      { root: "leaf-2", ports: 2, pausedNs: 6 },
      { root: "leaf-0", ports: 1, pausedNs: 1 },
    ]);
  });

  test("a switch that two roots hold up goes to the one that paused longer", () => {
    const trees = cascades(["leaf-0", "spine-0", 1000], ["leaf-0", "spine-1", 8000], ["gpu-0", "leaf-0", 500]);
    expect(trees).toEqual([
      { root: "spine-1", ports: 2, pausedNs: 8.5 },
      { root: "spine-0", ports: 1, pausedNs: 1 },
    ]);
  });

  test("a circle has no root, and is named by the one that paused longest", () => {
    const circle = cascades(
      ...([
        ["leaf-0", "spine-0", 1000],
        ["spine-0", "leaf-1", 4000],
        ["leaf-1", "spine-1", 1000],
        ["spine-1", "leaf-0", 1000],
      ] as const),
    );
    expect(circle).toEqual([{ root: "leaf-1", ports: 4, pausedNs: 7 }]);
  });
});
