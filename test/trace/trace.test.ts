import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_RANKS, ranksToShow } from "../../src/answer/trace/ranks.js";
import { Simulation, type SimulationOptions } from "../../src/index.js";
import { heddle } from "../cli/fake-environment.js";

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly id?: number;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

const SCENARIO = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 2 },
  workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", size: "1MiB" },
};

async function traced(scenario: object, options: SimulationOptions = {}) {
  const simulation = await Simulation.start({ ...SCENARIO, ...scenario } as never, { trace: {}, ...options });
  await simulation.run();
  await simulation.explain();
  const trace = simulation.trace();
  const file = JSON.parse([...trace.parts()].join(""));
  const result = simulation.result();
  await simulation.close();
  const events: readonly Event[] = file.traceEvents;
  return { trace, file, events, result, slices: events.filter(({ ph }) => ph === "X") };
}

/** Slices by process and thread, in the order of the file. */
function byTrack(slices: readonly Event[]): readonly Event[][] {
  const tracks = new Map<string, Event[]>();
  for (const one of slices) {
    const key = `${one.pid} ${one.tid}`;
    tracks.set(key, [...(tracks.get(key) ?? []), one]);
  }
  return [...tracks.values()];
}

const ps = (us: number) => Math.round(us * 1e6);

describe("the trace of a collective", () => {
  it("has slices that follow each other on every track, and ends with the job", async () => {
    const { slices, result } = await traced({}, { explain: true });
    for (const track of byTrack(slices)) {
      track.slice(1).forEach(({ ts }, i) => {
        const before = track[i]!;
        expect(ps(ts)).toBeGreaterThanOrEqual(ps(before.ts) + ps(before.dur!));
      });
    }
    const jctPs = ps(result.jctNs! / 1000);
    expect(Math.max(...slices.map(({ ts, dur }) => ps(ts) + ps(dur!)))).toBe(jctPs);
    const path = slices.filter(({ cat }) => cat === "critical_path");
    expect(path.reduce((sum, { dur }) => sum + ps(dur!), 0)).toBe(jctPs);
  });

  it("joins chunks by arrows that begin and end within slices, and marks the critical path", async () => {
    const { events, slices } = await traced({});
    const within = ({ pid, tid, ts }: Event) =>
      slices.filter((one) => one.pid === pid && one.tid === tid && one.ts <= ts && ts <= one.ts + one.dur!);
    const [starts, ends] = [events.filter(({ ph }) => ph === "s"), events.filter(({ ph }) => ph === "f")];
    expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
    expect(ends.map(({ id }) => id)).toEqual(starts.map(({ id }) => id));
    for (const end of [...starts, ...ends]) expect(within(end).length).toBeGreaterThan(0);
    for (const [i, end] of ends.entries()) expect(end.ts).toBeGreaterThan(starts[i]!.ts);
    const critical = slices.filter(({ args }) => args!.critical === true);
    const arrows = starts.filter(({ cat }) => cat === "critical_path");
    expect(critical.length).toBeGreaterThan(1);
    expect(arrows.length).toBe(critical.length - 1);
  });

  it("has what Holistic Trace Analysis reads, and sends all bytes", async () => {
    const { file, slices, events } = await traced({});
    expect(file.distributedInfo).toEqual({ backend: "nccl", rank: 0, world_size: 8 });
    const kernels = slices.filter(({ args }) => args!.stream !== undefined);
    expect(kernels.map(({ pid }) => pid)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const { cat, name, args } of kernels) {
      expect(cat).toBe("kernel");
      expect(name).toBe("ncclKernel_AllReduce_RING_SIMPLE_Sum_int8_t");
      expect(args).toMatchObject({
        "Collective name": "allreduce",
        "In msg nelems": 2 ** 20,
        "Out msg nelems": 2 ** 20,
        "Group size": 8,
      });
    }
    const bytes = slices.reduce((sum, { args }) => sum + Number(args!.bytes ?? 0), 0);
    expect(bytes).toBe(14 * 2 ** 20);
    const rates = events.filter(({ ph, pid }) => ph === "C" && pid === 3);
    const received = rates.slice(1).reduce((sum, { ts }, i) => {
      const { ts: sinceUs, args } = rates[i]!;
      return sum + (Number(args!["Gb/s"]) * (ts - sinceUs)) / 8e-3;
    }, 0);
    expect(received).toBeCloseTo((14 * 2 ** 20) / 8, 0);
  });

  it("has what was delivered of a run that did not finish, and no critical path", async () => {
    const { slices, result } = await traced({ timeLimit: "20us" });
    expect(result.status).toBe("time-limit");
    expect(slices.filter(({ cat }) => cat === "chunk").length).toBeGreaterThan(0);
    for (const { ts, dur, args } of slices) {
      expect(ts + dur!).toBeLessThanOrEqual(20);
      expect(args!.critical).toBeUndefined();
    }
  });

  it("of many ranks shows the slowest and the median, or the ones that were asked for", () => {
    const finishPs = Float64Array.from({ length: 32_768 }, (_, rank) => (rank * 7919) % 32_768);
    const { ranks, note } = ranksToShow(finishPs, []);
    expect(note).toBe("16 of 32768 ranks: the 8 slowest and 8 at the median");
    const ends = ranks.map((rank) => finishPs[rank]!).sort((a, b) => a - b);
    expect(ends.slice(8)).toEqual([32_760, 32_761, 32_762, 32_763, 32_764, 32_765, 32_766, 32_767]);
    expect(ends[0]).toBe(16_380);
    expect(ranksToShow(finishPs, [5, 1, 5])).toMatchObject({ ranks: [1, 5] });
    expect(ranksToShow(new Float64Array(MAX_RANKS), []).note).toBeUndefined();
  });
});

describe("the trace of a program", () => {
  const program = (record: object | undefined) => ({
    workload: {
      kind: "program",
      communicators: [{ name: "all", collective: "all-reduce", algorithm: "ring", size: "1MiB" }],
      roles: [{ name: "worker", streams: [{ do: [{ compute: "5us" }, { collective: "all" }] }] }],
      ...(record && { record }),
    },
  });

  it("has computations and operations of all ranks, or of those that were asked for", async () => {
    const all = await traced(program(undefined));
    expect(all.trace).toMatchObject({ ranks: [0, 1, 2, 3, 4, 5, 6, 7], note: undefined });
    const asked = { trace: { ranks: [0, 3] } };
    const { slices, trace, result } = await traced(program(undefined), asked);
    expect(result.engine.digest).toBe(all.result.engine.digest);
    expect(trace).toMatchObject({ ranks: [0, 3], note: "2 of 8 ranks: those that were recorded" });
    const ofRank = slices.filter(({ pid }) => pid === 3);
    expect(ofRank.length).toBe(2);
    expect(ofRank[0]).toMatchObject({ ts: 0, dur: 5 });
    expect(ofRank[1]!.name).toContain("ncclKernel");
  });

  it("is refused of ranks that are not there", async () => {
    await expect(traced(program(undefined), { trace: { ranks: [9] } })).rejects.toThrow("the last rank is 7");
    await expect(traced({}, { trace: { ranks: [8] } })).rejects.toThrow("the last rank is 7");
  });
});

describe("heddle run --trace", () => {
  it("writes a file, or a folder with one for each rank", async () => {
    const folder = await mkdtemp(join(tmpdir(), "heddle-"));
    const text = JSON.stringify(SCENARIO);
    const one = await heddle(["run", "-", "--trace", join(folder, "all.json"), "--trace-ranks", "1-2,5"], {
      stdin: text,
    });
    expect(one.stderr).toContain("the trace shows 3 of 8 ranks");
    expect(JSON.parse(await readFile(join(folder, "all.json"), "utf8")).distributedInfo.rank).toBe(1);
    await heddle(["run", "-", "--quiet", "--trace", join(folder, "each/")], { stdin: text });
    const files = await readdir(join(folder, "each"));
    expect(files.length).toBe(8);
    expect(JSON.parse(await readFile(join(folder, "each", "rank-7.json"), "utf8")).distributedInfo.rank).toBe(7);
  });

  it("is refused with what cannot go beside it", async () => {
    const kept = await heddle(["run", "hello", "--trace", "t.json", "--snapshot", "s"]);
    expect(kept.stderr).toContain("--snapshot cannot keep");
    const lone = await heddle(["run", "hello", "--trace-ranks", "0"]);
    expect(lone.stderr).toContain("add --trace FILE");
    const wrong = await heddle(["run", "hello", "--trace", "t.json", "--trace-ranks", "3-1"]);
    expect(wrong.stderr).toContain("e.g. --trace-ranks 0,8-15");
  });
});
