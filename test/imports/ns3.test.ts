import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { type Ns3Case, ns3Cases } from "../support/ns3.js";
import { importFolder, mutate } from "./folder.js";

const { read, faultOf } = importFolder();

/** A case of published exact figures as the files of HPCC. */
function filesOf({ hosts, switches, links, flows, mtu, bufferBytes }: Ns3Case) {
  const topology = [
    `${hosts.length + switches.length} ${switches.length} ${links.length}`,
    switches.join(" "),
    ...links.map(([a, b, gbps, delayNs]) => `${a} ${b} ${gbps}Gbps ${delayNs / 1e6}ms 0.000000`),
  ];
  const flow = [
    `${flows.length}`,
    ...flows.map(([src, dst, bytes, ps]) => `${src} ${dst} 3 100 ${bytes} ${(ps / 1e12).toFixed(12)}`),
  ];
  const config = [
    "ENABLE_QCN 0",
    "CC_MODE 0",
    `PACKET_PAYLOAD_SIZE ${mtu}`,
    `BUFFER_SIZE ${bufferBytes / 2 ** 20}`,
    "L2_BACK_TO_ZERO 0",
  ];
  const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;
  return { "topology.txt": text(topology), "flow.txt": text(flow), "config.txt": text(config) };
}

// Without congestion control ns-3 has no window; HPCC's header is 48 bytes, as that of the preset.
const CASES = ns3Cases().filter(({ hdr, ack, pfc }) => hdr === 48 && ack === 60 && pfc === 43);

test.each(CASES.map((each) => [each.name, each] as const))("%s: to the picosecond, pauses exactly", async (_, ns3) => {
  const { sections, notes } = await read("ns3", filesOf(ns3));
  expect(notes).toEqual(["keys that are not read: L2_BACK_TO_ZERO"]);
  const { scenario } = parseScenario({ version: 1, ...sections } as never);
  const { flows, pfc } = await simulate(scenario);
  expect(flows!.map(({ ackedNs }) => Math.round(ackedNs! * 1000))).toEqual(ns3.expected.fctPs);
  expect(pfc.pauses).toBe(ns3.expected.pauses);
});

const DCQCN = `ENABLE_QCN 1
CC_MODE 1
PACKET_PAYLOAD_SIZE 1000
ALPHA_RESUME_INTERVAL 1
RATE_DECREASE_INTERVAL 4
CLAMP_TARGET_RATE 0
RP_TIMER 300
EWMA_GAIN 0.00390625
FAST_RECOVERY_TIMES 1
RATE_AI 20Mb/s
RATE_HAI 200Mb/s
MIN_RATE 100Mb/s
KMAX_MAP 2 100000000000 1600 25000000000 400
KMIN_MAP 2 100000000000 400 25000000000 100
PMAX_MAP 2 100000000000 0.2 25000000000 0.2
HAS_WIN 0
LINK_DOWN 50 2 3
FCT_OUTPUT_FILE fct.txt
`;
const LINE = "4 2 3\n2 3\n0 2 100Gbps 1us 0\n2 3 100Gbps 1us 0.001\n3 1 100Gbps 1us 0\n";

test("keys with a counterpart are mapped, others are listed", async () => {
  const { sections, notes } = await read("ns3", { "config.txt": DCQCN, "t.txt": LINE });
  expect(sections).toMatchObject({
    preset: "ns3",
    ecn: { kmin: "400KB", kmax: "1600KB", pmax: 0.2, rate: "100Gbps", at: "dequeue" },
    transport: {
      mtu: "1000B",
      congestionControl: {
        kind: "dcqcn",
        gain: 1 / 256,
        alphaPeriod: "1us",
        decreaseInterval: "4us",
        timer: "300us",
        fastRecovery: 2,
        additiveIncrease: "20Mbps",
        hyperIncrease: "200Mbps",
        clampTarget: false,
        minRate: "100Mbps",
      },
    },
    faults: [{ kind: "link-down", from: "s2", to: "s3", start: "2.00005s" }],
  });
  const links = (sections!.topology as { links: { frameLossRatio?: number }[] }).links;
  expect(links.map(({ frameLossRatio }) => frameLossRatio)).toEqual([undefined, 0.001, undefined]);
  expect(notes).toEqual(["keys that are not read: HAS_WIN", "the workload is an all-reduce of 64 MiB; write your own"]);
  parseScenario({ version: 1, ...sections } as never);
});

test("SimAI's topology: NVSwitches are left out, with a warning", async () => {
  const text =
    "7 2 1 2 7 H100\n4\n5 6\n0 4 2880Gbps 25ns 0\n1 4 2880Gbps 25ns 0\n0 5 400Gbps 500ns 0\n1 5 400Gbps 500ns 0\n2 6 400Gbps 500ns 0\n3 6 400Gbps 500ns 0\n5 6 800Gbps 500ns 0\n";
  const { sections, notes, ranks } = await read("ns3", { "t.txt": text });
  expect(ranks).toBe(4);
  expect((sections!.topology as { links: object[] }).links).toHaveLength(5);
  expect(notes[0]).toMatch(/^1 NVSwitches and their links are left out/);
});

test("faults are told with file and line", async () => {
  const fault = (files: Record<string, string>) => faultOf("ns3", files);
  expect(await fault({ "t.txt": LINE.replace("100Gbps", "100") })).toMatch(/^t\.txt:3:1: .*unit/);
  expect(await fault({ "t.txt": LINE.split("\n").slice(0, 4).join("\n") })).toBe(
    "t.txt:4:1: there are 2 links; the first line says 3",
  );
  expect(await fault({ "t.txt": LINE, "f.txt": "1\n0 2 3 100 1000 0\n" })).toBe(
    "f.txt:2:1: node 2 is no host of the topology",
  );
  expect(await fault({ "t.txt": LINE, "f.txt": "2\n0 1 3 100 1000 0\n" })).toBe(
    "f.txt:2:1: there are 1 flows; the first line says 2",
  );
  expect(await fault({ "c.txt": "CC_MODE 7\n" })).toMatch(/^c\.txt:1:1: CC_MODE 7 is TIMELY, which has no counterpart/);
  expect(await fault({ "c.txt": "CC_MODE 1\nCC_MODE 3\n" })).toBe("c.txt:2:1: CC_MODE stands here a second time");
  const uneven = DCQCN.replace("25000000000 100", "25000000000 300").replace("LINK_DOWN 50 2 3", "");
  expect(await fault({ "c.txt": uneven })).toMatch(/^c\.txt:14:1: thresholds here are in proportion to the rate/);
  expect(await fault({ "c.txt": uneven, "t.txt": LINE })).toBe("");
  expect(await fault({ "t.txt": LINE, "u.txt": LINE })).toBe("u.txt: a second file of kind topology, beside t.txt");
});

test("mutated files are read, or refused with the file's name", async () => {
  const put = fc.oneof(
    fc.constantFrom("\n", " ", "0", "-1", "e9", "99999999999999999999", "Gbps"),
    fc.string({ maxLength: 8 }),
  );
  const mutation = fc.record({ at: fc.nat(DCQCN.length), cut: fc.nat(20), put });
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(mutations, mutations, async (ofConfig, ofTopology) => {
      const fault = await faultOf("ns3", { "c.txt": mutate(DCQCN, ofConfig), "t.txt": mutate(LINE, ofTopology) });
      if (fault !== "") expect(fault).toMatch(/^[ct]\.txt:/);
    }),
    { numRuns: Number(process.env.HEDDLE_RUNS ?? 150) },
  );
});
