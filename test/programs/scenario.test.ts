import { describe, expect, test } from "vitest";
import { formatResult } from "../../src/answer/result/text.js";
import { simulate } from "../../src/api/simulate.js";
import type { Outcome } from "../../src/plan/outcome.js";
import { ACCESS_PS, type Document, deliveryPs, oneLeaf, resolve } from "../model/support.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { runCore } from "../support/run-core.js";

const program = (gpus: number, workload: Document, rest: Document = {}): Document => ({
  topology: oneLeaf(gpus),
  workload: { kind: "program", ...workload },
  ...rest,
});

/** Runs it on the core, and holds that to the oracle. */
async function run(document: Document): Promise<Outcome> {
  const { plan } = resolve(document);
  const outcome = await runCore(plan);
  expectSameOutcome(outcome, runOracle(plan));
  return outcome;
}

const MESSAGE_PS = (packets: number) => deliveryPs(packets, [ACCESS_PS, ACCESS_PS]);

describe("programs of a scenario", () => {
  test("take sizes of operations, and groups", async () => {
    const communicators = [
      {
        name: "sum",
        size: "8KiB",
        ranks: [
          [0, 1],
          ["gpu-2", 3],
        ],
      },
    ];
    const steps = [
      { repeat: 2, do: [{ collective: "sum" }] },
      { collective: "sum", size: "16KiB", label: "big" },
    ];
    const { programs, status } = await run(
      program(4, { communicators, roles: [{ name: "all", streams: [{ do: steps }] }] }),
    );
    expect(status).toBe("finished");
    // A ring of two: a half there, and the sum of the other half.
    const endPs = 2 * 2 * MESSAGE_PS(1) + 2 * MESSAGE_PS(2);
    expect([...programs!.ranks.finishPs]).toEqual(Array(4).fill(endPs));
    expect(programs!.labels.map(({ count }) => count)).toEqual([8, 4]);
  });

  test("send and receive between ranks of one role", async () => {
    const communicators = [
      {
        name: "up",
        size: "4KiB",
        pairs: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
      },
      { name: "late", size: "4KiB", pairs: [[3, 0]], rendezvous: true },
    ];
    const roles = [
      { name: "first", ranks: [0], streams: [{ do: [{ send: "up" }, { compute: "1ms" }, { receive: "late" }] }] },
      { name: "middle", ranks: [1, 2], streams: [{ do: [{ receive: "up" }, { send: "up" }] }] },
      { name: "last", ranks: [3], streams: [{ do: [{ receive: "up" }, { send: "late", ends: "delivered" }] }] },
    ];
    const { programs } = await run(program(4, { communicators, roles }));
    const [first, , , last] = programs!.ranks.finishPs;
    const sentPs = 700_000 + 83_560;
    const readyPs = sentPs + 1e9 + 2 * 700_000 + 600_000 + 2 * ACCESS_PS + 2 * (83 * 20);
    expect(first).toBe(readyPs + MESSAGE_PS(1));
    // Its message waits for word; the send itself ends when the word is there.
    expect(last).toBe(readyPs);
  });

  test("spread over several queue pairs, and wait for the reduction", async () => {
    const communicators = [{ name: "sum", size: "64KiB", reductionDelay: "1us" }];
    const roles = [
      { name: "all", jitter: 0.5, streams: [{ do: [{ repeat: 3, do: [{ compute: "1us" }, { collective: "sum" }] }] }] },
    ];
    const transport = { qpsPerConnection: 3 };
    expect((await run(program(5, { communicators, roles }, { transport }))).status).toBe("finished");
  });

  test("tell of roles, operations and sampled ranks", async () => {
    const communicators = [{ name: "sum", size: "1MiB" }];
    const roles = [
      {
        name: "slow",
        ranks: [3],
        computeFactor: 1.5,
        streams: [{ name: "s", do: [{ compute: "1ms" }, { collective: "sum" }] }],
      },
      { name: "fast", streams: [{ do: [{ compute: "1ms", label: "forward" }, { collective: "sum" }] }] },
    ];
    const record = { ranks: ["gpu-1"], limit: 1 };
    const result = await simulate(program(4, { communicators, roles, record }) as never);
    expect(result.workload).toEqual({
      kind: "program",
      roles: [
        { name: "slow", ranks: 1 },
        { name: "fast", ranks: 3 },
      ],
    });
    const [slow, fast] = result.program!.roles;
    expect(slow).toMatchObject({ ranks: 1, computeNs: 1.5e6, idleNs: 0 });
    expect(fast!.exposedNs).toBeGreaterThan(0.5e6);
    expect(Math.max(slow!.finishNs!, fast!.finishNs!)).toBe(result.jctNs);
    expect(result.program!.operations.map(({ name, count }) => [name, count])).toEqual([
      ["compute", 1],
      ["sum", 4],
      ["forward", 3],
    ]);
    expect(result.program!.timelines).toEqual([
      { rank: 1, dropped: 1, entries: [{ stream: "stream-0", name: "forward", startNs: 0, endNs: 1e6 }] },
    ]);
    expect(result.jctNs).toBeGreaterThanOrEqual(result.idealJctNs);
    const text = formatResult(result);
    expect(text).toContain("program of 2 roles on 4 GPUs");
    expect(text).toMatch(/slow +1 +1\.\d+ ms/);
  });

  test("that cannot finish say who waits for whom", async () => {
    const communicators = [{ name: "sum", size: "1MiB" }];
    const roles = [
      { name: "twice", ranks: [0], streams: [{ name: "main", do: [{ repeat: 2, do: [{ collective: "sum" }] }] }] },
      { name: "once", streams: [{ do: [{ collective: "sum" }] }] },
    ];
    const result = await simulate(program(3, { communicators, roles }) as never);
    expect(result.status).toBe("stuck");
    expect(result.diagnosis!.text).toBe(
      "1 of 3 programs cannot go on: gpu-0 (twice, main) waits in sum, operation 2 of its communicator, for data from gpu-2.",
    );
  });

  test("start at times of their own", async () => {
    const roles = [
      { name: "a", ranks: [0], start: "3us", streams: [{ do: [{ compute: "1us" }] }] },
      { name: "b", start: "2us", streams: [{ do: [{ compute: "1us" }] }] },
    ];
    const result = await simulate(program(2, { roles }) as never);
    expect([result.startNs, result.jctNs, result.idealJctNs]).toEqual([2000, 2000, 2000]);
  });
});
