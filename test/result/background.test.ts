import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { beside } from "../../src/build/collective/beside.js";
import { ScheduleBuilder } from "../../src/build/collective/schedule.js";

const BASE = { topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 4, radix: 16 }, preset: "multipath" };
const COLLECTIVE = { kind: "collective", algorithm: "ring", channels: 1, size: "256KiB" };

function run(background?: object) {
  const workload = background === undefined ? COLLECTIVE : { ...COLLECTIVE, background };
  return simulate({ ...BASE, workload }, { withFlows: true });
}

describe("a collective beside other traffic", () => {
  it("takes longer, while its bounds stay", async () => {
    const alone = await run();
    const beset = await run({ pattern: "permutation", size: "1MiB" });
    expect(beset.status).toBe("finished");
    expect(beset.jctNs!).toBeGreaterThan(1.05 * alone.jctNs!);
    expect(beset.idealJctNs).toBe(alone.idealJctNs);
    const part = ({ explanation }: typeof alone, cause: string) => explanation.find((e) => e.cause === cause)?.ns;
    for (const cause of ["bound", "schedule"]) expect(part(beset, cause)).toBe(part(alone, cause));
    expect(beset.busbwGBps! * beset.jctNs!).toBeCloseTo(alone.busbwGBps! * alone.jctNs!, 3);
    expect(beset.workload).toMatchObject({ background: { flows: 32, totalBytes: 32 * 2 ** 20 } });
  });

  it("is done when it is done, however long the rest takes", async () => {
    const alone = await run();
    // After the collective's end: nothing but the last acknowledgements meets it.
    const late = await run({ flows: [{ src: 0, dst: 31, size: "4MiB", start: "1ms" }] });
    expect(late.jctNs).toBe(alone.jctNs);
    expect(late.ranks).toEqual(alone.ranks);
    expect(late.steps).toEqual(alone.steps);
    expect(late.explanation.map(({ cause, ns }) => [cause, ns])).toEqual(
      alone.explanation.map(({ cause, ns }) => [cause, ns]),
    );
    expect(late.engine.simulatedNs).toBeGreaterThan(1e6);
    expect(late.flows!.filter(({ background }) => background === true)).toHaveLength(1);
    expect(late.flows!.slice(0, -1)).toEqual(alone.flows);
  });
});

it("schedules side by side keep their flows and dependencies", () => {
  const chain = (bytes: number) => {
    const builder = new ScheduleBuilder();
    for (const src of [0, 1, 2]) builder.add({ src, dst: src + 1, chunkBytes: bytes, chunks: 4, startPs: src });
    builder.after(1, 0, 0);
    builder.after(2, 1, 2);
    return builder.build();
  };
  const [a, b] = [chain(10), chain(20)];
  const both = beside(a, b);
  const waits = ({ upFirst, upFlow, upLag }: typeof a, flow: number) =>
    [...upFlow.subarray(upFirst[flow]!, upFirst[flow + 1]!)].map((up, i) => [up, upLag[upFirst[flow]! + i]]);
  for (const flow of [0, 1, 2]) {
    expect(waits(both, flow)).toEqual(waits(a, flow));
    expect(waits(both, 3 + flow)).toEqual(waits(b, flow).map(([up, lag]) => [up! + 3, lag]));
    expect([both.src[3 + flow], both.chunkBytes[flow], both.chunkBytes[3 + flow]]).toEqual([b.src[flow], 10, 20]);
  }
  expect(both.count).toBe(6);
});
