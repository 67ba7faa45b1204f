import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, scenarioDigest } from "../../src/scenario/parse/digest.js";
import { isScenario } from "../../src/scenario/types/is-scenario.js";
import { sha256Hex } from "../../src/util/sha256.js";
import { MINIMAL, parse, SAMPLES } from "./samples.js";

test("SHA-256 is SHA-256", () => {
  expect(sha256Hex(new Uint8Array())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
  );
});

test("how a scenario is written makes no difference", () => {
  const digest = scenarioDigest(parse(MINIMAL).scenario);
  expect(digest).toMatch(/^[0-9a-f]{16}$/);
  const other = `\
workload: { size: 1024KiB, algorithm: ring, kind: collective }
nic: { latency: 0.7us }
version: 1
topology: { radix: 64, gpus: 64, kind: leaf-spine }
`;
  expect(scenarioDigest(parse(other).scenario)).toBe(digest);
});

test("what a scenario says makes a difference", () => {
  const texts = [
    ...Object.values(SAMPLES),
    `${MINIMAL}seed: 2\n`,
    `${MINIMAL}timeLimit: 9000s\n`,
    `${MINIMAL}name: x\n`,
  ];
  expect(new Set(texts.map((text) => scenarioDigest(parse(text).scenario))).size).toBe(texts.length);
});

test("canonical JSON sorts keys and names infinity", () => {
  expect(canonicalJson({ b: [1, { d: 1, c: null }], a: Number.POSITIVE_INFINITY })).toBe(
    '{"a":"Infinity","b":[1,{"c":null,"d":1}]}',
  );
});

test("a parsed scenario is told from a written one", () => {
  expect(isScenario(parse(MINIMAL).scenario)).toBe(true);
  expect([null, 1, {}, { topology: {}, timeLimit: "none" }].some(isScenario)).toBe(false);
});
