import { type Fabric, type RangeRouting, type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { LONG_HAUL } from "../../plan/levels.js";
import type { LinkLevel, Scenario, SitesTopology } from "../../scenario/types/scenario.js";
import { FabricBuilder } from "./builder.js";
import { addClos, addressCount, type ClosShape } from "./clos.js";
import { levelParameters } from "./link-classes.js";
import { CLOS_SHAPES } from "./seating.js";
import { hopsTo } from "./switch-graph.js";

/** A site while it is built. */
interface BuiltSite {
  readonly name: string;
  /** Addresses `low … high - 1`. */
  readonly low: number;
  readonly high: number;
  /** First ports of the links up of its top switches. */
  readonly up: readonly number[];
  readonly uplinks: number;
  /** Numbers of the rows of `between` that end here. */
  readonly rows: readonly number[];
}

/**
 * Sites one after the other, ranks and devices alike, then a border switch for each. Each top
 * switch of a site has as many links to its border switch as carry the long links of the site. A
 * border switch has its links down first, then its long links, row by row.
 */
export function buildSites(scenario: Scenario, topology: SitesTopology): Fabric {
  const builder = new FabricBuilder();
  const sites: BuiltSite[] = [];
  let firstRank = 0;
  let low = 0;
  for (const { name, topology: own } of topology.sites) {
    const shape = CLOS_SHAPES[own.kind](own, scenario.links);
    const rows = topology.between.flatMap(({ a, b }, row) => (a === name || b === name ? [row] : []));
    const uplinks = uplinksFor(scenario, topology, shape, rows);
    const place = { builder, firstRank, firstAddress: low, prefix: `${name}-`, uplinks };
    const { up } = addClos(scenario, own, shape, place);
    const high = low + addressCount(shape.dimensions);
    sites.push({ name, low, high, up, uplinks, rows });
    firstRank += own.gpus;
    low = high;
  }
  const borders = new Borders(topology, sites, low);
  const firstPorts = sites.map((site, number) => addBorder(builder, scenario, site, borders.routingOf(number)));
  linkBorders(builder, scenario, topology, sites, firstPorts);
  return builder.build(firstRank, (rank) => `gpu-${rank}`);
}

/** Of each top switch: the fewest that carry all long links of the site. */
function uplinksFor(
  { links }: Scenario,
  { between }: SitesTopology,
  { dimensions: { lower, upper } }: ClosShape,
  rows: readonly number[],
): number {
  const tops = lower === null ? 1 : upper === null ? lower.parents : lower.parents * upper.parents;
  const longBps = rows.reduce((sum, row) => sum + between[row]!.count * between[row]!.link.rateBps, 0);
  return Math.ceil(longBps / (tops * links.border!.rateBps) - 1e-9);
}

function addBorder(
  builder: FabricBuilder,
  { switch: { latencyPs, borderBufferBytes } }: Scenario,
  { name, up, uplinks }: BuiltSite,
  { routing, longPorts }: BorderRouting,
): number {
  const spec = {
    name: `${name}-border-0`,
    level: "border",
    latencyPs,
    bufferBytes: borderBufferBytes!,
    routing,
  } as const;
  return builder.addSwitch(spec, up.length * uplinks + longPorts);
}

function linkBorders(
  builder: FabricBuilder,
  { links, transport }: Scenario,
  { between }: SitesTopology,
  sites: readonly BuiltSite[],
  firstPorts: readonly number[],
): void {
  const classOf = (level: string, link: LinkLevel) =>
    builder.classes.of(levelParameters(level, link, transport.mtuBytes));
  const borderClass = classOf("border", links.border!);
  const next = sites.map(({ up, uplinks }, number) => {
    up.forEach((port, top) => {
      for (let i = 0; i < uplinks; i++) {
        builder.connect(port + i, firstPorts[number]! + top * uplinks + i, borderClass);
      }
    });
    return firstPorts[number]! + up.length * uplinks;
  });
  const numberOf = new Map(sites.map(({ name }, number) => [name, number]));
  for (const { a, b, count, link } of between) {
    const linkClass = classOf(LONG_HAUL, link);
    const [from, to] = [numberOf.get(a)!, numberOf.get(b)!];
    for (let i = 0; i < count; i++) builder.connect(next[from]!++, next[to]!++, linkClass);
  }
}

interface BorderRouting {
  readonly routing: RangeRouting | TableRouting;
  readonly longPorts: number;
}

/** Routing of border switches: down to their site, or on over the fewest sites. */
class Borders {
  /** By site, by long port: the site at the other end. */
  private readonly neighbours: readonly (readonly number[])[];

  constructor(
    topology: SitesTopology,
    private readonly sites: readonly BuiltSite[],
    private readonly addresses: number,
  ) {
    const numberOf = new Map(sites.map(({ name }, number) => [name, number]));
    this.neighbours = sites.map(({ name, rows }) =>
      rows.flatMap((row) => {
        const { a, b, count } = topology.between[row]!;
        return new Array<number>(count).fill(numberOf.get(a === name ? b : a)!);
      }),
    );
  }

  routingOf(number: number): BorderRouting {
    const { low, high, up, uplinks } = this.sites[number]!;
    const downCount = up.length * uplinks;
    const longPorts = this.neighbours[number]!.length;
    if (this.sites.length === 2) {
      const down = { low, high, stride: high - low, downBase: 0, downWidth: downCount };
      const rest = { upBase: downCount, upCount: longPorts, pinDivisor: 1 };
      return { routing: { kind: "range", ...down, ...rest }, longPorts };
    }
    const groupOf = new Uint16Array(this.addresses).fill(UNREACHABLE);
    const groups = this.sites.map((site, destination) => {
      groupOf.fill(destination, site.low, site.high);
      if (destination === number) return Array.from({ length: downCount }, (_, port) => port);
      const hops = hopsTo(destination, this.neighbours);
      return this.neighbours[number]!.flatMap((peer, i) => (hops[peer] === hops[number]! - 1 ? [downCount + i] : []));
    });
    return { routing: { kind: "table", groups, groupOf, pinDivisor: 1 }, longPorts };
  }
}
