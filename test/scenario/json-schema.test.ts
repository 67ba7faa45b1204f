import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { scenarioJsonSchema, schemaDefaults } from "../../src/scenario/describe/json-schema.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { PRESETS } from "../../src/scenario/presets/presets.js";
import { SAMPLES } from "./samples.js";

const schema = scenarioJsonSchema();
const validator = z.fromJSONSchema(schema as never);
const isValid = (value: unknown) => validator.safeParse(value).success;

test.each(Object.entries(SAMPLES))("the schema accepts %s", (_, text) => {
  expect(validator.safeParse(parseYaml(text)).error).toBeUndefined();
});

test.each(PRESETS)("the schema accepts the settings of preset $name", ({ settings }) => {
  const scenario = { ...(parseYaml(SAMPLES.MINIMAL!) as object), ...settings };
  expect(validator.safeParse(scenario).error).toBeUndefined();
});

test.each([
  { topology: { kind: "dragonfly", gpus: 8 } },
  { topology: { kind: "fat-tree", gpus: 8, gpu: 1 } },
  { seed: -1 },
  { nic: { latency: "5" } },
  { nic: { latency: 5 } },
  { preset: "ns2" },
  { routing: { policy: "ugal" } },
  { flowControl: { kind: "credit", trim: true } },
  { faults: [{ kind: "degraded-link" }] },
  { unknown: 1 },
])("the schema and the parser refuse %j", (part) => {
  const scenario = { ...(parseYaml(SAMPLES.MINIMAL!) as object), ...part };
  expect(isValid(scenario)).toBe(false);
  expect(() => parseScenario(scenario)).toThrow();
});

test("a kind may be left out where it has a default", () => {
  const scenario = parseYaml(SAMPLES.MINIMAL!) as object;
  for (const flowControl of [{ release: "start" }, { dropAlpha: 1 }, { threshold: { alphaShift: 2 } }]) {
    expect(isValid({ ...scenario, flowControl })).toBe(true);
  }
});

test("every field has a description", () => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, property] of Object.entries((node as { properties?: object }).properties ?? {})) {
      if (name !== "kind" && !("description" in property)) bare.push(`${path}.${name}`);
    }
    for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
  };
  visit(schema, "");
  expect(bare).toEqual([]);
});

test("defaults", () => {
  expect(schemaDefaults()).toMatchInlineSnapshot(`
    {
      "availability": {
        "fatalShare": 1,
        "gpuHourUsd": 2.5,
        "horizon": "30d",
        "network": "rates",
        "rates": "llama-3",
        "runs": 200,
        "unstableLinks": {
          "count": 0,
          "down": "2s",
          "fatalShare": 1,
          "flapsPerHour": 10,
        },
      },
      "checkpoint": {
        "interval": "1h",
        "restart": "10min",
        "write": "60s",
      },
      "ecn": "auto",
      "faults": [],
      "flowControl": {
        "headroom": "auto",
        "kind": "pfc",
        "lossyShare": 0.25,
        "quanta": "off",
        "refresh": 0.5,
        "release": "end",
        "reserve": "4KiB",
        "response": "600ns",
        "resumeOffset": "8KiB",
        "threshold": {
          "alphaShift": 3,
          "kind": "dynamic",
        },
        "watchdog": "off",
      },
      "gpu": "h100",
      "links": {
        "access": {
          "ber": 0,
          "breakout": 1,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "3m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "border": {
          "ber": 0,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "100m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "core": {
          "ber": 0,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "100m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "fabric": {
          "ber": 0,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "30m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "global": {
          "ber": 0,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "100m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "local": {
          "ber": 0,
          "frameLossRatio": 0,
          "innerCodeLatency": "0ns",
          "length": "5m",
          "llr": false,
          "optic": "auto",
          "rate": "400Gbps",
        },
        "scaleUp": {
          "ber": 0,
          "cell": "64KiB",
          "fecLatency": "0ns",
          "frameLossRatio": 0,
          "latency": "300ns",
          "llr": false,
          "optic": "dac",
          "rate": "450GBps",
        },
      },
      "nic": {
        "failover": false,
        "latency": "700ns",
        "messageOverhead": "0ns",
        "scaleUpLatency": "0ns",
      },
      "optics": {
        "alarm": {
          "preFecBer": 0.00024,
          "temperature": "75C",
        },
        "warning": {
          "preFecBer": 0.0001,
          "temperature": "70C",
        },
      },
      "placement": "packed",
      "reduction": {
        "latency": "0ns",
        "packets": "auto",
        "scaleUpLatency": "0ns",
        "scaleUpPackets": "auto",
      },
      "routing": {
        "bias": "0B",
        "entropies": 256,
        "freeze": "10ms",
        "gap": "50us",
        "noticeFrom": "64KiB",
        "noticeInterval": "2us",
        "parameters": [],
        "policy": "ecmp",
        "quantum": "8KiB",
        "sampleEvery": "1us",
        "stateWords": 16,
      },
      "seed": 1,
      "switch": {
        "borderBuffer": "4GB",
        "buffer": "64MiB",
        "latency": "600ns",
        "scaleUpBuffer": "256MiB",
        "scaleUpLatency": "0ns",
        "switching": "store-and-forward",
      },
      "timeLimit": "none",
      "transport": {
        "ackEvery": 1,
        "ackMarked": false,
        "congestionControl": {
          "kind": "none",
        },
        "kind": "roce",
        "lostResends": "detect",
        "mtu": "4096B",
        "qpsPerConnection": 1,
        "recovery": "go-back-n",
        "reorder": 64,
        "retryLimit": 7,
        "rto": "67.108864ms",
        "window": "4MiB",
      },
      "version": 1,
      "wire": {
        "ack": "64B",
        "ackClass": "control",
        "gap": "20B",
        "header": "62B",
        "pause": "64B",
        "serialization": "round",
      },
    }
  `);
});
