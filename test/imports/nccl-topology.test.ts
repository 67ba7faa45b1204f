import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
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
  expect(slow.notes[1]).toMatch(/^PCIe between a GPU and its NICs carries 252061Mbps, less than the NICs/);
  const halved = await read("nccl-topology", { "t.xml": TEXT.replaceAll(/<net name="mlx5_[02]"[^>]*>/g, "") });
  expect(halved.sections).toMatchObject({ topology: { kind: "custom" }, links: { access: { rate: "200Gbps" } } });
  expect(halved.notes[1]).toMatch(/^4 GPUs share 2 NICs/);
  const plain = await read("nccl-topology", { "t.xml": TEXT.replaceAll(/<nvlink[^>]*>/g, "") });
  expect(plain.sections!.topology).toMatchObject({ scaleUp: false });
  parseScenario({ version: 1, ...plain.sections } as never);
});

/** Two GPUs for each PCIe switch, and `nics` NICs beside them, of which each has `attributes`. */
function pairsOf(nics: number, attributes = (_: number) => "") {
  const group = (g: number) => `<pci busid="${g}" class="0x060400" link_speed="32.0 GT/s PCIe" link_width="16">
  ${[2 * g, 2 * g + 1].map((dev) => `<pci class="0x030200" link_speed="32.0 GT/s PCIe" link_width="16"><gpu dev="${dev}" sm="90"><nvlink target="a" count="18" tclass="0x068000"/></gpu></pci>`).join("\n  ")}
  ${Array.from({ length: nics }, (_, i) => g * nics + i)
    .map((dev) => `<nic><net name="n${dev}" dev="${dev}" speed="200000" ${attributes(dev)}/></nic>`)
    .join("\n  ")}
</pci>`;
  return `<system version="1"><cpu numaid="0">\n${group(0)}\n${group(1)}\n</cpu></system>`;
}

test("several NICs of a GPU are planes, each with rails of its own", async () => {
  const { sections, notes } = await read("nccl-topology", { "t.xml": pairsOf(4) });
  expect(sections!.topology).toEqual({ kind: "rail-optimized", gpus: 32, gpusPerNode: 4, scaleUp: true, planes: 2 });
  expect(notes).toHaveLength(2);
  expect(sections!.links).toMatchObject({ access: { rate: "400Gbps" } });
  // A message between nodes goes over both NICs: 200 Gb/s each, less headers.
  const workload = { kind: "flows", flows: [{ src: 0, dst: 4, size: "64MiB" }] };
  const { flows } = await simulate({ version: 1, ...sections, workload } as never);
  expect((64 * 2 ** 20 * 8) / flows![0]!.fctNs!).toBeGreaterThan(380);
});

test("rails that the file says are shared, and NICs that GPUs share", async () => {
  // Two NICs in all, one for each pair of GPUs.
  const halved = await read("nccl-topology", { "t.xml": pairsOf(1) });
  expect(halved.sections).toMatchObject({
    topology: { kind: "custom", gpusPerNode: 4, scaleUp: true, switches: ["rail-0", "rail-1", "spine"] },
    links: { access: { rate: "100Gbps" } },
  });
  const { links } = halved.sections!.topology as { links: readonly object[] };
  expect(links.slice(0, 4).map((link) => (link as { b: string }).b)).toEqual(["rail-0", "rail-0", "rail-1", "rail-1"]);
  expect(links.at(-1)).toEqual({ a: "rail-1", b: "spine", count: 16 });
  const { jctNs } = await simulate({ version: 1, ...halved.sections } as never);
  // Four GPUs of a node send 2·(7/8) of the buffer at 4 · 100 Gb/s, if nothing is in the way.
  expect(jctNs!).toBeGreaterThan((2 * (7 / 8) * 64 * 2 ** 20 * 8) / 400);
  const said = await read("nccl-topology", { "t.xml": pairsOf(2, (dev) => `rail="${dev % 2}"`) });
  expect(said.sections).toMatchObject({ topology: { kind: "custom" }, links: { access: { rate: "200Gbps" } } });
  const own = await read("nccl-topology", { "t.xml": pairsOf(2, (dev) => `rail="${3 - dev}"`) });
  expect(own.sections!.topology).toMatchObject({ kind: "rail-optimized" });
  parseScenario({ version: 1, ...said.sections } as never);
});

test("the PCIe link of a GPU carries what all of its NICs carry", async () => {
  const text = pairsOf(4).replaceAll('class="0x030200" link_speed="32.0', 'class="0x030200" link_speed="16.0');
  const { sections } = await read("nccl-topology", { "t.xml": text });
  expect(sections!.links).toMatchObject({ access: { rate: "252061Mbps" } });
});

test("faults are told with file and place", async () => {
  const fault = (text: string) => faultOf("nccl-topology", { "t.xml": text });
  expect(await fault('<graphs version="1"/>')).toMatch(
    /^t\.xml: looks like a graph file of NCCL; heddle import nccl-graph reads it\nt\.xml:1:\d+: <graphs>: a topology/,
  );
  expect(await fault(TEXT.replace('speed="400000"', 'speed="fast"'))).toMatch(/^t\.xml:12:\d+: <net>: speed is "fast"/);
  expect(await fault(TEXT.replace('count="9"', 'count="8"'))).toMatch(
    /^t\.xml: GPUs 0 and 1 have NVLinks of other rates/,
  );
  expect(await fault(pairsOf(3))).toMatch(/^t\.xml: 6 NICs for 4 GPUs; the GPUs of a node have the same number here/);
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
