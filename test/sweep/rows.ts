import type { PointRow } from "../../src/study/sweep/row.js";

/** A row with just enough in it. */
export function rowNamed(id: string, metrics: Record<string, number | null> = { jctNs: 1 }): PointRow {
  return {
    schema: "heddle.point/1",
    id,
    axes: { "routing.policy": "ecmp" },
    seed: 1,
    scenarioName: "tiny",
    scenarioDigest: "d",
    heddleVersion: "1.2.3",
    coreDigest: "c",
    status: "finished",
    diagnosis: null,
    metrics,
    engineDigest: "e",
  };
}
