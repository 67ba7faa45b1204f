import { expect, test } from "vitest";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { CUSTOM, LOSSY, MINIMAL, parse, RAIL, SAMPLES, STATIC } from "./samples.js";

test("quantities become integers of the unit that the name gives", () => {
  const { scenario, warnings } = parse(RAIL);
  expect(warnings).toEqual([]);
  expect(scenario.topology).toEqual({
    kind: "rail-optimized",
    gpus: 1024,
    gpusPerNode: 8,
    radix: 64,
    tiers: 2,
    oversubscription: 1,
    scaleUp: true,
  });
  expect(scenario.links.scaleUp).toEqual({
    rateBps: 3.6e12,
    propagationPs: 300_000,
    fecPs: 0,
    ber: 0,
    frameLossRatio: 0,
    retries: false,
    optic: "dac",
    lengthMm: 0,
    breakout: 1,
    cellBytes: 65_536,
  });
  expect(scenario.links.fabric).toMatchObject({ rateBps: 400e9, propagationPs: 150_000, fecPs: 75_000, optic: "dr4" });
  expect(scenario.switch).toMatchObject({ latencyPs: 600_000, bufferBytes: 2 ** 26 });
  expect(scenario.transport).toMatchObject({ mtuBytes: 4096, windowBytes: 2 ** 22, rtoPs: 67_108_864_000 });
  expect(scenario.faults).toEqual([
    {
      kind: "degraded-link",
      from: "leaf-0",
      to: "spine-1",
      index: 0,
      direction: "both",
      ber: 3e-4,
      frameLossRatio: null,
      rateBps: null,
    },
  ]);
  expect(scenario.timeLimitPs).toBe(10e9);
});

test("everything but topology and workload has a default", () => {
  const { scenario } = parse(MINIMAL);
  expect(scenario).toMatchObject({
    version: 1,
    name: "unnamed",
    seed: 1,
    topology: { gpusPerNode: 8, radix: 64, tiers: 2 },
    nic: { latencyPs: 700_000, scaleUpLatencyPs: 0 },
    wire: { headerBytes: 62, gapBytes: 20, ackBytes: 64, pauseBytes: 64, ackClass: "control", serialization: "round" },
    routing: { policy: "ecmp", quantumBytes: 8192 },
    flowControl: { kind: "pfc", headroom: "auto", threshold: { kind: "dynamic", alphaShift: 3 }, responsePs: 600_000 },
    ecn: null,
    placement: "packed",
    workload: { collective: "all-reduce", algorithm: "ring", chunkBytes: null, channels: 8 },
    timeLimitPs: Number.POSITIVE_INFINITY,
  });
});

test("links of a custom fabric are listed one by one, what they leave out is their level's", () => {
  const { scenario } = parse(CUSTOM);
  if (scenario.topology.kind !== "custom") throw new Error("not custom");
  const clean = { ber: 0, frameLossRatio: 0, retries: false };
  const trunk = { rateBps: 400e9, propagationPs: 500_000, fecPs: 0, ...clean, optic: "sr4", lengthMm: 100_000 };
  expect(scenario.topology.links).toEqual([
    {
      ...{ a: "h0", b: "s0", rateBps: 100e9, propagationPs: 1e6, fecPs: 0, ...clean },
      ...{ optic: "dr1", lengthMm: 200_000 },
    },
    {
      ...{ a: "h1", b: "s0", rateBps: 400e9, propagationPs: 10_000, fecPs: 100_000, ...clean, ber: 1e-6 },
      ...{ optic: "dac", lengthMm: 2000 },
    },
    { a: "s0", b: "s1", ...trunk },
    { a: "s0", b: "s1", ...trunk },
    {
      ...{ a: "s1", b: "h2", rateBps: 400e9, propagationPs: 15_000, fecPs: 0, ...clean },
      ...{ optic: "dac", lengthMm: 3000 },
    },
  ]);
  expect(scenario.topology.switches).toEqual([
    { name: "s0", latencyPs: null, bufferBytes: null },
    { name: "s1", latencyPs: 1e6, bufferBytes: 2 ** 24 },
  ]);
  expect(scenario.workload).toEqual({
    kind: "flows",
    flows: [
      { src: 0, dst: 2, bytes: 1e6, startPs: 0 },
      { src: 1, dst: 2, bytes: 4096, startPs: 1_500_000 },
    ],
  });
});

test("a pattern becomes a list of flows", () => {
  const { workload } = parse(LOSSY).scenario;
  if (workload.kind !== "flows") throw new Error("not flows");
  expect(workload.flows).toHaveLength(16);
  expect(workload.flows[0]).toEqual({ src: 6, dst: 5, bytes: 2 ** 20, startPs: 2e6 });
});

test("JSON is read as YAML is, and a kind left out is the default's", () => {
  const { flowControl } = parse(STATIC).scenario;
  expect(flowControl).toMatchObject({
    kind: "pfc",
    threshold: { kind: "static", xoffBytes: 204_800 },
    headroom: 81_920,
  });
});

test("data gives the same scenario as its text", () => {
  expect(parseScenario(JSON.parse(STATIC))).toEqual(parse(STATIC));
});

test("FEC follows the rate unless it is given", () => {
  const fec = (rate: string) => parse(`${MINIMAL}links: { core: { rate: ${rate} } }\n`).scenario.links.core.fecPs;
  expect(["10Gbps", "25Gbps", "100Gbps", "200Gbps", "400Gbps", "800Gbps", "1.6Tbps"].map(fec)).toEqual([
    0, 100_000, 100_000, 100_000, 75_000, 70_000, 70_000,
  ]);
});

test("a latency goes before a length", () => {
  const { access } = parse(`${MINIMAL}links: { access: { length: 3m, latency: 1us } }\n`).scenario.links;
  expect(access.propagationPs).toBe(1e6);
});

test.each(["1", "0.5", '"1/2"', '"2/4"', "2", "8.25"])("dropAlpha %s is an exact fraction", (text) => {
  const { dropAlpha } = parse(`${MINIMAL}flowControl: { kind: none, dropAlpha: ${text} }\n`).scenario.flowControl;
  const expected = { "1": [1, 1], "0.5": [1, 2], '"1/2"': [1, 2], '"2/4"': [1, 2], "2": [2, 1], "8.25": [33, 4] }[text];
  expect([dropAlpha.num, dropAlpha.den]).toEqual(expected);
});

test("no field of a scenario is undefined or not a number", () => {
  const check = (value: unknown): void => {
    if (typeof value === "object" && value !== null) Object.values(value).forEach(check);
    else expect(value === undefined || Number.isNaN(value)).toBe(false);
  };
  for (const text of Object.values(SAMPLES)) check(parse(text).scenario);
});
