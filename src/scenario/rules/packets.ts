/** Packet sizes, windows, and the time that packets take on links. */
import { RECOVERY } from "../../plan/policies/recovery.js";
import type { Path } from "../../util/document-path.js";
import { resolveCustom, resolveLinks } from "../defaults/links.js";
import { hasScaleUp, longLinks } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import type { LinkLevel } from "../types/scenario.js";
import { topologyFacts } from "../types/topology-facts.js";
import { formatQuantity } from "../types/units.js";
import type { Rule, RuleContext } from "./rule.js";

/** Limits of the core's records. */
const WIRE_BYTES_LIMIT = 131_072;
const MAX_WINDOW_PACKETS = 2 ** 22;
const MAX_SELECTIVE_PACKETS = 131_072;
const U32 = 2 ** 32;
/** As in the core's timing: the largest part of a medium's latency that counts here. */
const NEAR_PS = 2 ** 30;
const LONGEST_WINDOW_PS = 2 ** 20;

const MTU = ["transport", "mtu"];
const WINDOW = ["transport", "window"];

export const packetRules: Rule[] = [
  { needs: ["transport", "wire", "links"], check: checkSizes },
  { needs: ["transport"], check: checkWindow },
  { needs: ["links", "topology", "faults"], check: checkRates },
  { needs: ["links", "topology", "transport", "wire", "switch", "nic", "flowControl"], check: checkLinkTimes },
];

function checkSizes({ transport, wire, links }: Sections, context: RuleContext): void {
  const overhead = wire.header + wire.gap;
  const most = WIRE_BYTES_LIMIT - 1 - overhead;
  const say = (bytes: number) =>
    `packets of ${bytes} B and ${overhead} B of header and gap are too large: write at most ${most}B`;
  if (transport.mtu > most) context.fail([MTU, ["wire", "header"]], say(transport.mtu));
  const { cell } = links.scaleUp;
  if (cell !== null && cell > most)
    context.fail(
      [
        ["links", "scaleUp", "cell"],
        ["wire", "header"],
      ],
      say(cell),
    );
}

function checkWindow({ transport }: Sections, context: RuleContext): void {
  const { window, mtu, recovery, ackEvery } = transport;
  const recoveryPath = ["transport", "recovery"];
  if (window === 0) {
    if (!RECOVERY[recovery].needsWindow) return;
    context.fail(
      [WINDOW, recoveryPath],
      `selective recovery needs a window; write one of at most ${say(MAX_SELECTIVE_PACKETS * mtu)}`,
    );
    return;
  }
  const packets = Math.floor(window / mtu);
  if (packets < 1) {
    context.fail(
      [WINDOW, MTU],
      `a window of ${say(window)} holds no packet of ${say(mtu)}; write at least ${say(mtu)}`,
    );
  } else if (recovery === "selective" && packets > MAX_SELECTIVE_PACKETS) {
    const most = `at most ${MAX_SELECTIVE_PACKETS}, ${say(MAX_SELECTIVE_PACKETS * mtu)}`;
    context.fail(
      [WINDOW, recoveryPath],
      `a window of ${packets} packets is too large for selective recovery: write ${most}`,
    );
  } else if (packets > MAX_WINDOW_PACKETS) {
    const most = `at most ${MAX_WINDOW_PACKETS}, ${say(MAX_WINDOW_PACKETS * mtu)}, or unlimited`;
    context.fail([WINDOW, MTU], `a window of ${packets} packets is too large: write ${most}`);
  } else if (ackEvery > packets) {
    const path = ["transport", "ackEvery"];
    context.fail(
      [path, WINDOW],
      `no acknowledgement before ${ackEvery} packets, but the window holds ${packets}: write at most ${packets}`,
    );
  }
}

function say(bytes: number): string {
  return formatQuantity("size", bytes);
}

/** A link that is used, with the paths to blame for it. */
interface UsedLink {
  readonly path: Path;
  readonly rateBps: number;
  readonly mediumPs: number;
  /** Latencies of the devices at its ends. */
  readonly endPs: readonly number[];
  readonly payloadBytes: number;
}

/** Time per byte is kept as a fraction of 32-bit numbers. */
function checkRates({ links, topology, faults }: Sections, context: RuleContext): void {
  const rates: [Path, number][] = Object.entries(resolveLinks(links, topology)).map(([level, { rateBps }]) => [
    ["links", level, "rate"],
    rateBps,
  ]);
  if (topology.kind === "multi-datacenter") {
    topology.between.forEach(({ rate }, i) => {
      rates.push([["topology", "between", i, "rate"], rate]);
    });
  }
  if (topology.kind === "custom") {
    topology.links.forEach(({ rate }, i) => {
      if (rate !== undefined) rates.push([["topology", "links", i, "rate"], rate]);
    });
  }
  faults.forEach((fault, i) => {
    if (fault.kind === "degraded-link" && fault.rate !== undefined) rates.push([["faults", i, "rate"], fault.rate]);
  });
  for (const [path, rate] of rates) {
    if (Number.isInteger(rate) && 8e12 / greatestCommonDivisor(8e12, rate) < U32) continue;
    context.fail([path], `${formatQuantity("rate", Math.round(rate))} is too odd a number; write a multiple of 1Mbps`);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/**
 * Time is simulated in steps of the smallest latency, which must not be zero; and times on a link
 * have 32 bits.
 */
function checkLinkTimes(sections: Sections, context: RuleContext): void {
  const { wire, flowControl } = sections;
  const overhead = wire.header + wire.gap;
  const frameBytes = flowControl.kind === "credit" ? flowControl.update : wire.pause + wire.gap;
  const leastBytes = Math.min(overhead + 1, wire.ack + wire.gap, frameBytes);
  const floor = wire.serialization === "floor";
  const time = (bytes: number, rateBps: number) => {
    const ps = (bytes * 8e12) / rateBps;
    return floor ? Math.floor(ps) : Math.round(ps);
  };
  for (const link of usedLinks(sections)) {
    const effects = flowControl.kind === "none" ? link.endPs : [...link.endPs, flowControl.response];
    if (time(leastBytes, link.rateBps) + link.mediumPs + Math.min(...effects) < 1) {
      context.fail([link.path], "a link without any latency cannot be simulated; give it a length or a latency");
    }
    const longest = time(link.payloadBytes + overhead, link.rateBps) + link.mediumPs + Math.max(...effects);
    if (longest - Math.max(0, link.mediumPs - NEAR_PS) + LONGEST_WINDOW_PS >= U32) {
      context.fail(
        [link.path],
        "the serialization of a link's largest packet and the latency of the devices at its ends must stay below 3 ms together",
      );
    }
  }
}

function usedLinks(sections: Sections): UsedLink[] {
  const { topology, transport, nic, switch: switchParams } = sections;
  const [host, forward] = [nic.latency, switchParams.latency];
  const links = resolveLinks(sections.links, topology);
  if (topology.kind !== "custom") {
    const levels: { path: Path; link: LinkLevel; endPs: number[] }[] = topologyFacts(topology).levels.map((name) => ({
      path: ["links", name],
      link: links[name]!,
      endPs: name === "access" ? [host, forward] : [forward],
    }));
    if (hasScaleUp(topology)) {
      const endPs = [nic.scaleUpLatency, switchParams.scaleUpLatency];
      levels.push({ path: ["links", "scaleUp"], link: links.scaleUp, endPs });
    }
    if (topology.kind === "multi-datacenter") {
      topology.between.forEach((written, i) => {
        levels.push({ path: ["topology", "between", i], link: longLinks(written).link, endPs: [forward] });
      });
    }
    return levels.map(({ path, link, endPs }) => ({
      path,
      rateBps: link.rateBps,
      mediumPs: link.propagationPs + link.fecPs,
      endPs,
      payloadBytes: link.cellBytes ?? transport.mtu,
    }));
  }
  const hosts = new Set(topology.hosts);
  const switchPs = new Map(
    topology.switches.map((sw) => (typeof sw === "string" ? [sw, forward] : [sw.name, sw.latency ?? forward])),
  );
  const endPs = (name: string) => (hosts.has(name) ? host : (switchPs.get(name) ?? forward));
  const single = topology.links.map((link) => ({ ...link, count: 1 }));
  return resolveCustom({ ...topology, links: single }, sections.links).links.map((link, i) => ({
    path: ["topology", "links", i],
    rateBps: link.rateBps,
    mediumPs: link.propagationPs + link.fecPs,
    endPs: [endPs(link.a), endPs(link.b)],
    payloadBytes: transport.mtu,
  }));
}
