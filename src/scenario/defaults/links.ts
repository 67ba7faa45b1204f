/** Links of a validated document to what the fabric is built of. */

import type { Sections } from "../schema/sections.js";
import type { CustomLink, CustomTopology, LinkLevel, Links } from "../types/scenario.js";

/** Of light in fibre, and near enough of copper: 5 ns/m. */
const PS_PER_MM = 5;

type WrittenLevel = Sections["links"]["access"];

export function resolveLinks(links: Sections["links"]): Links {
  const { scaleUp } = links;
  return {
    scaleUp: {
      rateBps: scaleUp.rate,
      propagationPs: scaleUp.latency,
      fecPs: scaleUp.fecLatency,
      ber: scaleUp.ber,
      frameLossRatio: scaleUp.frameLossRatio,
      retries: scaleUp.llr,
      optic: scaleUp.optic,
      cellBytes: scaleUp.cell,
    },
    access: resolveLevel(links.access),
    fabric: resolveLevel(links.fabric),
    core: resolveLevel(links.core),
  };
}

function resolveLevel(level: WrittenLevel): LinkLevel {
  return {
    rateBps: level.rate,
    propagationPs: level.latency ?? level.length * PS_PER_MM,
    fecPs: level.fecLatency ?? fecPsAt(level.rate),
    ber: level.ber,
    frameLossRatio: level.frameLossRatio,
    retries: level.llr,
    optic: level.optic,
    cellBytes: null,
  };
}

/** RS(544,514): accumulation and decoding of a block. Slow links have none. */
function fecPsAt(rateBps: number): number {
  if (rateBps >= 800e9) return 70_000;
  if (rateBps >= 400e9) return 75_000;
  return rateBps >= 25e9 ? 100_000 : 0;
}

type WrittenCustom = Extract<Sections["topology"], { kind: "custom" }>;

/** Links side by side are listed one by one; what a link leaves out is its level's. */
export function resolveCustom(topology: WrittenCustom, links: Sections["links"]): CustomTopology {
  const hosts = new Set(topology.hosts);
  return {
    kind: "custom",
    hosts: topology.hosts,
    switches: topology.switches.map((sw) =>
      typeof sw === "string"
        ? { name: sw, latencyPs: null, bufferBytes: null }
        : { name: sw.name, latencyPs: sw.latency ?? null, bufferBytes: sw.buffer ?? null },
    ),
    links: topology.links.flatMap((link) => {
      const level = hosts.has(link.a) || hosts.has(link.b) ? links.access : links.fabric;
      return new Array<CustomLink>(link.count).fill(customLink(link, level));
    }),
  };
}

function customLink(link: WrittenCustom["links"][number], level: WrittenLevel): CustomLink {
  const rateBps = link.rate ?? level.rate;
  const own = link.latency ?? (link.length === undefined ? undefined : link.length * PS_PER_MM);
  return {
    a: link.a,
    b: link.b,
    rateBps,
    propagationPs: own ?? level.latency ?? level.length * PS_PER_MM,
    fecPs: link.fecLatency ?? level.fecLatency ?? fecPsAt(rateBps),
    ber: link.ber ?? level.ber,
    frameLossRatio: link.frameLossRatio ?? level.frameLossRatio,
    retries: link.llr ?? level.llr,
  };
}
