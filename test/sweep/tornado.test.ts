import { describe, expect, it, test } from "vitest";
import { IssueList } from "../../src/scenario/document/issues.js";
import { type DocNode, toPlain } from "../../src/scenario/document/node.js";
import { readText } from "../../src/scenario/document/read-text.js";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { parseScenarioText } from "../../src/scenario/parse/parse.js";
import { applyPresets } from "../../src/scenario/presets/presets.js";
import type { Expansion } from "../../src/study/sweep/expansion.js";
import { MANIFEST_SCHEMA, type Manifest } from "../../src/study/sweep/manifest.js";
import type { PointRow } from "../../src/study/sweep/row.js";
import type { TornadoPlan } from "../../src/study/sweep/tornado-plan.js";
import { type TornadoReport, tornadoReport } from "../../src/study/tornado/effects.js";
import { type TornadoSettings, tornadoSource } from "../../src/study/tornado/expand.js";
import { move, write } from "../../src/study/tornado/move.js";
import { numericFields } from "../../src/study/tornado/numbers.js";
import { formatTornado } from "../../src/study/tornado/text.js";
import { rowNamed } from "./rows.js";
import { BUILD } from "./support.js";

const PAIR = `
topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 1, radix: 8 }
workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 1MiB }] }
`;

function documentOf(text: string): DocNode {
  const read = readText(text, "s.yaml");
  if ("issues" in read) throw new Error(JSON.stringify(read.issues));
  return read.root;
}

async function expand(text: string, settings: Partial<TornadoSettings> = {}) {
  const source = tornadoSource("t", documentOf(text), "pair", { share: 0.1, seeds: 1, ...settings });
  const expansion = await source.expand({ build: BUILD, file: "s.yaml" });
  return { expansion, tornado: expansion.tornado! };
}

/** Low and high of a parameter, as written. */
function edges({ parameters }: TornadoPlan, name: string) {
  const found = parameters.find((parameter) => parameter.name === name);
  return found && [found.low.written, found.base, found.high.written];
}

function reason({ notVaried }: TornadoPlan, name: string): string | undefined {
  return notVaried.find((one) => one.name === name)?.reason;
}

describe("numbers of a scenario", () => {
  const root = applyPresets(documentOf(PAIR) as never, new IssueList(undefined));
  const fields = new Map(numericFields(toPlain(root)).map((field) => [field.name, field]));

  it("are found by the schema, with their defaults, in base units", () => {
    expect(fields.get("links.access.rate")).toMatchObject({ kind: "rate", value: 400e9 });
    expect(fields.get("links.core.length")).toMatchObject({ kind: "length", value: 100_000 });
    expect(fields.get("workload.flows[0].size")).toMatchObject({ kind: "size", value: 2 ** 20 });
    expect(fields.get("transport.rto")).toMatchObject({ kind: "time", value: 67_108_864_000 });
    expect(fields.get("transport.retryLimit")).toMatchObject({ kind: "whole", value: 7 });
    expect(fields.get("flowControl.threshold.alphaShift")).toMatchObject({ kind: "whole", value: 3 });
    expect(fields.get("links.access.ber")).toMatchObject({ kind: "real", value: 0 });
  });

  it("may be words, or nothing", () => {
    expect(fields.get("flowControl.headroom")).toMatchObject({ value: null, word: "auto" });
    expect(fields.get("flowControl.quanta")).toMatchObject({ value: null, word: "off" });
    expect(fields.get("links.access.fecLatency")).toMatchObject({ value: null, word: null });
  });

  it("are those of the kinds that the scenario has", () => {
    expect(
      [...fields.keys()].filter((name) => /credit|dropAlpha|congestionControl|background|version/.test(name)),
    ).toEqual([]);
    const lossy = applyPresets(documentOf(`${PAIR}preset: ethernet-lossy\n`) as never, new IssueList(undefined));
    const names = new Map(numericFields(toPlain(lossy)).map((field) => [field.name, field]));
    expect(names.get("flowControl.dropAlpha")).toMatchObject({ kind: "ratio", value: 1 });
    expect(names.get("transport.congestionControl.byteCounter")).toMatchObject({ kind: "size", value: 10e6 });
  });

  it.each(["roce-dcqcn", "uec", "infiniband", "htsim", "ns3"])(
    "of %s, stated as they are, leave the scenario as it is",
    (preset) => {
      const text = `${PAIR}preset: ${preset}\n`;
      const digest = scenarioDigest(parseScenarioText(text).scenario);
      const given = numericFields(toPlain(applyPresets(documentOf(text) as never, new IssueList(undefined))));
      const set = given.flatMap(({ name, kind, value }) => (value === null ? [] : [`${name}=${write(kind, value)}`]));
      expect(set.length).toBeGreaterThan(40);
      for (const one of set)
        expect([one, scenarioDigest(parseScenarioText(text, { set: [one] }).scenario)]).toEqual([one, digest]);
    },
  );
});

test.each([
  ["size", 2 ** 20, 0.9, "943718B"],
  ["size", 4096, 1.1, "4506B"],
  ["size", 65, 0.9, "58B"],
  ["size", 65, 1.1, "72B"],
  ["time", 600_000, 0.9, "540ns"],
  ["rate", 100e9, 1.033, "103.3Gbps"],
  ["rate", 25_781_250_000, 0.9, "23203125Kbps"],
  ["rate", 3e6, 1.1, "3.3Mbps"],
  ["length", 3000, 1.1, "3.3m"],
  ["whole", 5, 0.9, 4],
  ["whole", 5, 1.1, 6],
  ["whole", 4, 1.1, null],
  ["whole", 65_535, 1.1, 72_089],
  ["real", 0.2, 1.1, 0.22],
  ["real", 1 / 256, 0.9, 0.003515625],
  ["ratio", 0.5, 1.25, 0.625],
] as const)("a %s of %d times %d is written %j", (kind, value, factor, written) => {
  expect(move(kind, value, factor)?.written ?? null).toBe(written);
});

test("the ratio is what rounding has left of the share", () => {
  expect(move("whole", 5, 0.9)!.ratio).toBe(0.8);
  expect(move("size", 4096, 1.1)!.ratio).toBe(4506 / 4096);
});

describe("a tornado", () => {
  it("has the scenario itself, and two points for each parameter, of every seed", async () => {
    const { expansion, tornado } = await expand(PAIR, { seeds: 3, parameters: ["links.access.rate", "wire"] });
    expect(tornado.parameters.map(({ name }) => name)).toEqual([
      ...["links.access.rate", "wire.header", "wire.gap", "wire.ack", "wire.pause"],
    ]);
    expect(expansion.points).toHaveLength(3 * (1 + 2 * 5));
    expect(expansion.points.slice(0, 6).map(({ axes, seed }) => [axes, seed])).toEqual([
      ...[1, 2, 3].map((seed) => [{}, seed]),
      // The fabric stays as it is.
      ...[1, 2, 3].map((seed) => [{ "links.access.rate": "360Gbps", "links.access.portRate": "400Gbps" }, seed]),
    ]);
    expect(expansion.points[3]!.scenario().links.access.rateBps).toBe(360e9);
    expect(new Set(expansion.points.map(({ id }) => id)).size).toBe(33);
  });

  it("varies defaults, what is derived from others, and entries of short lists", async () => {
    const { tornado } = await expand(PAIR);
    expect(edges(tornado, "workload.flows[0].size")).toEqual(["943718B", "1MiB", "1153434B"]);
    expect(edges(tornado, "switch.buffer")).toEqual(["60397978B", "64MiB", "73819750B"]);
    expect(edges(tornado, "links.access.fecLatency")).toEqual(["67.5ns", "75ns", "82.5ns"]);
    const flows = Array.from({ length: 9 }, () => "{ src: 0, dst: 1, size: 1MiB, start: 1us }").join(", ");
    const many = await expand(PAIR.replace("{ src: 0, dst: 1, size: 1MiB }", flows));
    expect(reason(many.tornado, "workload.flows[0].size")).toBe("one of many workload.flows; varied if named");
    const named = await expand(PAIR.replace("{ src: 0, dst: 1, size: 1MiB }", flows), {
      parameters: ["workload.flows[8].start"],
    });
    expect(edges(named.tornado, "workload.flows[8].start")).toEqual(["900ns", "1us", "1.1us"]);
  });

  it("says what it does not vary, and why", async () => {
    const { tornado } = await expand(PAIR);
    for (const [name, why] of [
      ["topology.gpus", "changes the fabric; varied if named"],
      ["topology.radix", "changes the fabric; varied if named"],
      ["workload.flows[0].dst", "changes who sends to whom; varied if named"],
      ["links.access.ber", "is zero, and so is any share of it"],
      ["flowControl.headroom", "is auto: heddle derives it"],
      ["timeLimit", "is none"],
      ["transport.ackEvery", "too small a whole number to be moved by 10.0 %"],
      ["routing.gap", "has no effect: only flowlet routing waits for pauses"],
      ["links.core.rate", "has no effect: two tiers have no core level"],
      ["links.scaleUp.rate", "has no effect: there is no scale-up network"],
    ]) {
      expect([name, reason(tornado, name!)]).toEqual([name, why]);
      expect(edges(tornado, name!)).toBeUndefined();
    }
    const length = await expand(`${PAIR}links: { access: { latency: 10ns } }\n`);
    expect(reason(length.tornado, "links.access.length")).toBe(
      "has no effect: the latency beside it goes first; leave one of them out",
    );
    expect(edges(length.tornado, "links.access.latency")).toEqual(["9ns", "10ns", "11ns"]);
  });

  it("varies what is structural where it is named", async () => {
    const { tornado } = await expand(PAIR, { parameters: ["topology.radix"], share: 0.5 });
    expect(edges(tornado, "topology.radix")).toEqual([4, 8, 12]);
  });

  it("varies congestion control, also what is auto", async () => {
    const { tornado, expansion } = await expand(`${PAIR}preset: roce-dcqcn\n`);
    const control = "transport.congestionControl";
    expect(edges(tornado, `${control}.alphaPeriod`)).toEqual(["49.5us", "55us", "60.5us"]);
    expect(edges(tornado, `${control}.additiveIncrease`)).toEqual(["360Mbps", "400Mbps", "440Mbps"]);
    expect(edges(tornado, "ecn.kmin")).toEqual(["360KB", "400KB", "440KB"]);
    // Stated alone, a threshold would be no valid marking.
    const low = expansion.points.find(({ axes }) => (axes.ecn as { kmin?: string })?.kmin === "360KB")!;
    expect(low.scenario().ecn).toMatchObject({ kminBytes: 360_000, kmaxBytes: 1_600_000, pmax: 0.2 });
    const swift = (await expand(`${PAIR}preset: swift\n`)).tornado;
    expect(edges(swift, `${control}.target`)?.[1]).toMatch(/^\d+ps$/);
    expect(reason(swift, `${control}.baseRtt`)).toBe("is auto: heddle derives it");
  });

  it("reports a value that is refused, and goes on with the other", async () => {
    const { tornado, expansion } = await expand(`${PAIR}preset: roce-dcqcn\n`, {
      parameters: ["transport.congestionControl.initialAlpha"],
    });
    expect(edges(tornado, "transport.congestionControl.initialAlpha")).toEqual([0.9, 1, 1.1]);
    expect(expansion.points).toHaveLength(2);
    expect(expansion.invalid).toEqual([
      {
        axes: { "transport.congestionControl.initialAlpha": 1.1 },
        message: "1.1 is not allowed; write one from 0 to 1",
      },
    ]);
  });

  it("refuses names that are no numbers of the scenario", async () => {
    await expect(expand(PAIR, { parameters: ["links.acess.rate"] })).rejects.toThrow(
      'there is no number "links.acess.rate" in the scenario (did you mean "links.access.rate"?)',
    );
    await expect(expand(PAIR, { parameters: ["seed"] })).rejects.toThrow("--seeds says how many");
    await expect(expand(PAIR, { parameters: ["links.access.ber"] })).rejects.toThrow(
      "there is no parameter to vary\n  links.access.ber: is zero",
    );
    await expect(expand(`${PAIR}nothing: 1\n`)).rejects.toThrow(/s\.yaml:4:1: nothing: unknown key/);
  });
});

describe("effects", () => {
  const PARAMETERS = ["links.access.rate", "switch.latency", "nic.latency", "transport.retryLimit"];

  async function report(
    jctOf: (axes: Readonly<Record<string, unknown>>, seed: number) => number | null | undefined,
    settings: Partial<TornadoSettings> = {},
  ): Promise<TornadoReport> {
    const { expansion, tornado } = await expand(PAIR, { seeds: 2, parameters: PARAMETERS, share: 0.2, ...settings });
    const manifest = manifestOf(expansion, tornado);
    const rows = expansion.points.flatMap(({ id, axes, seed }) => {
      const jctNs = jctOf(axes, seed);
      if (jctNs === undefined) return [];
      return [
        [
          id,
          { ...rowNamed(id, { jctNs }), axes, seed, status: jctNs === null ? "stuck" : "finished" } satisfies PointRow,
        ] as const,
      ];
    });
    return tornadoReport(manifest, new Map(rows), "jctNs");
  }

  function manifestOf({ points, invalid }: Expansion, tornado: TornadoPlan): Manifest & { tornado: TornadoPlan } {
    const estimate = { memoryBytes: 1, packetHops: 1 };
    const planned = points.map(({ id, axes, seed, scenarioDigest }) => ({ id, axes, seed, scenarioDigest, estimate }));
    const head = { schema: MANIFEST_SCHEMA, name: "t", source: "s.yaml", base: {}, baseName: "pair" } as const;
    return { ...head, ...BUILD, points: planned, invalid, tornado };
  }

  it("are ranked by swing, with the elasticity of a power law", async () => {
    const found = await report((axes, seed) => {
      const rate = { "320Gbps": 0.8, "480Gbps": 1.2 }[axes["links.access.rate"] as string] ?? 1;
      const latency = { "480ns": 0.8, "720ns": 1.2 }[axes["switch.latency"] as string] ?? 1;
      return (1000 * seed * latency ** 0.5) / rate;
    });
    expect(found.base!.value).toBe(1500);
    expect(found.effects.map(({ name }) => name)).toEqual([
      ...["links.access.rate", "switch.latency", "nic.latency", "transport.retryLimit"],
    ]);
    const [rate, latency, nic] = found.effects;
    expect(rate!.elasticity).toBeCloseTo(-1, 12);
    expect(rate!.swing).toBeCloseTo(1 / 0.8 - 1 / 1.2, 12);
    expect(rate!.low.mean).toBeCloseTo(1875, 9);
    // Seeds differ by a factor of two; as pairs they do not.
    expect(rate!.low.change!.value).toBeCloseTo(0.25, 12);
    expect(rate!.low.change!.high! - rate!.low.change!.low!).toBeLessThan(1e-9);
    expect(latency!.elasticity).toBeCloseTo(0.5, 12);
    expect(nic).toMatchObject({ swing: 0, elasticity: 0, isSignificant: false });
    expect(rate!.isSignificant).toBe(true);
  });

  it("that differ between seeds more than from zero are within chance", async () => {
    const { effects } = await report((axes, seed) =>
      axes["nic.latency"] === undefined ? 1000 : seed === 1 ? 1100 : 910,
    );
    expect(effects[0]).toMatchObject({ name: "nic.latency", isSignificant: false });
    expect(effects[0]!.swing).toBeCloseTo(0.005, 12);
  });

  it("put what keeps the job from finishing first, and count what there is", async () => {
    const found = await report((axes) => {
      if (axes["nic.latency"] === "840ns") return null;
      if (axes["switch.latency"] === "480ns") return undefined;
      return axes["switch.latency"] === "720ns" ? 1200 : 1000;
    });
    const [first, second] = found.effects;
    expect(first).toMatchObject({
      name: "nic.latency",
      swing: 0,
      high: { mean: null, problem: { kind: "unfinished" } },
    });
    expect(second).toMatchObject({ name: "switch.latency", low: { problem: { kind: "missing" } } });
    expect(second!.swing).toBeCloseTo(0.2, 12);
    expect(second!.elasticity).toBeCloseTo(1, 12);
    const text = formatTornado(found);
    expect(text).toMatch(/switch\.latency +480ns +600ns +720ns +missing +1\.0000 us +1\.2000 us +20\.0 % +1\.00\n/);
    expect(text).toContain("nic.latency=840ns stuck: ");
    expect(text).toContain("No effect (swing 0): links.access.rate, transport.retryLimit\n");
  });

  it("are not known without the scenario itself", async () => {
    const found = await report((axes) => (Object.keys(axes).length === 0 ? null : 1000));
    expect(found.base).toBeNull();
    expect(found.effects.every(({ swing, elasticity }) => swing === null && elasticity === null)).toBe(true);
    expect(formatTornado(found)).toContain("JCT not known");
  });
});
