import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { simulate } from "../../src/api/simulate.js";

const FILE = new URL("../data/reports/window-bound.yaml", import.meta.url);

test("one flow alone that is held by its window is told so, and no queue is blamed", async () => {
  const result = await simulate(parse(readFileSync(FILE, "utf8")));
  expect(result.jctNs! / 1e6).toBeCloseTo(9.465, 3);
  expect(result.links.maxQueueBytes.max).toBe(4178);
  expect(result.explanation.map(({ cause, basis }) => [cause, basis])).toEqual([
    ["bound", "bound"],
    ["window", "bound"],
  ]);
  const [, window] = result.explanation;
  expect(window!.shareOfJct).toBeCloseTo(1 - result.efficiency!, 9);
  expect(window!.text).toMatch(/^A queue pair has at most 1024 packets under way/);
});
