/** Warnings of settings that are legal, and change nothing in this scenario. */
import { ALGORITHM_NAMES, ALGORITHM_ROWS, type AlgorithmName } from "../../plan/collectives.js";
import { LINK_LEVEL_NAMES } from "../../plan/levels.js";
import { CONGESTION_CONTROL } from "../../plan/policies/congestion-control.js";
import { policiesWith, ROUTING_PARAMETERS, type RoutingParameter } from "../../plan/policies/routing.js";
import type { Path } from "../../util/document-path.js";
import { listOf } from "../../util/list-of.js";
import { hasScaleUp } from "../defaults/topology.js";
import { messagesOf, writtenAlgorithm } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { topologyFacts } from "../types/topology-facts.js";
import { closCapacity, countsPorts } from "./clos.js";
import type { Rule, RuleContext } from "./rule.js";

type Custom = Extract<Sections["topology"], { kind: "custom" }>;

export const unusedRules: Rule[] = [
  { needs: ["topology", "routing", "transport", "ecn"], check: warnOfPolicies },
  { needs: ["topology", "links", "faults"], check: warnOfLinks },
  { needs: ["topology", "links", "switch"], check: warnOfListed },
  { needs: ["topology", "flowControl", "wire"], check: warnOfFlowControl },
  { needs: ["classes", "workload"], check: warnOfClasses },
  { needs: ["reduction", "jobs", "topology", "transport"], check: warnOfReduction },
  { needs: ["topology", "links"], check: warnOfOneLeaf },
  { needs: ["availability"], check: warnOfAvailability },
];

/** Warns where a condition holds and the user wrote the setting. */
function reporter(context: RuleContext) {
  return (condition: boolean, path: Path, reason: string) => {
    if (condition && context.isWritten(path)) context.warn([path], `has no effect: ${reason}`);
  };
}

function warnOfLinks({ topology, links, faults }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  const latencyWins = "the latency beside it goes first; leave one of them out";
  const noLosses = "the link loses nothing: there is no ber, frameLossRatio or degraded link";
  const mayDegrade = faults.some(({ kind }) => kind === "degraded-link");
  for (const level of LINK_LEVEL_NAMES) {
    unused(
      !countsPorts(topology, level),
      ["links", level, "portRate"],
      "no number of switches follows from the ports of this level",
    );
    unused(links[level].latency !== undefined, ["links", level, "length"], latencyWins);
  }
  for (const level of [...LINK_LEVEL_NAMES, "scaleUp"] as const) {
    const { llr, ber, frameLossRatio } = links[level];
    const isSound = ber === 0 && frameLossRatio === 0 && !mayDegrade;
    const isOverridden = topology.kind === "custom" && topology.links.some((link) => link.ber || link.frameLossRatio);
    unused(llr && isSound && !isOverridden, ["links", level, "llr"], noLosses);
  }
  if (topology.kind !== "custom") return;
  const hosts = new Set(topology.hosts);
  topology.links.forEach((link, i) => {
    const path = ["topology", "links", i];
    unused(link.latency !== undefined, [...path, "length"], latencyWins);
    if (link.llr !== true || mayDegrade) return;
    const level = links[levelOf(link, hosts)];
    const isSound = (link.ber ?? level.ber) === 0 && (link.frameLossRatio ?? level.frameLossRatio) === 0;
    unused(isSound, [...path, "llr"], noLosses);
  });
}

function levelOf({ a, b }: Custom["links"][number], hosts: ReadonlySet<string>): "access" | "fabric" {
  return hosts.has(a) || hosts.has(b) ? "access" : "fabric";
}

/** What every switch or link of a listed fabric says for itself. */
function warnOfListed({ topology }: Sections, context: RuleContext): void {
  if (topology.kind !== "custom") return;
  const unused = reporter(context);
  for (const field of ["latency", "buffer"] as const) {
    const all = topology.switches.every((sw) => typeof sw !== "string" && sw[field] !== undefined);
    unused(all, ["switch", field], `every switch has a ${field} of its own`);
  }
  const hosts = new Set(topology.hosts);
  for (const level of ["access", "fabric"] as const) {
    const own = topology.links.filter((link) => levelOf(link, hosts) === level);
    if (own.length === 0) {
      unused(true, ["links", level], "there is no link between two switches");
      continue;
    }
    const say = (field: string) => `every link of this level has a ${field} of its own`;
    for (const field of ["rate", "fecLatency", "ber", "frameLossRatio", "llr"] as const) {
      unused(
        own.every((link) => link[field] !== undefined),
        ["links", level, field],
        say(field),
      );
    }
    const isTimed = own.every((link) => (link.latency ?? link.length) !== undefined);
    for (const field of ["latency", "length"]) unused(isTimed, ["links", level, field], say("latency or length"));
  }
}

function warnOfFlowControl({ topology, flowControl }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  unused(
    flowControl.kind !== "pfc" && !hasScaleUp(topology),
    ["wire", "pause"],
    "without PFC and without a scale-up network nothing pauses",
  );
}

function warnOfClasses({ classes = [], workload }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  classes.forEach(({ priority }, i) => {
    if (classes.length === 1) unused(true, ["classes", i, "priority"], "there is one class only");
    const isAlone = classes.filter((other) => other.priority === priority).length === 1;
    unused(isAlone, ["classes", i, "weight"], "no other class has this priority");
  });
  const found = messagesOf(workload);
  if (found === undefined) return;
  const { messages, path } = found;
  const all = messages.flows?.every((flow) => flow.class !== undefined) ?? false;
  unused(all, [...path, "class"], "every flow has a class of its own");
}

function warnOfPolicies({ topology, routing, transport, ecn }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  const scaleUp = hasScaleUp(topology);
  const { levels } = topologyFacts(topology);
  for (const level of LINK_LEVEL_NAMES) {
    unused(!levels.includes(level), ["links", level], `${fabricName(topology)} has no ${level} level`);
  }
  unused(!scaleUp, ["links", "scaleUp"], "there is no scale-up network");
  unused(!scaleUp, ["switch", "scaleUpLatency"], "there is no scale-up network");
  unused(!scaleUp, ["switch", "scaleUpBuffer"], "there is no scale-up network");
  unused(!scaleUp, ["nic", "scaleUpLatency"], "there is no scale-up network");
  unused(topology.kind !== "multi-datacenter", ["switch", "borderBuffer"], "only sites have border switches");
  for (const field of Object.keys(ROUTING_PARAMETERS) as RoutingParameter[]) {
    const names = policiesWith(({ parameters }) => parameters.includes(field));
    const reason = `only ${listOf(names)} routing ${ROUTING_PARAMETERS[field].use}`;
    unused(!names.includes(routing.policy), ["routing", field], reason);
  }
  unused(transport.recovery === "go-back-n", ["transport", "reorder"], "only selective recovery tolerates reordering");
  unused(
    transport.recovery === "go-back-n",
    ["transport", "lostResends"],
    "only selective recovery tells packets that were sent again apart",
  );
  unused(
    !CONGESTION_CONTROL[transport.congestionControl.kind].readsMarks && ecn !== "off" && ecn !== null && ecn !== "auto",
    ["ecn"],
    "marks are counted, but there is no congestion control that reacts to them",
  );
}

function fabricName(topology: Sections["topology"]): string {
  if (topology.kind === "custom" || topology.kind === "dragonfly") return `a ${topology.kind} fabric`;
  const { tiers } = topologyFacts(topology);
  return `a fabric of ${["one tier", "two tiers", "three tiers"][tiers - 1]}`;
}

/** Settings of the reduction in switches, and of what takes its place. */
function warnOfReduction({ workload, jobs = [], topology }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  // With jobs, or where it is wrong, there is no workload.
  const all: (Sections["workload"] | undefined)[] = [workload, ...jobs.map((job) => job.workload)];
  const used = new Set(all.flatMap(reducersOf));
  const names = (place?: "fabric") =>
    ALGORITHM_NAMES.filter((name) => {
      const { reducesIn } = ALGORITHM_ROWS[name];
      return reducesIn !== undefined && (place === undefined || reducesIn === place);
    });
  const only = (able: readonly string[], where: string) =>
    `only ${listOf(able)} ${able.length === 1 ? "reduces" : "reduce"} in ${where}`;
  if (used.size === 0) {
    unused(true, ["reduction"], only(names(), "switches"));
    return;
  }
  for (const field of ["packets", "latency"]) {
    unused(!used.has("fabric"), ["reduction", field], only(names("fabric"), "switches of the fabric"));
  }
  for (const field of ["scaleUpPackets", "scaleUpLatency"]) {
    unused(!hasScaleUp(topology), ["reduction", field], "there is no scale-up network");
  }
  const isAllReduced = all.every(
    (one) => one?.kind === "collective" && one.background === undefined && reducesAll(writtenAlgorithm(one)),
  );
  unused(
    isAllReduced,
    ["transport", "qpsPerConnection"],
    "all data goes to switches that reduce it, over one queue pair from each NIC",
  );
}

/** Where the switches are that a workload reduces in; of auto those that it may take. */
function reducersOf(workload: Sections["workload"] | undefined): ("scale-up" | "fabric")[] {
  // Operations of programs are reduced by GPUs.
  const collectives = workload?.kind === "collective" ? [workload] : [];
  return collectives.flatMap((written) => {
    const algorithm = writtenAlgorithm(written);
    if (algorithm === "auto") return ["scale-up"];
    return ALGORITHM_ROWS[algorithm].reducesIn ?? [];
  });
}

/** Whether nothing goes from GPU to GPU. */
function reducesAll(algorithm: AlgorithmName | "auto"): boolean {
  return algorithm === "nvls" || algorithm === "sharp";
}

/** A fabric of one leaf has nothing above it. */
function warnOfOneLeaf({ topology, links }: Sections, context: RuleContext): void {
  if (!("radix" in topology) || topology.tiers === 1) return;
  const isOne = closCapacity(topology, links).leavesNeeded === 1;
  reporter(context)(isOne, ["topology", "oversubscription"], "all GPUs are under one leaf, which needs no uplink");
}

function warnOfAvailability({ availability }: Sections, context: RuleContext): void {
  const unused = reporter(context);
  const { network, unstableLinks } = availability;
  for (const field of ["opticFailures", "fatalShare"]) {
    unused(network !== "parts", ["availability", field], "failures of parts count with network: parts only");
  }
  for (const field of ["flapsPerHour", "down", "fatalShare"]) {
    unused(
      unstableLinks.count === 0,
      ["availability", "unstableLinks", field],
      "there is no unstable link: count is 0",
    );
  }
}
