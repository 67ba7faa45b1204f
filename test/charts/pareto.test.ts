import { describe, expect, it } from "vitest";
import { paretoChart } from "../../src/study/charts/pareto.js";
import { formatPareto, paretoPoints } from "../../src/study/charts/pareto-points.js";
import { overlap, placeLabels } from "../../src/study/charts/place-labels.js";
import type { ChartRow } from "../../src/study/charts/sweep.js";

const row = (kind: string, jctNs: number | null, usd: number, seed = 1): ChartRow => ({
  axes: { "topology.kind": kind, "topology.radix": 64 },
  seed,
  metrics: { jctNs, costLowUsd: usd / 2, costHighUsd: (3 * usd) / 2, costWatts: usd / 100 },
});

describe("cost against time", () => {
  it("has on its front what no other point beats in both, equal points too", () => {
    const rows = [row("slow", 30, 1e6), row("worse", 31, 2e6), row("fast", 10, 4e6), row("same", 10, 4e6)];
    const points = paretoPoints(rows);
    expect(points.map(({ values, isOnFront }) => [values, isOnFront])).toEqual([
      ["slow", true],
      ["worse", false],
      ["fast", true],
      ["same", true],
    ]);
    expect(points[0]!.label).toBe("kind slow");
  });

  it("takes means over seeds, and leaves out points without a JCT", () => {
    const points = paretoPoints([row("a", 10, 1e6, 1), row("a", 20, 1e6, 2), row("b", null, 1e6)]);
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({ jctNs: 15, lowUsd: 5e5, highUsd: 1.5e6, watts: 1e4, isOnFront: true });
  });

  it("is a table with a mark at the front", () => {
    const [header, first] = formatPareto(paretoPoints([row("a", 10_000, 2e6), row("b", 20_000, 3e6)])).split("\n");
    expect(header).toMatch(/point +JCT +cost \(US\$\) +power/);
    expect(first).toMatch(/^\* +kind a +10\.000 us +1\.00 to 3\.00 M +20\.0 kW$/);
  });

  it("is refused where no point has a JCT and a cost", () => {
    expect(() => paretoChart([row("a", null, 1e6)])).toThrow(/no point has a JCT and a cost/);
  });
});

describe("labels", () => {
  it("cover neither marks nor one another, and stay in the frame", () => {
    const frame = { left: 0, top: 0, right: 400, bottom: 300 };
    const anchors = [100, 104, 108, 395].map((x, i) => ({ x, y: 100, text: `${i + 1}` }));
    const marks = anchors.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
    const boxes = placeLabels(anchors, marks, { fontSize: 14, frame }).map(({ dx, dy }, i) => {
      const { x, y } = anchors[i]!;
      return { left: x + dx - 4.2, right: x + dx + 4.2, top: y + dy - 7.7, bottom: y + dy + 7.7 };
    });
    const clashes = boxes.filter((box, i) =>
      [...marks, ...boxes.slice(0, i), ...boxes.slice(i + 1)].some((other) => overlap(box, other)),
    );
    expect(clashes).toEqual([]);
    expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(400);
  });
});
