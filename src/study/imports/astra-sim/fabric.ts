/** Fabrics of ASTRA-sim's dimensions: switches, or links from NPU to NPU. */
import { formatQuantity } from "../../../scenario/types/units.js";
import type { SourceFile } from "../common/source.js";
import type { Dimension } from "./network.js";

type Sections = Readonly<Record<string, unknown>>;
type Link = Readonly<Record<string, string>>;

/** A message takes its bytes and the latencies: no headers, and no time in switches. */
const WIRE = { header: "0B", gap: "0B", ack: "1B" };
const SWITCH = { latency: "0ns" };

/** A scenario has at most 4 MiB, and a link some 100 bytes of it. */
const MAX_LINKS = 32_768;

/**
 * @param endpointDelayNs Of each message: half of it at each of the two NICs that it passes. Those
 *   of a scale-up network take no time, so there it is with their links.
 * @throws ScenarioError where there are more links than a scenario can list
 */
export function fabricOf(file: SourceFile, dimensions: readonly Dimension[], endpointDelayNs: number): Sections {
  const areSwitches = dimensions.every(({ kind }) => kind === "Switch");
  const sections =
    areSwitches && dimensions.length <= 2 ? switched(dimensions, endpointDelayNs / 2) : listed(file, dimensions);
  const nic = { latency: `${endpointDelayNs / 2}ns` };
  const hasSwitches = dimensions.some(({ kind }) => kind === "Switch");
  return { wire: WIRE, ...(hasSwitches && { switch: SWITCH }), ...sections, nic };
}

/**
 * One dimension is one switch. Of two, the first is the scale-up network of the nodes; the second
 * has a switch for each place in the nodes, which is a rail. An NPU's id is its place in the node
 * plus the node's number times the NPUs of a node.
 */
function switched(dimensions: readonly Dimension[], nicNs: number): Sections {
  const [near, far] = dimensions as [Dimension, Dimension | undefined];
  const { npus } = far ?? near;
  const network = levelOf(far ?? near);
  const radix = Math.max(2 * npus, 4);
  const links = { access: network, fabric: { ...network } };
  if (far === undefined) return { topology: { kind: "leaf-spine", gpus: npus, gpusPerNode: 1, radix }, links };
  const gpus = near.npus * far.npus;
  const topology = { kind: "rail-optimized", gpus, gpusPerNode: near.npus, radix };
  return {
    topology,
    links: { ...links, scaleUp: { ...levelOf({ ...near, latencyNs: near.latencyNs + nicNs }), cell: "mtu" } },
  };
}

/** A host for each NPU, with the links of each dimension at NICs of their own. */
function listed(file: SourceFile, dimensions: readonly Dimension[]): Sections {
  const count = dimensions.reduce((sum, dimension, d) => sum + linkCount(dimension, groupCount(dimensions, d)), 0);
  if (count > MAX_LINKS) file.fail(`${count} links; a scenario lists at most ${MAX_LINKS} of such a network`);
  const npus = dimensions.reduce((product, dimension) => product * dimension.npus, 1);
  const switches: string[] = [];
  const links: Link[] = [];
  for (const [d, dimension] of dimensions.entries()) {
    const level = dimensions.length === 1 ? {} : levelOf(dimension);
    for (const [g, group] of groupsOf(dimensions, d).entries()) {
      const names = group.map((npu) => `npu-${npu}`);
      if (dimension.kind === "Switch") switches.push(`dim-${d}-${g}`);
      const pairs =
        dimension.kind === "Switch" ? names.map((name) => [name, switches.at(-1)!]) : pairsOf(dimension, names);
      links.push(...pairs.map(([a, b]) => ({ a: a!, b: b!, ...level })));
    }
  }
  const hosts = Array.from({ length: npus }, (_, npu) => `npu-${npu}`);
  // Of one dimension all links are alike, and the level says it once.
  const level = dimensions.length === 1 && { links: { access: levelOf(dimensions[0]!) } };
  return { topology: { kind: "custom", hosts, switches, links }, ...level };
}

function levelOf({ rateBps, latencyNs }: Dimension): Link {
  return { rate: formatQuantity("rate", rateBps), latency: `${latencyNs}ns`, fecLatency: "0ns" };
}

/** Ids of the NPUs that differ in one dimension only, in its order; a list for each group. */
export function groupsOf(dimensions: readonly Dimension[], d: number): number[][] {
  const stride = dimensions.slice(0, d).reduce((product, { npus }) => product * npus, 1);
  const { npus } = dimensions[d]!;
  return Array.from({ length: groupCount(dimensions, d) }, (_, g) => {
    const first = (g % stride) + Math.floor(g / stride) * stride * npus;
    return Array.from({ length: npus }, (_, i) => first + i * stride);
  });
}

function groupCount(dimensions: readonly Dimension[], d: number): number {
  return dimensions.reduce((product, { npus }, other) => product * (other === d ? 1 : npus), 1);
}

/** Pairs that a ring or a full mesh links; two NPUs have one link in both. */
function pairsOf({ kind, npus }: Dimension, names: readonly string[]): (readonly [string, string])[] {
  if (kind === "Ring" && npus > 2) return names.map((name, i) => [name, names[(i + 1) % npus]!]);
  return names.flatMap((name, i) => names.slice(i + 1).map((other): readonly [string, string] => [name, other]));
}

function linkCount({ kind, npus }: Dimension, groups: number): number {
  const perGroup = kind === "FullyConnected" || npus === 2 ? (npus * (npus - 1)) / 2 : npus;
  return groups * (kind === "Switch" ? npus : perGroup);
}
