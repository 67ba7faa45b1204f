import { describe, expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { Simulation } from "../../src/api/simulation.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { Progress } from "../../src/util/progress.js";

const LARGE = {
  version: 1,
  topology: { kind: "fat-tree", gpus: 4096 },
  workload: { kind: "collective", collective: "all-reduce", size: "1MiB" },
};

/**
 * Aborts at the first progress of the simulation itself; the phases before it report theirs too.
 */
function whileSimulating(stop: AbortController): (progress: Progress) => void {
  return ({ phase }) => {
    if (phase === "simulating") stop.abort();
  };
}

describe("a signal", () => {
  test("ends the laying out of a run, and is its reason", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 0);
    await expect(Simulation.start(LARGE, { signal: stop.signal })).rejects.toBe(reason);
    await expect(simulate(LARGE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("ends a run on its way, which tells what is known", async () => {
    const stop = new AbortController();
    const result = await simulate(
      { ...LARGE, topology: { kind: "leaf-spine", gpus: 64 }, workload: { ...LARGE.workload, size: "1GiB" } },
      { signal: stop.signal, fastForward: false, onProgress: whileSimulating(stop) },
    );
    expect(result.status).toBe("cancelled");
    expect(result.packets.hops).toBeGreaterThan(0);
  });

  test("is heard while a policy of JavaScript takes its time at every packet", async () => {
    const { scenario } = parseScenario({
      ...LARGE,
      topology: { kind: "leaf-spine", gpus: 64 },
      routing: { policy: "custom" },
    });
    const slow = () => {
      const endMs = performance.now() + 1;
      while (performance.now() < endMs);
      return 0;
    };
    const stop = new AbortController();
    const run = simulate(scenario, { policy: slow, signal: stop.signal, onProgress: whileSimulating(stop) });
    const { status, packets } = await run;
    const whole = await simulate(scenario, { policy: () => 0 });
    expect(status).toBe("cancelled");
    expect(packets.hops).toBeLessThan(whole.packets.hops / 2);
  });
});

test("laying out lets others have their turn", async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const simulation = await Simulation.start(LARGE);
  clearInterval(timer);
  await simulation.close();
  expect(turns).toBeGreaterThanOrEqual(3);
});
