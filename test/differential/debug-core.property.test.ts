/** The debug core has no check that fails, and the outcome of the shipped core. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CoreTrapError } from "../../src/engine/core/errors.js";
import { Run, Thread } from "../../src/engine/core/layout.js";
import { CoreRun } from "../../src/engine/run/run.js";
import { runOracle } from "../oracle/run.js";
import { expectSameOutcome } from "../support/compare.js";
import { useDebugCore } from "../support/debug-core.js";
import { linkCredit, randomPlan } from "../support/random-plan.js";
import { runCore } from "../support/run-core.js";

const RUNS = { numRuns: Number(process.env.HEDDLE_RUNS ?? 30) };
const HEADER = 1024;

beforeAll(useDebugCore);

describe("the debug core", () => {
  it("agrees with the oracle, and no check fails", async () => {
    await fc.assert(
      fc.asyncProperty(randomPlan(), fc.constantFrom(1, 2, 3), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      RUNS,
    );
  }, 300_000);

  it("does so on links with credit", async () => {
    const plans = linkCredit.chain(({ bufferPackets, updatePackets }) =>
      randomPlan((spec) => ({
        ...spec,
        switches: spec.switches.map((sw) => ({
          ...sw,
          credit: { bufferBytes: bufferPackets * 4096, updateBytes: updatePackets * 4096 },
        })),
        stalls: [],
        links: spec.links.map(({ hazardPerByte: _, downAtPs: __, ...link }) => link),
      })),
    );
    await fc.assert(
      fc.asyncProperty(plans, fc.constantFrom(1, 2), async (plan, threads) => {
        expectSameOutcome(await runCore(plan, 1e6, threads), runOracle(plan));
      }),
      RUNS,
    );
  }, 300_000);

  it("traps where its pool is damaged, and names the check", async () => {
    const [plan] = fc.sample(randomPlan(), { numRuns: 1, seed: 1 });
    const start = await CoreRun.start(plan!, { fastForward: false });
    start.advance(1);
    const image = start.image().slice();
    await start.close();
    const bytes = new DataView(image.buffer);
    const thread = bytes.getUint32(HEADER + Run.threads.offset, true);
    // A free list that begins in the midst of a chunk.
    bytes.setUint32(thread + Thread.free.offset, 4096 + 16, true);
    const run = await CoreRun.resume(plan!, image, { fastForward: false });
    expect(() => {
      while (run.advance(1e6));
    }).toThrow(CoreTrapError);
    await run.close();
  });
});

describe("the cores that are shipped", () => {
  it("are without checks: the package has no debug core", () => {
    const build = readFileSync(new URL("../../scripts/build.mjs", import.meta.url), "utf8");
    expect(build).not.toMatch(/core\.debug/);
  });
});
