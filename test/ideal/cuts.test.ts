import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutsOf } from "../../src/answer/ideal/cuts.js";
import { type Edge, FlowNetwork } from "../../src/answer/ideal/max-flow.js";
import { extremes } from "../../src/answer/ideal/reach.js";
import { viewPlan } from "../../src/answer/ideal/view.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { scenarioOf } from "../topology/scenarios.js";

/** The least capacity between two vertices, over all ways to divide the others. */
function leastCut(vertices: number, edges: readonly Edge[], source: number, sink: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** vertices; set++) {
    const has = (vertex: number) => ((set >> vertex) & 1) === 1;
    if (!has(source) || has(sink)) continue;
    const cut = edges.filter(({ a, b }) => has(a) !== has(b));
    least = Math.min(
      least,
      cut.reduce((sum, { capacity }) => sum + capacity, 0),
    );
  }
  return least;
}

const graph = fc.integer({ min: 2, max: 7 }).chain((vertices) => {
  const vertex = fc.nat(vertices - 1);
  const edge = fc.record({ a: vertex, b: vertex, capacity: fc.integer({ min: 1, max: 9 }) });
  return fc.record({ vertices: fc.constant(vertices), edges: fc.array(edge, { maxLength: 14 }) });
});

it("a maximum flow is the least cut, and its side of the graph is one of that capacity", () => {
  fc.assert(
    fc.property(graph, ({ vertices, edges }) => {
      const { flow, side } = new FlowNetwork(vertices, edges).minimumCut(0, vertices - 1);
      expect(flow).toBe(leastCut(vertices, edges, 0, vertices - 1));
      const across = edges.filter(({ a, b }) => side[a] !== side[b]);
      expect([side[0], side[vertices - 1]]).toEqual([1, 0]);
      expect(across.reduce((sum, { capacity }) => sum + capacity, 0)).toBe(flow);
    }),
  );
});

describe("cuts of listed fabrics", () => {
  /** Four switches in a square, two hosts on each; the sides 0-1 and 2-3 are wide. */
  const square = scenarioOf({
    topology: {
      kind: "custom",
      hosts: Array.from({ length: 8 }, (_, i) => `h${i}`),
      switches: ["s0", "s1", "s2", "s3"],
      links: [
        ...Array.from({ length: 8 }, (_, i) => ({ a: `h${i}`, b: `s${Math.floor(i / 2)}` })),
        { a: "s0", b: "s1", rate: "1600Gbps" },
        { a: "s2", b: "s3", rate: "1600Gbps" },
        { a: "s1", b: "s2", rate: "50Gbps", count: 2 },
        { a: "s3", b: "s0", rate: "100Gbps" },
      ],
    },
  });

  it("include the narrow waist of a fabric, whatever leaves it joins", () => {
    const view = viewPlan(resolvePlan(square).plan);
    const found = cutsOf(view, extremes(view)).filter(({ level }) => level === "cut");
    const halves = found.filter(({ groupCount }) => groupCount === 2).map(({ groupOfRank }) => [...groupOfRank]);
    expect(halves).toContainEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("are none where a fabric is built: its levels are its cuts", () => {
    const built = scenarioOf({ topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 } });
    const view = viewPlan(resolvePlan(built).plan);
    expect(cutsOf(view, extremes(view)).map(({ level }) => level)).toEqual(["gpu", "leaf"]);
  });
});
