/** Links of a validated document to what the fabric is built of. */

import { chooseOptic, type OpticName } from "../../plan/parts/optics.js";
import type { Sections } from "../schema/sections.js";
import type { CustomLink, CustomTopology, LinkLevel, Links } from "../types/scenario.js";

/** Of light in fibre, and near enough of copper: 5 ns/m. */
const PS_PER_MM = 5;

type WrittenLevel = Sections["links"]["fabric"];

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
      optic: scaleUp.optic === "auto" ? null : scaleUp.optic,
      lengthMm: 0,
      breakout: 1,
      cellBytes: scaleUp.cell,
    },
    access: { ...resolveLevel(links.access), breakout: links.access.breakout },
    fabric: resolveLevel(links.fabric),
    core: resolveLevel(links.core),
  };
}

function resolveLevel(level: WrittenLevel): LinkLevel {
  return {
    rateBps: level.rate,
    propagationPs: level.latency ?? level.length * PS_PER_MM,
    fecPs: (level.fecLatency ?? fecPsAt(level.rate)) + level.innerCodeLatency,
    ber: level.ber,
    frameLossRatio: level.frameLossRatio,
    retries: level.llr,
    optic: resolveOptic(level.optic, level.rate, lengthOf(level)),
    lengthMm: lengthOf(level),
    breakout: 1,
    cellBytes: null,
  };
}

/** Of a level whose latency is written, what light goes in it. */
export function lengthOf({
  latency,
  length,
}: {
  readonly latency?: number | undefined;
  readonly length: number;
}): number {
  return latency === undefined ? length : Math.floor(latency / PS_PER_MM);
}

/** The part at the ends; null where `auto` finds none that has the rate and the length. */
function resolveOptic(written: "auto" | OpticName, rateBps: number, lengthMm: number): OpticName | null {
  return written === "auto" ? (chooseOptic(rateBps, lengthMm) ?? null) : written;
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
  const ownPs = link.latency ?? (link.length === undefined ? undefined : link.length * PS_PER_MM);
  const propagationPs = ownPs ?? level.latency ?? level.length * PS_PER_MM;
  const lengthMm = Math.floor(propagationPs / PS_PER_MM);
  const innerCodePs = link.innerCodeLatency ?? level.innerCodeLatency;
  return {
    a: link.a,
    b: link.b,
    rateBps,
    propagationPs,
    fecPs: (link.fecLatency ?? level.fecLatency ?? fecPsAt(rateBps)) + innerCodePs,
    ber: link.ber ?? level.ber,
    frameLossRatio: link.frameLossRatio ?? level.frameLossRatio,
    retries: link.llr ?? level.llr,
    optic: resolveOptic(link.optic ?? level.optic, rateBps, lengthMm),
    lengthMm,
  };
}
