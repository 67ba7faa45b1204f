/**
 * Policies and mechanisms that do not go together, or that are odd together:
 * `src/plan/policies/combinations.ts`.
 */
import { type Choice, CLASHES, type Clash } from "../../plan/policies/combinations.js";
import { ROUTING } from "../../plan/policies/routing.js";
import type { SectionName, Sections } from "../schema/sections.js";
import { closCapacity } from "./clos.js";
import type { Rule } from "./rule.js";

export const combinationRules: Rule[] = CLASHES.filter(({ hasOwnRule = false }) => !hasOwnRule).map(ruleOf);

function ruleOf({ fields, refused, needsPaths = false, reason }: Clash): Rule {
  const paths = fields.map((field) => field.split("."));
  const sections = paths.map(([section]) => section as SectionName);
  return {
    needs: needsPaths ? [...sections, "topology", "links", "routing"] : sections,
    check: (written, context) => {
      const said = reason(choiceOf(written));
      if (said === undefined || (needsPaths && !hasManyPaths(written))) return;
      if (refused) context.fail(paths, said);
      else context.warn(paths, said);
    },
  };
}

/** Looks only where it is asked: other sections may be wrong. */
function choiceOf(sections: Sections): Choice {
  return {
    get routing() {
      return sections.routing.policy;
    },
    get recovery() {
      return sections.transport.recovery;
    },
    get flowControl() {
      return sections.flowControl.kind;
    },
    get trim() {
      return sections.flowControl.kind === "none" && sections.flowControl.trim;
    },
    get congestionControl() {
      return sections.transport.congestionControl.kind;
    },
    get ackClass() {
      return sections.wire.ackClass;
    },
    get marking() {
      const { ecn } = sections;
      if (ecn === "off" || ecn === null) return "off";
      return ecn === "auto" ? "auto" : "thresholds";
    },
    get window() {
      return sections.transport.window === 0 ? "unlimited" : "limited";
    },
    get stalls() {
      return sections.faults.some(({ kind }) => kind === "nic-stall");
    },
  };
}

function hasManyPaths({ topology, links, routing }: Sections): boolean {
  if (topology.kind === "multi-datacenter") return true;
  if (topology.kind === "dragonfly") {
    const { a, h, groups } = topology.dragonfly;
    return ROUTING[routing.policy].detours || a * h >= 2 * (groups - 1);
  }
  if (topology.kind !== "custom") return closCapacity(topology, links).leavesNeeded > 1;
  // A tree has one link less than devices.
  const count = topology.links.reduce((sum, link) => sum + link.count, 0);
  return count >= topology.hosts.length + topology.switches.length;
}
