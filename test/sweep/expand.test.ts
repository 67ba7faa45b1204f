import { describe, expect, test } from "vitest";
import { toPlain } from "../../src/scenario/document/node.js";
import { scenarioDigest } from "../../src/scenario/parse/digest.js";
import { pointId, scenarioOfPoint } from "../../src/study/sweep/point.js";
import { readSweep } from "../../src/study/sweep/sweep-file.js";
import { BASE, BUILD, expand, faultsOf, policies } from "./support.js";

const BASE_FILE = async (name: string) => ({
  text: "topology: { kind: leaf-spine, gpus: 8 }\nworkload: { kind: collective, sice: 1KiB }\n",
  file: name,
  defaultName: "base",
});

describe("points", () => {
  test("the product of the axes and seeds, the last going fastest", async () => {
    const { points } = await expand(
      "axes:\n  routing.policy: [ecmp, pinned]\n  workload.size: [1KiB, 2KiB]\nseeds: 2\n",
    );
    expect(points.map(({ axes, seed }) => [...Object.values(axes), seed].join(" "))).toEqual([
      ...["ecmp 1KiB 1", "ecmp 1KiB 2", "ecmp 2KiB 1", "ecmp 2KiB 2"],
      ...["pinned 1KiB 1", "pinned 1KiB 2", "pinned 2KiB 1", "pinned 2KiB 2"],
    ]);
    expect(points[5]!.scenario()).toMatchObject({
      seed: 2,
      routing: { policy: "pinned" },
      workload: { sizeBytes: 1024 },
    });
    expect(new Set(points.map(({ id }) => id)).size).toBe(8);
  });

  test("zipped axes go together", async () => {
    const axes = "  topology.gpus: [8, 16]\n  routing.policy: [ecmp, pinned]\n  topology.radix: [8, 16]\n";
    const { points } = await expand(`axes:\n${axes}zip: [[topology.gpus, topology.radix]]\n`);
    expect(points.map((point) => Object.values(point.axes).join(" "))).toEqual([
      ...["8 8 ecmp", "8 8 pinned", "16 16 ecmp", "16 16 pinned"],
    ]);
  });

  test("seeds count from the scenario's own, or are listed", async () => {
    const seedsOf = async (text: string) => (await expand(text)).points.map(({ seed }) => seed);
    expect(await seedsOf("  seed: 5\nseeds: 3\n")).toEqual([5, 6, 7]);
    expect(await seedsOf("seeds: [9, 4]\n")).toEqual([9, 4]);
    expect(await seedsOf("axes: { routing.policy: [ecmp] }\n")).toEqual([1]);
  });

  test("have ids that the scenario decides, not its name nor how it is written", async () => {
    const idsOf = async (text: string, options = {}) => (await expand(text, options)).points.map(({ id }) => id);
    const ids = await idsOf("axes: { workload.size: [64KiB, 1MiB] }\n");
    expect(await idsOf("name: other\naxes: { workload.size: [0.0625MiB, 1024KiB] }\n")).toEqual(ids);
    expect(await idsOf("axes: { routing.policy: [ecmp, pinned] }\n")).toEqual([
      ids[0],
      expect.not.stringMatching(ids[1]!),
    ]);
    const [first] = (await expand("seeds: 1\n")).points;
    expect(pointId(first!.scenario(), { ...BUILD, coreDigest: "f" })).not.toBe(first!.id);
    expect(pointId(first!.scenario(), { ...BUILD, heddleVersion: "2" })).not.toBe(first!.id);
  });

  test("come back from what a manifest keeps", async () => {
    const text =
      "axes:\n  workload: [{ kind: collective, size: 1KiB }, { kind: flows, flows: [{ src: 0, dst: 1, size: 1KiB }] }]\n  switch.latency: [1us]\nseeds: 2\n";
    const sweep = await readSweep(BASE + text, { set: ["transport.mtu=1024B"] });
    const { points } = await expand(text, { set: ["transport.mtu=1024B"] });
    const base = JSON.parse(JSON.stringify(toPlain(sweep.base)));
    for (const { id, axes, seed, scenarioDigest: digest } of points) {
      const scenario = scenarioOfPoint(
        { base, baseName: sweep.baseName },
        { axes: JSON.parse(JSON.stringify(axes)), seed },
      );
      expect(pointId(scenario, BUILD)).toBe(id);
      expect(scenarioDigest(scenario)).toBe(digest);
    }
  });

  test("that are not valid are refused with their places, or skipped", async () => {
    const axes = "axes:\n  topology.gpus: [8, 16, 9999]\n  topology.radix: [8, 64]\n";
    const faults = await faultsOf(axes);
    expect(faults).toHaveLength(4);
    expect(faults[0]).toMatch(
      /^s\.yaml:2:55: .*in 2 of 6 combinations, e\.g\. with topology\.gpus=9999, topology\.radix=8/,
    );
    expect(faults.at(-1)).toContain("invalid: skip");
    const { points, invalid } = await expand(`${axes}invalid: skip\n`);
    expect(points).toHaveLength(4);
    expect(invalid.map(({ axes: { "topology.gpus": gpus } }) => gpus)).toEqual([9999, 9999]);
  });

  test("whose base is a file have faults in that file", async () => {
    await expect(
      readSweep("base: b.yaml\nseeds: 2\n", { file: "s.yaml", readBase: BASE_FILE }).then((sweep) =>
        import("../../src/study/sweep/expand.js").then(({ expandSweep }) =>
          expandSweep(sweep, { build: BUILD, file: "s.yaml" }),
        ),
      ),
    ).rejects.toThrow(/b\.yaml:2:31: workload\.sice: unknown key sice/);
  });
});

describe("custom routing policies", () => {
  const read = policies({ "./a.ts": "one", "b.js": "two", "copy.ts": "one" });

  test("are axes by the paths of their files, beside built-in ones", async () => {
    const text = "axes: { routing.policy: [ecmp, ./a.ts, b.js] }\n";
    const { points } = await expand(text, { readPolicy: read });
    expect(points.map(({ scenario, policy }) => [scenario().routing.policy, policy?.name])).toEqual([
      ["ecmp", undefined],
      ["custom", "./a.ts"],
      ["custom", "b.js"],
    ]);
    const base = toPlain((await readSweep(BASE + text)).base);
    for (const { id, axes, seed, policy } of points) {
      const scenario = scenarioOfPoint({ base, baseName: "sweep" }, { axes, seed, ...(policy && { policy }) });
      expect(pointId(scenario, BUILD)).toBe(id);
    }
  });

  test("count by their content: not by the file's name, and not by the name alone", async () => {
    const idsOf = async (text: string, readPolicy = read) =>
      (await expand(`axes: { ${text} }\n`, { readPolicy })).points.map(({ id }) => id);
    const ids = await idsOf("routing.policy: [./a.ts, b.js, copy.ts]");
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
    expect(await idsOf("routing: [{ policy: custom, module: copy.ts }]")).toEqual([ids[0]]);
    expect(await idsOf("routing.policy: [b.js]", policies({ "b.js": "changed" }))).not.toEqual([ids[1]]);
  });

  test("that are not there are a fault at their names", async () => {
    expect(await faultsOf("axes: { routing.policy: [c.ts] }\n", { readPolicy: read })).toEqual([
      "s.yaml:4:26: routing.module: cannot read the routing policy c.ts",
    ]);
    expect((await faultsOf("axes: { routing.policy: [../c.ts] }\n", { readPolicy: read })).join()).toContain(
      "s.yaml:4:26: routing.module: a module lies beside the scenario",
    );
  });
});

test.each([
  ["axis: {}\n", 's.yaml:4:1: axis: unknown key axis (did you mean "axes"?)'],
  ["routing: { policy: ecmp }\n", "a scenario stands under base"],
  ["", "s.yaml:1:1: nothing is varied"],
  ["axes: [1]\n", "axes are a map"],
  ["axes: { 'a..b': [1] }\n", "write the path of a value"],
  ["axes: { name: [a, b] }\n", "name cannot be varied"],
  ["axes: { routing: [{}], routing.policy: [ecmp] }\n", "routing.policy and the axis routing change the same value"],
  ["axes: { workload.size.x: [1] }\nversion: 2\n", "supported: 1"],
  ["axes: { seed: [1, 2] }\nseeds: 2\n", "seed is an axis already"],
  ["seeds: 0\n", "write how many seeds"],
  ["seeds: [1, 1]\n", "a seed comes twice"],
  ["seeds: [1.5]\n", "seeds are whole numbers"],
  ["seeds: 2\nzip: [[a, b]]\n", '"a" is none of the axes'],
  [
    "axes: { nic.latency: [1us, 2us], switch.latency: [1us] }\nzip: [[nic.latency, switch.latency]]\n",
    "need equally many values",
  ],
  ["axes: { nic.latency: [1us, 2us] }\nzip: [[nic.latency]]\n", "two or more axes"],
  ["seeds: 2\ninvalid: ignore\n", "write fail or skip"],
  ["name: ../up\nseeds: 2\n", "a sweep's name is made of"],
  [
    "axes: { seed: { range: [1, 9999], step: 1 }, nic.latency: { range: [1ns, 99ns], points: 99 } }\n",
    "at most 200000",
  ],
  [
    "  routing: { policy: custom, module: ./mine.ts }\nseeds: 2\n",
    "s.yaml:4:38: routing.module: files of policies cannot be read here",
  ],
  ["axes: { routing.policy: [custom] }\n", "routing.module: custom routing needs its policy; write the file's name"],
  ["axes: { routing.polcy: [ecmp] }\n", "s.yaml:4:25: routing.polcy: unknown key polcy"],
  ["axes: { 'faults[3].ber': [1e-5] }\n", "faults"],
])("%j is refused", async (text, message) => {
  expect((await faultsOf(text)).join("\n")).toContain(message);
});

test("an override of an axis is refused, others change the base", async () => {
  const text = "axes: { routing.policy: [ecmp, pinned] }\n";
  expect((await faultsOf(text, { set: ["routing={}"] })).join()).toContain(
    "--set routing={}: routing: the axis routing.policy varies",
  );
  const { points } = await expand(text, { set: ["workload.size=2KiB"] });
  expect(points[0]!.scenario().workload).toMatchObject({ sizeBytes: 2048 });
});

test("a base that cannot be read is a fault at its name", async () => {
  const readBase = async () => {
    throw new Error("there is no file");
  };
  await expect(readSweep("seeds: 2\nbase: x.yaml\n", { file: "s.yaml", readBase })).rejects.toThrow(
    "s.yaml:2:7: base: there is no file",
  );
  await expect(readSweep("seeds: 2\nbase: x.yaml\n")).rejects.toThrow("files cannot be read here");
  await expect(readSweep("seeds: 2\n")).rejects.toThrow("base: missing");
});
