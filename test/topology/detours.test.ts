import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { planOf } from "../model/support.js";
import { scenarioOf } from "./scenarios.js";

const [A, P, H] = [4, 2, 2];
const GROUPS = A * H + 1;
const HOSTS = A * P;
const GPUS = HOSTS * GROUPS;

const fly = (a: number, p: number, h: number, groups: number, more: object = {}) => ({
  kind: "dragonfly",
  gpusPerNode: 1,
  dragonfly: { a, p, h, groups, ...more },
});

/** Share of the rate of its NIC at which a GPU sends, over the whole run. */
async function loadOf(policy: string, flows: readonly { readonly src: number; readonly dst: number }[], bytes: number) {
  const result = await simulate({
    name: policy,
    topology: fly(A, P, H, GROUPS),
    routing: { policy },
    transport: { recovery: "selective", window: "256KiB" },
    workload: { kind: "flows", flows: flows.map((flow) => ({ ...flow, size: `${bytes}B` })) },
  });
  expect(result.status).toBe("finished");
  expect(result.packets.dropped.congestion).toBe(0);
  return (bytes * flows.length * 8) / GPUS / result.jctNs! / 400;
}

/** All of a group send to the next group: one link for `a · p` hosts. */
const adversarial = Array.from({ length: GPUS }, (_, src) => ({ src, dst: (src + HOSTS) % GPUS }));
/** Each GPU sends to some in every other group. */
const uniform = Array.from({ length: GPUS }, (_, src) => src).flatMap((src) =>
  Array.from({ length: GROUPS - 1 }, (_, i) => ({
    src,
    dst: (src - (src % HOSTS) + (i + 1) * HOSTS + ((src * 3 + i * 5) % HOSTS)) % GPUS,
  })),
);

describe("traffic from each group to the next", () => {
  it("has 1/(a·h) of the load by minimal ways, and two to four times that over third groups", async () => {
    const minimal = await loadOf("minimal", adversarial, 1 << 19);
    expect(minimal).toBeLessThanOrEqual(1 / (A * H));
    expect(minimal).toBeGreaterThan(0.9 / (A * H));
    const valiant = await loadOf("valiant", adversarial, 1 << 19);
    // Each packet takes two links between groups, of which there are as many as hosts.
    expect(valiant).toBeLessThanOrEqual(0.5);
    expect(valiant).toBeGreaterThan(2 * minimal);
    expect(await loadOf("ugal-l", adversarial, 1 << 19)).toBeGreaterThan(1.4 * minimal);
    expect(await loadOf("ugal-g", adversarial, 1 << 19)).toBeGreaterThan(0.95 * valiant);
  });
});

describe("traffic to all groups", () => {
  it("is slowed down by third groups, but not where queues decide", async () => {
    const minimal = await loadOf("minimal", uniform, 1 << 16);
    expect(await loadOf("valiant", uniform, 1 << 16)).toBeLessThan(0.9 * minimal);
    expect(await loadOf("ugal-l", uniform, 1 << 16)).toBeGreaterThan(0.9 * minimal);
    expect(await loadOf("ugal-g", uniform, 1 << 16)).toBeGreaterThan(0.9 * minimal);
  });
});

/** Three groups of two routers, each of which sends to the first router of the next. */
function circle(policy: string, lanes: number, flowControl: object) {
  const flows = [0, 1, 2].flatMap((group) =>
    [0, 1, 2, 3].map((host) => ({ src: group * 4 + host, dst: ((group + 1) % 3) * 4 + (host % 2), size: "4MiB" })),
  );
  return {
    name: "circle",
    topology: fly(2, 2, 1, 3, { lanes }),
    switch: { buffer: "1200KiB" },
    flowControl,
    routing: { policy },
    transport: { recovery: "selective" },
    workload: { kind: "flows", flows },
    timeLimit: "5ms",
  };
}

describe.each([[{ kind: "pfc" }], [{ kind: "credit" }]])("with %o", (flowControl) => {
  it.each(["valiant", "ugal-l"])("%s deadlocks with one lane, and never with three", async (policy) => {
    const { scenario, warnings } = parseScenario(circle(policy, 1, flowControl));
    expect(warnings.map(({ message }) => message).join()).toContain(
      `one lane may deadlock where no packet is dropped, and ${policy} goes over a third group; write lanes: 3`,
    );
    const stuck = await simulate(scenario);
    expect(stuck.status).not.toBe("finished");
    expect(stuck.diagnosis!.kind).toBe("deadlock");
    const result = await simulate(circle(policy, 3, flowControl));
    expect(result.status).toBe("finished");
    expect(result.packets.dropped.congestion).toBe(0);
  });
});

it("two lanes are too few: what goes on from a third group and what has come to its last wait for each other", async () => {
  const result = await simulate(circle("ugal-l", 2, { kind: "pfc" }));
  expect(result.status).not.toBe("finished");
  expect(result.diagnosis!.kind).toBe("deadlock");
});

it("has three lanes for each class of data, and one where packets are dropped", () => {
  const lossless = { topology: fly(2, 2, 1, 3), routing: { policy: "valiant" }, transport: { recovery: "selective" } };
  const flows = [
    { src: 0, dst: 4, size: "4KiB", class: "slow" },
    { src: 4, dst: 0, size: "4KiB", class: "fast" },
  ];
  const plan = planOf({
    ...lossless,
    classes: [{ name: "fast", priority: 1 }, { name: "slow" }],
    workload: { kind: "flows", flows },
  });
  expect(plan.dataClasses.map(({ priority }) => priority)).toEqual([1, 1, 1, 0, 0, 0]);
  expect([...plan.flows.dataClass!]).toEqual([3, 0]);
  const lossy = planOf({ ...lossless, preset: "lossy", workload: { kind: "collective", size: "64KiB" } });
  expect(lossy.dataClasses.length).toBe(1);
  expect(lossy.fabric.detours!.lanes).toBe(1);
});

it.each<[string, object, string]>([
  ["another fabric", { topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 1 } }, "third groups of a dragonfly"],
  ["three lanes for minimal ways", { routing: { policy: "minimal" }, topology: fly(2, 2, 1, 3, { lanes: 3 }) }, "two"],
  ["more classes than lanes allow", { classes: ["a", "b", "c"].map((name) => ({ name })) }, "write up to 2 classes"],
  ["tables that follow faults", { routing: { policy: "ugal-g", convergence: {} } }, "leave convergence out"],
  ["acknowledgements as data", { wire: { ackClass: "data" } }, "write ackClass: control"],
])("refuses %s", (_, document, message) => {
  const base = { topology: fly(2, 2, 1, 3), routing: { policy: "valiant" }, transport: { recovery: "selective" } };
  expect(() => scenarioOf({ ...base, ...document })).toThrow(message);
});

it("refuses to follow the critical path, which does not know lanes", async () => {
  const scenario = { topology: fly(2, 2, 1, 3), routing: { policy: "valiant" }, transport: { recovery: "selective" } };
  const run = simulate({ name: "x", ...scenario, workload: { kind: "collective", size: "64KiB" } }, { explain: true });
  await expect(run).rejects.toThrow("write routing: { policy: minimal }");
});

it("bounds are of any way: one over a third group may be the fastest", async () => {
  const result = await simulate({
    name: "detour",
    topology: fly(2, 1, 2, 3),
    // To leave by another router takes much longer than another link between groups.
    links: { local: { length: "20km" } },
    routing: { policy: "valiant" },
    transport: { recovery: "selective" },
    workload: { kind: "flows", flows: [{ src: 0, dst: 3, size: "4KiB" }] },
  });
  expect(result.idealJctNs).toBeLessThanOrEqual(result.jctNs!);
});
