/** Parts at the ends of links: made for the rate, and reaching the length. */

import { LINK_LEVEL_NAMES } from "../../plan/levels.js";
import {
  breakoutPartner,
  chooseOptic,
  type OpticName,
  opticRow,
  opticsThatReach,
  opticVariant,
} from "../../plan/parts/optics.js";
import type { Path } from "../../util/document-path.js";
import { lengthOf, splitOf } from "../defaults/links.js";
import type { Sections } from "../schema/sections.js";
import { formatQuantity } from "../types/units.js";
import type { Rule, RuleContext } from "./rule.js";

export const opticRules: Rule[] = [
  { needs: ["links", "topology"], check: checkLevels },
  { needs: ["topology"], check: checkLongLinks },
  { needs: ["links", "topology"], check: checkCustomLinks },
];

interface WrittenLink {
  readonly optic: "auto" | OpticName;
  readonly rate: number;
  /** In mm; undefined where only a latency is written. */
  readonly length: number | undefined;
}

function checkLevels({ links, topology }: Sections, context: RuleContext): void {
  for (const key of LINK_LEVEL_NAMES) {
    const { optic, length, latency } = links[key];
    const rate = links[key].rate / splitOf(topology, key);
    const link = { optic, rate, length: latency === undefined ? length : undefined };
    const fault = faultOf(link);
    if (fault !== undefined) context.fail(pathsOf(["links", key]), fault);
  }
  const { breakout, optic } = links.access;
  const rate = links.access.rate / splitOf(topology, "access");
  const chosen = optic === "auto" ? chooseOptic(rate, lengthOf(links.access)) : optic;
  if (breakout === 1 || chosen === undefined || breakoutPartner(chosen, rate, breakout) !== undefined) return;
  context.fail(
    [
      ["links", "access", "breakout"],
      ["links", "access", "optic"],
    ],
    `no module feeds ${breakout} links of ${chosen} at ${formatQuantity("rate", rate)}; write optic: aoc, or another breakout`,
  );
}

function pathsOf(path: Path): Path[] {
  return ["optic", "length", "rate"].map((key) => [...path, key]);
}

/** What a link leaves out is its level's, as `resolveCustom` has it. */
function checkCustomLinks({ links, topology }: Sections, context: RuleContext): void {
  if (topology.kind !== "custom") return;
  const hosts = new Set(topology.hosts);
  topology.links.forEach((link, i) => {
    // Where it says nothing of its own, the level has been checked.
    if (link.optic === undefined && link.rate === undefined && link.length === undefined) return;
    const level = hosts.has(link.a) || hosts.has(link.b) ? links.access : links.fabric;
    const ownLength = link.length ?? (level.latency === undefined ? level.length : undefined);
    const fault = faultOf({
      optic: link.optic ?? level.optic,
      rate: link.rate ?? level.rate,
      length: link.latency === undefined ? ownLength : undefined,
    });
    if (fault !== undefined) context.fail(pathsOf(["topology", "links", i]), fault);
  });
}

function checkLongLinks({ topology }: Sections, context: RuleContext): void {
  if (topology.kind !== "multi-datacenter") return;
  topology.between.forEach(({ optic, rate, length, latency }, i) => {
    const fault = faultOf({ optic, rate, length: latency === undefined ? length : undefined });
    if (fault !== undefined) context.fail(pathsOf(["topology", "between", i]), fault);
  });
}

/** What is wrong with the part of a link, or undefined. */
function faultOf({ optic, rate, length }: WrittenLink): string | undefined {
  if (optic === "auto") return undefined;
  const variant = opticVariant(optic, rate);
  const atRate = formatQuantity("rate", rate);
  const wanted = length ?? 0;
  const others = opticsThatReach(rate, wanted);
  const instead =
    others.length === 0 ? "no part does; write a lower rate or a shorter length" : `write ${orList(others)}, or auto`;
  if (variant === undefined) {
    const most = formatQuantity("rate", opticRow(optic).variants.at(-1)!.rateBps);
    return `${optic} is made for at most ${most}, and the link has ${atRate}; ${instead}`;
  }
  if (length === undefined || length <= variant.reachMm) return undefined;
  const reach = formatQuantity("length", variant.reachMm);
  return `${optic} reaches ${reach} at ${atRate}, and the link has ${formatQuantity("length", length)}; ${instead}`;
}

function orList(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
