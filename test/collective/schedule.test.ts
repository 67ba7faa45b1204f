import { describe, expect, it } from "vitest";
import { ScheduleBuilder } from "../../src/build/collective/schedule.js";

describe("a schedule builder", () => {
  it("takes flows as they stream in, however many", () => {
    const builder = new ScheduleBuilder();
    const flows = 100_000;
    const all = (value: (flow: number) => number) => Array.from({ length: flows }, (_, flow) => value(flow));
    const numbers: number[] = [];
    for (let flow = 0; flow < flows; flow++) {
      const number = builder.add({
        src: flow % 7,
        dst: 7,
        chunkBytes: 2 ** 40 + flow,
        chunks: 1 + flow,
        startPs: 3 * flow,
      });
      numbers.push(number);
      // A dependency may name a flow that follows.
      if (flow % 2 === 0) builder.after(flow, flow + 1, flow);
      else builder.afterAll(flow, flow - 1);
    }
    const schedule = builder.build();
    expect(numbers).toEqual(all((flow) => flow));
    expect(schedule.count).toBe(flows);
    for (const column of ["src", "dst", "chunkBytes", "chunks", "startPs", "upFlow", "upLag"] as const) {
      expect(schedule[column], column).toHaveLength(flows);
    }
    expect(Array.from(schedule.src)).toEqual(all((flow) => flow % 7));
    expect(Array.from(schedule.chunkBytes)).toEqual(all((flow) => 2 ** 40 + flow));
    expect(Array.from(schedule.chunks)).toEqual(all((flow) => 1 + flow));
    expect(Array.from(schedule.startPs)).toEqual(all((flow) => 3 * flow));
    expect(Array.from(schedule.upFirst)).toEqual([...all((flow) => flow), flows]);
    expect(Array.from(schedule.upFlow)).toEqual(all((flow) => (flow % 2 === 0 ? flow + 1 : flow - 1)));
    expect(Array.from(schedule.upLag)).toEqual(all((flow) => (flow % 2 === 0 ? flow : 1 - flow)));
  });

  it.each([0, 1, 2, 3])("may be built with what was added so far, and go on, of %i expected flows", (expected) => {
    const builder = new ScheduleBuilder(expected);
    expect(builder.build()).toMatchObject({ count: 0, upFirst: new Uint32Array(1) });
    builder.add({ src: 0, dst: 1, chunkBytes: 0, chunks: 2 });
    const first = builder.build();
    builder.add({ src: 1, dst: 0, chunkBytes: 9, chunks: 2 });
    builder.after(1, 0, 0);
    expect([first.count, first.chunkBytes]).toEqual([1, Float64Array.of(1)]);
    expect(builder.build()).toMatchObject({ count: 2, upFlow: Uint32Array.of(0), upLag: Int32Array.of(0) });
  });

  it("refuses dependencies of flows that were not added", () => {
    const builder = new ScheduleBuilder();
    builder.add({ src: 0, dst: 1, chunkBytes: 1, chunks: 1 });
    expect(() => builder.afterAll(0, 1)).toThrow("flow 1 was not added yet");
    builder.after(0, 3, 1);
    expect(() => builder.build()).toThrow("flow 0 waits for flow 3, but 1 flows were added");
  });
});
