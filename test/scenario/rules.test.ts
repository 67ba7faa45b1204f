import { expect, test } from "vitest";
import { CUSTOM, issuesOf, parse } from "./samples.js";

/** A Clos scenario with parts replaced. */
const clos = (topology: string, rest = "") =>
  `topology: ${topology}\n${rest.includes("workload:") ? "" : "workload: { kind: collective, size: 1MiB }\n"}${rest}`;

const oneIssue = (text: string) => {
  const issues = issuesOf(text);
  expect(issues.map((issue) => issue.message)).toHaveLength(1);
  expect(issues[0]!.line).toBeGreaterThan(0);
  return `${issues[0]!.path}: ${issues[0]!.message}`;
};

test.each([
  [
    "{ kind: fat-tree, gpus: 12, gpusPerNode: 8 }",
    "topology.gpusPerNode: 12 GPUs do not make nodes of 8; write gpus as a multiple of gpusPerNode, or gpusPerNode as one of 4, 2, 1",
  ],
  [
    "{ kind: rail-optimized, gpus: 16, gpusPerNode: 1 }",
    "topology.gpusPerNode: rail-optimized needs gpusPerNode above 1",
  ],
  [
    "{ kind: fat-tree, gpus: 16, gpusPerNode: 1, scaleUp: true }",
    "topology.scaleUp: nodes of 1 GPU have no scale-up network",
  ],
  [
    "{ kind: leaf-spine, gpus: 64, gpusPerNode: 2, radix: 8 }",
    "topology.gpus: 64 GPUs need 16 leaves of 4; switches of radix 8 in 2 tiers at 1:1 allow 8 leaves, 32 GPUs; write a larger radix, or fewer gpus",
  ],
  ["{ kind: fat-tree, tiers: 2, gpus: 64, gpusPerNode: 2, radix: 8 }", "write a larger radix, tiers: 3, or fewer gpus"],
  ["{ kind: fat-tree, gpus: 8, gpusPerNode: 1, radix: 2 }", "topology.gpus: 8 GPUs need 8 leaves of 1"],
])("topology %s", (topology, message) => {
  expect(oneIssue(clos(topology))).toContain(message);
});

test.each([
  // Radix k holds k^2/2 GPUs in two tiers and k^3/4 in three, at 1:1 and one rate.
  [2, 8, 32, 1, ""],
  [3, 8, 128, 1, ""],
  [2, 64, 2048, 1, ""],
  [3, 64, 65_536, 1, ""],
  // 3:1: three quarters of the leaf's ports face hosts.
  [2, 8, 48, 3, ""],
  // Spines of twice the access rate have half as many ports.
  [2, 8, 16, 1, "links: { fabric: { rate: 800Gbps } }"],
  [3, 8, 32, 1, "links: { fabric: { rate: 800Gbps }, core: { rate: 800Gbps } }"],
])("%i tiers of radix %i hold %i GPUs at %i:1 %s", (tiers, radix, most, oversubscription, links) => {
  const text = (gpus: number) =>
    clos(
      `{ kind: fat-tree, tiers: ${tiers}, radix: ${radix}, gpusPerNode: 1, gpus: ${gpus}, oversubscription: ${oversubscription} }`,
      links,
    );
  expect(parse(text(most)).scenario.topology).toMatchObject({ gpus: most });
  expect(oneIssue(text(most + 1))).toContain(`${most} GPUs; write a larger radix`);
});

test("rails take whole leaves", () => {
  const text = (gpus: number) => clos(`{ kind: rail-optimized, radix: 8, gpusPerNode: 4, gpus: ${gpus} }`);
  expect(parse(text(32)).scenario.topology).toMatchObject({ gpus: 32 });
  expect(oneIssue(text(36))).toContain(
    "36 GPUs need 12 leaves of 4; switches of radix 8 in 2 tiers at 1:1 allow 8 leaves, 32 GPUs",
  );
});

const CLOS = "{ kind: leaf-spine, gpus: 16, gpusPerNode: 8 }";

test.each([
  [
    "transport: { mtu: 131000B }",
    "transport.mtu: packets of 131000 B and 82 B of header and gap are too large: write at most 130989B",
  ],
  ["links: { scaleUp: { cell: 128KiB } }", "links.scaleUp.cell: packets of 131072 B and 82 B"],
  [
    "transport: { recovery: selective, window: unlimited }",
    "transport.window: selective recovery needs a window; write one of at most 512MiB",
  ],
  [
    "transport: { recovery: selective, window: 1GiB }",
    "transport.window: a window of 262144 packets is too large for selective recovery: write at most 131072, 512MiB",
  ],
  [
    "transport: { window: 32GiB }",
    "transport.window: a window of 8388608 packets is too large: write at most 4194304, 16GiB, or unlimited",
  ],
  ["transport: { window: 1KiB }", "transport.window: a window of 1KiB holds no packet of 4KiB; write at least 4KiB"],
  [
    "transport: { window: 64KiB, ackEvery: 17 }",
    "transport.ackEvery: no acknowledgement before 17 packets, but the window holds 16",
  ],
  ["ecn: { kmin: 2KB, kmax: 1KB, pmax: 0.5 }", "ecn.kmin: kmin is above kmax"],
  [
    "transport: { rto: { kind: adaptive, first: 2ms, most: 1ms } }",
    "transport.rto.first: first is above most; write first at most as long as most",
  ],
  [
    "faults: [{ kind: degraded-link, from: leaf-0, to: spine-0 }]",
    "faults[0]: a degraded link without ber, frameLossRatio or rate",
  ],
  [
    "faults: [{ kind: degraded-link, from: leaf-0, to: leaf-0, ber: 1e-4 }]",
    "faults[0].to: a link from a device to itself",
  ],
  ["flowControl: { headroom: 100MiB }", "flowControl.headroom: more than the switch has"],
  ["flowControl: { threshold: { kind: static, xoff: 65MiB } }", "flowControl.threshold.xoff: more than the switch has"],
  [
    "links: { access: { rate: 99999999937bps } }",
    "links.access.rate: 99999999937bps is too odd a number; write a multiple of 1Mbps",
  ],
  [
    "links: { scaleUp: { rate: 1Mbps } }",
    "links.scaleUp: the serialization of a link's largest packet and the latency of the devices at its ends must stay below 3 ms together",
  ],
  [
    "wire: { gap: 0B, ack: 0B }\nlinks: { fabric: { length: 0m, fecLatency: 0ns } }\nswitch: { latency: 0ns }",
    "links.fabric: a link without any latency cannot be simulated; give it a length or a latency",
  ],
  [
    "workload: { kind: collective, algorithm: direct, size: 1MiB, chunk: 4KiB }",
    "workload.chunk: direct does not take a chunk; leave it out, or write algorithm: ring or",
  ],
  [
    "workload: { kind: collective, size: 1KiB, algorithm: double-binary-tree, chunk: 4KiB }",
    "workload.chunk: the chunk is larger than the size",
  ],
  [
    "workload: { kind: collective, size: 1MiB, algorithm: double-binary-tree, channels: 2 }",
    "workload.channels: double-binary-tree does not take channels",
  ],
  [
    "workload: { kind: collective, size: 1MiB, channels: 9 }",
    "workload.channels: a node has 8 NICs, one per GPU; write channels from 1 to 8",
  ],
  ["workload: { kind: flows }", "workload: neither flows nor a pattern"],
  ["workload: { kind: flows, flows: [] }", "workload.flows: the list is empty"],
  [
    "workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 1B }], pattern: ring, size: 1B }",
    "workload.pattern: flows and a pattern at once",
  ],
  [
    "workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 1B }], size: 1B }",
    "workload.size: size belongs to a pattern",
  ],
  ["workload: { kind: flows, pattern: ring }", "workload.size: missing; write the bytes of each flow"],
  ["workload: { kind: flows, pattern: ring, size: 1B, by: 2 }", "workload.by: by is nothing that ring takes"],
  [
    "workload: { kind: flows, pattern: shift, size: 1B, by: 32 }",
    "workload.by: 32 leads from every one of 16 ranks to itself",
  ],
  [
    "workload: { kind: flows, pattern: incast, size: 1B, senders: 16 }",
    "workload.senders: 16 senders of 16 ranks; write 1 to 15",
  ],
  [
    "workload: { kind: flows, pattern: incast, size: 1B, target: 16 }",
    "workload.target: there is no rank 16; write one from 0 to 15",
  ],
  [
    "workload: { kind: flows, flows: [{ src: 3, dst: 3, size: 1B }] }",
    "workload.flows[0].dst: a flow from a rank to itself",
  ],
  ["workload: { kind: flows, flows: [{ src: 3, dst: 16, size: 1B }] }", "workload.flows[0].dst: there is no rank 16"],
  [
    "workload: { kind: flows, flows: [{ src: h1, dst: 1, size: 1B }] }",
    "workload.flows[0].src: there is no host h1; write a rank from 0 to 15",
  ],
  [
    "workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 0B }] }",
    'workload.flows[0].size: "0B" is out of range: write at least 1B',
  ],
])("%s", (section, message) => {
  expect(oneIssue(clos(CLOS, section))).toContain(message);
});

test("a hierarchical ring needs nodes", () => {
  const text = (more: string) =>
    clos(
      `{ kind: leaf-spine, gpus: 16, ${more} }`,
      "workload: { kind: collective, algorithm: hierarchical-ring, size: 1MiB }",
    );
  expect(parse(text("gpusPerNode: 8")).warnings).toEqual([]);
  expect(oneIssue(text("gpusPerNode: 1"))).toContain("workload.algorithm: hierarchical-ring needs nodes");
  expect(oneIssue(text("gpusPerNode: 8, scaleUp: false"))).toContain("hierarchical-ring needs nodes");
});

test("all-to-all is bounded", () => {
  const text = clos("{ kind: leaf-spine, gpus: 1032 }", "workload: { kind: flows, pattern: all-to-all, size: 1B }");
  expect(oneIssue(text)).toContain(
    "all-to-all over 1032 ranks makes 1063992 flows, whose tables take 219 MiB at least; at most 1048576: use 1024 GPUs, or write fanOut: 1016",
  );
  const fanOut = (count: number) =>
    clos(
      "{ kind: fat-tree, tiers: 3, gpus: 8192 }",
      `workload: { kind: flows, pattern: all-to-all, fanOut: ${count}, size: 1B }`,
    );
  expect(oneIssue(fanOut(8191))).toContain("whose tables take 13.5 GiB at least");
  expect(oneIssue(fanOut(8192))).toContain("workload.fanOut: 8192 receivers of 8192 ranks; write 1 to 8191");
  expect(parse(fanOut(16)).scenario.workload).toMatchObject({ flows: { length: 8192 * 16 } });
});

test.each([
  ["hosts: [h0, h1, h2]", "hosts: [h0, h1, h2, h2]", "topology.hosts[3]: the name h2 is taken"],
  ["hosts: [h0, h1, h2]", "hosts: [h0, h1, h2, s0]", "topology.switches[0]: the name s0 is taken"],
  ["b: h2", "b: h3", 'topology.links[3].b: there is no host or switch h3 (did you mean "h0"?)'],
  ["a: s1, b: h2", "a: s1, b: s1", "topology.links[3]: a link from s1 to itself"],
  [
    "hosts: [h0, h1, h2]",
    "hosts: [h0, h1, h2, h3]",
    "topology.hosts[3]: host h3 has no link; link it to a switch or host",
  ],
  [
    "hosts: [h0, h1, h2]",
    "hosts: [h0, h1, h2]\n  gpusPerNode: 2",
    "topology.gpusPerNode: 3 hosts do not make nodes of 2; write a divisor of 3",
  ],
  [
    "hosts: [h0, h1, h2]",
    "hosts: [h0, h1, h2]\n  nvSwitches: 4",
    "topology.nvSwitches: hosts alone have no scale-up network",
  ],
  [
    "hosts: [h0, h1, h2]",
    "hosts: [h0, h1, h2]\n  rankOrder: [h0, h1]",
    "topology.rankOrder: h2 is missing; name each host once",
  ],
  ["hosts: [h0, h1, h2]", "hosts: [h0, h1, h2]\n  rankOrder: [h0, h1, h1]", "topology.rankOrder[2]: h1 stands twice"],
  ["hosts: [h0, h1, h2]", "hosts: [h0, h1, h2]\n  rankOrder: [h0, h1, x]", "topology.rankOrder[2]: there is no host x"],
  ["switches: [s0,", "switches: [s0, s2,", "topology.switches[1]: there is no path from h0 to s2"],
  ["count: 2", "count: 1024", "topology.switches[0]: switch s0 has 1026 ports; at most 1024"],
  ["count: 2", "count: 0", "topology.links[2].count: 0 is not allowed; write one from 1 to 1024"],
  ["src: h0", "src: h9", 'workload.flows[0].src: there is no host h9 (did you mean "h0"?)'],
  [
    "latency: 1us, buffer",
    "latncy: 1us, buffer",
    'topology.switches[1].latncy: unknown key latncy (did you mean "latency"?)',
  ],
  ["name: s1,", "", "topology.switches[1].name: missing"],
  ["rate: 400Gbps", "rate: 400", "topology.links[2].rate: 400 has no unit"],
])("a custom fabric with %s -> %s", (from, to, message) => {
  const issues = issuesOf(CUSTOM.replace(from, to)).map((issue) => `${issue.path}: ${issue.message}`);
  expect(issues.join("\n")).toContain(message);
});

test("faults of a custom fabric name its links", () => {
  const text = (to: string) => `${CUSTOM}faults: [{ kind: degraded-link, from: s1, to: ${to}, rate: 1Gbps }]\n`;
  expect(parse(text("s0")).scenario.faults).toHaveLength(1);
  expect(oneIssue(text("h0"))).toContain("faults[0]: there is no link between s1 and h0");
});

test.each([
  ["quanta: 65535", []],
  ["quanta: 65535, refresh: 0.99", []],
  ["quanta: 65535, refresh: off", ["flowControl.refresh: pauses may lapse before they are refreshed"]],
  ["quanta: 65535, refresh: 1.5", ["flowControl.refresh: pauses may lapse before they are refreshed"]],
  // Half of their time is less than that of a packet that a frame may wait for.
  ["quanta: 100", ["flowControl.quanta: pauses may lapse before they are refreshed"]],
  ["refresh: 0.25", ["flowControl.refresh: has no effect: pauses do not lapse"]],
])("pauses with %s", (written, expected) => {
  const { warnings } = parse(clos("{ kind: leaf-spine, gpus: 8 }", `flowControl: { kind: pfc, ${written} }\n`));
  expect(warnings).toHaveLength(expected.length);
  expected.forEach((text, i) => {
    expect(`${warnings[i]!.path}: ${warnings[i]!.message}`).toContain(text);
  });
});

test.each([
  ["0", "0 is not allowed; write one from 1 to 65535"],
  ["65536", "65536 is not allowed; write one from 1 to 65535"],
  ["on", '"on" is neither a number in range nor off; write e.g. 65535, or off'],
])("quanta %s are refused", (quanta, message) => {
  const text = clos("{ kind: leaf-spine, gpus: 8 }", `flowControl: { kind: pfc, quanta: ${quanta} }\n`);
  expect(oneIssue(text)).toContain(message);
});

test.each([
  ["host: gpu-1, start: 5us, until: 5us", "faults[0].until: is not after start; write a later time, or never"],
  ["host: gpu-1 }, { kind: nic-stall, host: gpu-1, start: 1us", "faults[1].host: gpu-1 stalls already"],
])("a stall of { %s } is refused", (written, message) => {
  expect(oneIssue(clos("{ kind: leaf-spine, gpus: 8 }", `faults: [{ kind: nic-stall, ${written} }]\n`))).toContain(
    message,
  );
});

test("a NIC that stalls needs pauses", () => {
  const text = clos("{ kind: leaf-spine, gpus: 8 }", "preset: lossy\nfaults: [{ kind: nic-stall, host: gpu-1 }]\n");
  expect(oneIssue(text)).toContain("a NIC that stalls pauses its leaf, which needs flowControl: { kind: pfc }");
});

test("a receive buffer holds a full packet", () => {
  const credit = (rules: string) => `topology: { kind: fat-tree, gpus: 16, gpusPerNode: 1 }
workload: { kind: collective, size: 1MiB }
flowControl: { kind: credit, ${rules} }
`;
  expect(oneIssue(credit("buffer: 4KiB"))).toBe(
    "flowControl.buffer: a receive buffer must hold a full packet, which takes 4160 bytes of blocks; write at least 4160B, or auto",
  );
  // Two blocks of 4 KiB; what is left of a third one does not count.
  expect(oneIssue(credit("buffer: 8191B, block: 4KiB"))).toContain("takes 8192 bytes of blocks");
  expect(parse(credit("buffer: 4160B")).scenario.flowControl.credit).toEqual({
    ...{ blockBytes: 64, bufferBytes: 4160, updateEveryBytes: "auto", updateWireBytes: 8, responsePs: 300_000 },
  });
  expect(oneIssue(credit("trim: true"))).toMatch(/unknown key trim; known keys: kind, release, buffer/);
});
