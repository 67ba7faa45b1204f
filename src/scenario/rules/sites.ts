/** Sites that are joined by long links. */
import { showKey } from "../../util/document-path.js";
import type { Sections } from "../schema/sections.js";
import { MAX_GPUS } from "../schema/topology.js";
import { didYouMean } from "../types/suggest.js";
import { topologyFacts } from "../types/topology-facts.js";
import { checkCapacity, checkNodes } from "./clos.js";
import type { Rule, RuleContext } from "./rule.js";

type Sites = Extract<Sections["topology"], { kind: "multi-datacenter" }>;

export const siteRules: Rule[] = [
  {
    needs: ["topology", "links"],
    check: ({ topology, links }, context) => {
      if (topology.kind !== "multi-datacenter") return;
      topology.sites.forEach((site, i) => {
        const at = ["topology", "sites", i, "topology"];
        checkNodes(site.topology, context, at);
        checkCapacity(site.topology, links, context, at);
        checkPlain(site.topology, context, at);
      });
      checkAlike(topology, context);
      checkLinks(topology, context);
    },
  },
];

/** The border switch knows one fabric for each site. */
function checkPlain(
  { planes, dualHomed }: Sites["sites"][number]["topology"],
  context: RuleContext,
  at: (string | number)[],
): void {
  if (planes > 1) context.fail([[...at, "planes"]], "sites of several planes are not supported; write planes: 1");
  if (dualHomed) context.fail([[...at, "dualHomed"]], "dual-homed sites are not supported; leave dualHomed out");
}

/** Collectives count in nodes of one size. */
function checkAlike({ sites }: Sites, context: RuleContext): void {
  const first = topologyFacts(sites[0]!.topology);
  sites.forEach(({ topology }, i) => {
    const own = topologyFacts(topology);
    const at = ["topology", "sites", i, "topology"];
    if (own.gpusPerNode !== first.gpusPerNode) {
      context.fail(
        [[...at, "gpusPerNode"]],
        `nodes of ${own.gpusPerNode} GPUs, and those of ${sites[0]!.name} have ${first.gpusPerNode}; write the same for all sites`,
      );
    } else if (own.hasScaleUp !== first.hasScaleUp || topology.nvSwitches !== sites[0]!.topology.nvSwitches) {
      const field = own.hasScaleUp === first.hasScaleUp ? "nvSwitches" : "scaleUp";
      context.fail([[...at, field]], `not as in ${sites[0]!.name}; write the same ${field} for all sites`);
    }
  });
  const gpus = sites.reduce((sum, { topology }) => sum + topology.gpus, 0);
  if (gpus > MAX_GPUS) context.fail([["topology", "sites"]], `${gpus} GPUs; at most ${MAX_GPUS}`);
}

function checkLinks({ sites, between }: Sites, context: RuleContext): void {
  const names = new Map<string, number>();
  sites.forEach(({ name }, i) => {
    if (names.has(name)) context.fail([["topology", "sites", i, "name"]], `the name ${showKey(name)} is taken`);
    names.set(name, i);
  });
  const neighbours = new Map<string, string[]>([...names.keys()].map((name) => [name, []]));
  let isGood = true;
  between.forEach(({ a, b, length, latency }, i) => {
    const at = ["topology", "between", i];
    for (const [end, name] of Object.entries({ a, b })) {
      if (names.has(name)) continue;
      isGood = false;
      context.fail([[...at, end]], `there is no site ${showKey(name)}${didYouMean(name, [...names.keys()])}`);
    }
    if (a === b) context.fail([at], `links from ${showKey(a)} to itself; name two sites`);
    if (length === undefined && latency === undefined) {
      context.fail([[...at, "length"], at], "missing; write how far the sites are apart, e.g. length: 100km");
    }
    neighbours.get(a)?.push(b);
    neighbours.get(b)?.push(a);
  });
  if (!isGood) return;
  const reached = new Set([sites[0]!.name]);
  for (const name of reached) for (const next of neighbours.get(name)!) reached.add(next);
  const apart = sites.findIndex(({ name }) => !reached.has(name));
  if (apart < 0) return;
  context.fail(
    [["topology", "sites", apart]],
    `no links lead from ${showKey(sites[0]!.name)} to ${showKey(sites[apart]!.name)}; write a row of between`,
  );
}
