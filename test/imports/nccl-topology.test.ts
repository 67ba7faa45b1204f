import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { importFolder, mutate } from "./folder.js";

const { read, faultOf } = importFolder();
const TEXT = readFileSync(new URL("../data/nccl/four-gpus.xml", import.meta.url), "utf8");

test("GPUs with a NIC each: rails, NVLink rates as NCCL counts them, rates of NICs", async () => {
  const { sections, ranks, notes } = await read("nccl-topology", { "t.xml": TEXT });
  expect(ranks).toBe(32);
  expect(sections!.topology).toEqual({ kind: "rail-optimized", gpus: 32, gpusPerNode: 4, scaleUp: true });
  const { scenario } = parseScenario({ version: 1, ...sections } as never);
  // 18 NVLinks of 20.6 GB/s.
  expect(scenario.links.scaleUp.rateBps).toBe(18 * 20.6 * 8e9);
  expect(scenario.links.access.rateBps).toBe(400e9);
  expect(notes).toHaveLength(2);
});

test("PCIe that is slower than the NIC, NICs that are shared, and no NVLink", async () => {
  const slow = await read("nccl-topology", { "t.xml": TEXT.replaceAll("32.0 GT/s", "16.0 GT/s") });
  // 16 lanes of 16 GT/s in the code 128b/130b.
  const pcie = Math.floor((16 * 16e9 * 128) / 130 / 1e6) * 1e6;
  const { scenario } = parseScenario({ version: 1, ...slow.sections } as never);
  expect(scenario.links.access.rateBps).toBe(pcie);
  expect(slow.notes[1]).toMatch(/^PCIe between a GPU and its NIC carries 252061Mbps, less than the NIC/);
  const halved = await read("nccl-topology", { "t.xml": TEXT.replaceAll(/<net name="mlx5_[02]"[^>]*>/g, "") });
  expect(halved.sections).toMatchObject({ topology: { kind: "leaf-spine" }, links: { access: { rate: "200Gbps" } } });
  expect(halved.notes[1]).toMatch(/^4 GPUs share 2 NICs/);
  const plain = await read("nccl-topology", { "t.xml": TEXT.replaceAll(/<nvlink[^>]*>/g, "") });
  expect(plain.sections!.topology).toMatchObject({ scaleUp: false });
  parseScenario({ version: 1, ...plain.sections } as never);
});

test("faults are told with file and place", async () => {
  const fault = (text: string) => faultOf("nccl-topology", { "t.xml": text });
  expect(await fault('<graphs version="1"/>')).toMatch(/^t\.xml:1:\d+: <graphs>: this is a graph file of NCCL/);
  expect(await fault(TEXT.replace('speed="400000"', 'speed="fast"'))).toMatch(/^t\.xml:12:\d+: <net>: speed is "fast"/);
  expect(await fault(TEXT.replace('count="9"', 'count="8"'))).toMatch(
    /^t\.xml: GPUs 0 and 1 have NVLinks of other rates/,
  );
  expect(await fault("<system/>")).toBe("t.xml: there is no <gpu>");
  expect(await fault(TEXT.slice(0, 800))).toMatch(/^t\.xml:\d+:\d+: not well-formed XML/);
});

test("mutated files are read, or refused with the file's name", async () => {
  const put = fc.oneof(
    fc.constantFrom("<", ">", '"', "</gpu>", "<gpu", "-1", "&x;", "9999999999"),
    fc.string({ maxLength: 6 }),
  );
  const mutation = fc.record({ at: fc.nat(TEXT.length), cut: fc.nat(30), put });
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const fault = await faultOf("nccl-topology", { "t.xml": mutate(TEXT, mutations) });
      if (fault !== "") expect(fault).toMatch(/^t\.xml:/);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
});
