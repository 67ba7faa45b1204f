import { describe, expect, it, test } from "vitest";
import { FIRST_BACKGROUND_JOB } from "../../src/plan/flows.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { parseScenario, parseScenarioText } from "../../src/scenario/parse/parse.js";
import { messagesOf } from "./samples.js";

const FABRIC = "topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 1, radix: 8 }";
const CLASSES = "classes: [{ name: slow }, { name: fast, priority: 2, weight: 3 }, { name: mid, priority: 1 }]";

describe("classes of data", () => {
  it("are ordered by priority; what names none is of the first one listed", () => {
    const { scenario } = parseScenarioText(`${FABRIC}
${CLASSES}
workload:
  kind: collective
  size: 1MiB
  background:
    class: mid
    flows: [{ src: 0, dst: 1, size: 1KiB }, { src: 1, dst: 2, size: 1KiB, class: fast }]
`);
    expect(scenario.dataClasses).toEqual([
      { name: "fast", priority: 2, weight: 3 },
      { name: "mid", priority: 1, weight: 1 },
      { name: "slow", priority: 0, weight: 1 },
    ]);
    const { plan } = resolvePlan(scenario);
    const ofJob = (job: number) => plan.flows.dataClass!.filter((_, flow) => plan.flows.jobOf![flow] === job);
    expect(new Set(ofJob(0))).toEqual(new Set([2]));
    expect([...ofJob(FIRST_BACKGROUND_JOB)]).toEqual([1, 0]);
    expect(plan.dataClasses).toEqual([
      { priority: 2, turnBytes: 3 * 4178 },
      { priority: 1, turnBytes: 4178 },
      { priority: 0, turnBytes: 4178 },
    ]);
  });

  it("of a pattern are those of all its flows, and of all parts of a connection", () => {
    const { scenario } = parseScenario({
      version: 1,
      topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1, radix: 8 },
      classes: [{ name: "a" }, { name: "b" }],
      transport: { kind: "roce", qpsPerConnection: 2 },
      workload: { kind: "flows", pattern: "shift", size: "1MiB", class: "b" },
    });
    const dataClass = resolvePlan(scenario).plan.flows.dataClass!;
    expect(dataClass).toHaveLength(16);
    expect(new Set(dataClass)).toEqual(new Set([1]));
  });

  test.each([
    ["classes: []", /not a list of one to eight classes; write e\.g\. \[\{ name: collective, priority: 1 \}/],
    [
      `classes: [${Array.from({ length: 9 }, (_, i) => `{ name: c${i} }`).join(", ")}]`,
      /not a list of one to eight classes/,
    ],
    ["classes: [{ name: a }, { name: a }]", /there is a class a already; give it another name/],
    ["classes: [{ name: a, weight: 0 }]", /write one from 1 to 100/],
    ["classes: [{ name: a, lossless: false }]", /a class alone has the rules of all; write them under flowControl/],
    [
      "classes: [{ name: a, dropAlpha: 2 }, { name: b }]",
      /this class is never dropped; it may have threshold, reserve/,
    ],
    [
      "classes: [{ name: a, lossless: false, headroom: auto }, { name: b }]",
      /this class is dropped, never paused; it may have dropAlpha, queueTime, queueSize/,
    ],
    [
      "flowControl: { kind: none }\nclasses: [{ name: a, lossless: false }, { name: b }]",
      /no class is lossless without flow control; write flowControl: \{ kind: pfc \}, or leave lossless out/,
    ],
    [
      "flowControl: { kind: credit }\nclasses: [{ name: a, reserve: 1KiB }, { name: b }]",
      /links on credit pause no class/,
    ],
    [
      "classes: [{ name: a, ecn: never }, { name: b }]",
      /neither off nor a map; write \{ kmin: 800KB, kmax: 3200KB, pmax: 0.2 \}/,
    ],
  ])("%s is refused", (line, message) => {
    expect(messagesOf(`${FABRIC}\nworkload: { kind: collective, size: 1MiB }\n${line}\n`)).toMatch(message);
  });

  test.each([
    [
      "{ kind: collective, size: 1MiB, class: fst }",
      /workload\.class: there is no class fst \(did you mean "fast"\?\); classes are/,
    ],
    [
      "{ kind: flows, class: x, pattern: ring, size: 1KiB }",
      /workload\.class: there is no class x; classes are slow, fast, mid/,
    ],
    [
      "{ kind: flows, flows: [{ src: 0, dst: 1, size: 1KiB, class: x }] }",
      /workload\.flows\[0\]\.class: there is no class x/,
    ],
    [
      "{ kind: collective, size: 1MiB, background: { pattern: ring, size: 1KiB, class: x } }",
      /workload\.background\.class: there is no class x/,
    ],
  ])("%s names a class that there is not", (workload, message) => {
    expect(messagesOf(`${FABRIC}\n${CLASSES}\nworkload: ${workload}\n`)).toMatch(message);
  });

  it("are missed where a workload names one and there are none", () => {
    expect(messagesOf(`${FABRIC}\nworkload: { kind: collective, size: 1MiB, class: x }\n`)).toMatch(
      /there is no class x; write classes: \[\{ name: x \}, …\] beside the workload, or leave it out/,
    );
  });

  test.each([
    [
      "{ kind: pfc }",
      /headroom and reserve of the \d+ ports of leaf-0, for each of 3 classes, take .* or fewer classes/,
    ],
    ["{ kind: credit }", /receive buffers of the \d+ ports of leaf-0, one for each of 3 classes, take/],
  ])("need buffer of their own: %s", (flowControl, message) => {
    const { scenario } = parseScenarioText(
      `${FABRIC}\n${CLASSES}\nswitch: { buffer: 1MiB }\nflowControl: ${flowControl}\nworkload: { kind: collective, size: 1MiB }\n`,
    );
    expect(() => resolvePlan(scenario)).toThrow(message);
  });
});
