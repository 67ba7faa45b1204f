import { describe, expect, test } from "vitest";
import type { RunPlan } from "../../src/plan/plan.js";
import { exportGoal } from "../../src/study/exports/goal.js";
import { run } from "../imports/support.js";
import { completionPs, type Document, leafDeliveryPs, oneLeaf, planOf } from "../model/support.js";
import { runCore } from "../support/run-core.js";

const textOf = (plan: RunPlan) => [...exportGoal(plan).text].join("");

/** Completion of a workload, and of the same written as GOAL and read again. */
async function bothWays(workload: Document, gpus = 4): Promise<[number, number]> {
  const plan = planOf({ topology: oneLeaf(gpus), workload });
  const direct = await runCore(plan);
  const again = await run("goal", { "x.goal": textOf(plan) });
  expect(again.status).toBe("finished");
  const ends = (direct.programs?.ranks.finishPs ?? [completionPs(direct)]) as ArrayLike<number>;
  return [Math.max(...Array.from(ends)), Math.max(...again.programs!.ranks.finishPs)];
}

describe("export as GOAL", () => {
  test("writes chunks, tags and what they wait for", () => {
    const text = textOf(
      planOf({ topology: oneLeaf(2), workload: { kind: "collective", algorithm: "ring", size: "8KiB" } }),
    );
    expect(text).toBe(
      [
        "// Written by heddle. 1 of a calc is 1 ns.",
        "num_ranks 2",
        "",
        "rank 0 {",
        "l0: recv 4096b from 1 tag 1",
        "l1: recv 4096b from 1 tag 1",
        "l2: send 4096b to 1 tag 0",
        "l3: send 4096b to 1 tag 0",
        "l3 requires l0",
        "}",
        "",
        "rank 1 {",
        "l0: recv 4096b from 0 tag 0",
        "l1: recv 4096b from 0 tag 0",
        "l2: send 4096b to 0 tag 1",
        "l3: send 4096b to 0 tag 1",
        "l3 requires l0",
        "}",
        "",
      ].join("\n"),
    );
  });

  test.each<[string, Document]>([
    ["a ring", { kind: "collective", algorithm: "ring", size: "64KiB" }],
    ["halving and doubling", { kind: "collective", algorithm: "halving-doubling", size: "64KiB" }],
    ["all-to-all", { kind: "collective", collective: "all-to-all", algorithm: "pairwise", size: "64KiB" }],
    ["a tree", { kind: "collective", algorithm: "double-binary-tree", size: "64KiB", chunk: "8KiB" }],
    [
      "flows",
      {
        kind: "flows",
        flows: [
          { src: 0, dst: 1, size: "8KiB", start: "3us" },
          { src: 1, dst: 2, size: "4KiB", after: [0] },
          { src: 0, dst: 3, size: "4KiB", start: "100ns" },
        ],
      },
    ],
  ])("takes the same time when it is read again: %s", async (_, workload) => {
    const [direct, again] = await bothWays(workload);
    expect(again).toBe(direct);
  });

  test("unrolls programs, with streams, signals and start times", async () => {
    const communicators = [
      { name: "sum", collective: "all-reduce", algorithm: "ring", size: "16KiB" },
      {
        name: "next",
        pairs: [
          [0, 1],
          [2, 3],
        ],
        size: "4KiB",
      },
    ];
    const body = [{ compute: "2us" }, { signal: "ready" }];
    const streams = [
      { do: [{ repeat: 2, do: body }] },
      { do: [{ repeat: 2, do: [{ wait: "ready" }, { send: "next" }] }, { collective: "sum" }] },
    ];
    const other = [{ do: [{ repeat: 2, do: [{ receive: "next" }, { compute: "1us" }] }, { collective: "sum" }] }];
    const roles = [
      { name: "first", ranks: [0, 2], start: "500ns", streams },
      { name: "second", streams: other },
    ];
    const [direct, again] = await bothWays({ kind: "program", communicators, roles });
    expect(again).toBe(direct);
    // The second message, what is computed after it, and a ring of four.
    expect(direct).toBe(500_000 + 4_000_000 + leafDeliveryPs(1) + 1_000_000 + 6 * leafDeliveryPs(1));
  });

  test("writes a trace again", async () => {
    const text =
      "num_ranks 2\nrank 0 {\na: calc 7\nb: send 4096b to 1\nb requires a\n}\nrank 1 {\nr: recv 4096b from 0\n}\n";
    const { planOf: tracePlan } = await import("../imports/support.js");
    const plan = await tracePlan("goal", { "x.goal": text });
    const again = await run("goal", { "x.goal": textOf(plan) });
    expect([...again.programs!.ranks.finishPs]).toEqual([7000, 7000 + leafDeliveryPs(1)]);
  });

  test.each<[RegExp, Document]>([
    [/GOAL has no delay/, { workload: { kind: "collective", algorithm: "ring", size: "8KiB", reductionDelay: "1us" } }],
    [
      /GOAL has no reduction in switches/,
      {
        topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, radix: 16 },
        workload: { kind: "collective", algorithm: "nvls", size: "64KiB" },
      },
    ],
    [
      /the signal both of all is given by several streams/,
      {
        workload: {
          kind: "program",
          communicators: [],
          roles: [
            {
              name: "all",
              streams: [{ do: [{ signal: "both" }] }, { do: [{ signal: "both" }] }, { do: [{ wait: "both" }] }],
            },
          ],
        },
      },
    ],
  ])("refuses %s", (message, document) => {
    const plan = planOf({ topology: oneLeaf(4), ...document });
    expect(() => textOf(plan)).toThrow(message);
  });
});
