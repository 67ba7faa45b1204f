import { expect, test } from "vitest";
import { schemaDefaults } from "../../src/scenario/describe/json-schema.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { PRESETS } from "../../src/scenario/presets/presets.js";
import { MINIMAL, messagesOf, parse } from "./samples.js";

const base = {
  topology: { kind: "fat-tree", gpus: 64, gpusPerNode: 1 },
  workload: { kind: "collective", size: "1MiB" },
};

test.each(PRESETS.map((preset) => preset.name))("preset %s makes a scenario without warnings", (preset) => {
  expect(parseScenario({ ...base, preset }).warnings).toEqual([]);
});

test("the defaults that the schema states are the defaults", () => {
  const { ecn: _, ...defaults } = schemaDefaults();
  const stated = parseScenario({ ...defaults, ...base, topology: { ...base.topology, radix: 64, tiers: 3 } });
  expect(stated.scenario).toEqual(parseScenario(base).scenario);
});

test("ns3 is the rules of the reference figures", () => {
  expect(parseScenario({ ...base, preset: "ns3" }).scenario).toMatchObject({
    wire: { headerBytes: 48, gapBytes: 0, ackBytes: 60, pauseBytes: 43, ackClass: "data", serialization: "floor" },
    switch: { latencyPs: 0 },
    nic: { latencyPs: 0 },
    links: { access: { fecPs: 0 }, fabric: { fecPs: 0 }, core: { fecPs: 0 } },
    flowControl: {
      kind: "pfc",
      release: "start",
      responsePs: 0,
      reserveBytes: 4096,
      headroom: "ns3",
      threshold: { kind: "dynamic", alphaShift: "ns3" },
      resumeOffsetBytes: 3072,
    },
    transport: { mtuBytes: 1000, windowBytes: 0, ackEvery: 1, recovery: "go-back-n" },
  });
});

test("what the scenario says goes before the preset", () => {
  const { scenario } = parseScenario({
    ...base,
    preset: "ns3",
    wire: { header: "62B" },
    flowControl: { reserve: "1KiB" },
  });
  expect(scenario.wire).toMatchObject({ headerBytes: 62, gapBytes: 0 });
  expect(scenario.flowControl).toMatchObject({ reserveBytes: 1024, headroom: "ns3" });
});

test("another kind leaves the preset's settings of its kind behind", () => {
  const lossy = parseScenario({ ...base, preset: "ns3", flowControl: { kind: "none" } }).scenario.flowControl;
  expect(lossy).toMatchObject({ kind: "none", release: "end", dropAlpha: { num: 1, den: 1 } });
  const text = `${MINIMAL}preset: ns3\nflowControl: { threshold: { kind: static, xoff: 1MB } }\n`;
  expect(parse(text).scenario.flowControl.threshold).toEqual({ kind: "static", xoffBytes: 1e6 });
});

test("later presets go before earlier ones", () => {
  const { links, flowControl } = parseScenario({ ...base, preset: ["lossy", "100g", "800g"] }).scenario;
  expect(links.fabric).toMatchObject({ rateBps: 800e9, optic: "aoc", fecPs: 70_000 });
  expect(flowControl.kind).toBe("none");
});

test("a fault between the scenario and its preset is found at one that the user wrote", () => {
  const text = `${MINIMAL}preset: ns3\ntransport: { recovery: selective }\n`;
  expect(messagesOf(text)).toMatch(/^4:\d+: transport\.recovery: selective recovery needs a window/);
});
