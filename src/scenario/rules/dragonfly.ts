/** What a dragonfly of the given routers can be. */
import { MAX_ADDRESSES, MAX_CLASSES, MAX_PORTS } from "../../plan/limits.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { lanesNeeded } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import { MAX_GPUS } from "../schema/topology.js";
import type { Rule, RuleContext } from "./rule.js";

/** Entries of all routing tables, of two bytes: one for each router and host. */
const MAX_ENTRIES = 2 ** 30;

export const dragonflyRules: Rule[] = [
  { needs: ["topology"], check: checkSize },
  { needs: ["topology", "flowControl", "wire", "classes", "routing"], check: checkLanes },
  { needs: ["topology", "routing"], check: checkDetours },
];

function checkSize({ topology }: Sections, context: RuleContext): void {
  if (topology.kind !== "dragonfly") return;
  const { gpusPerNode, scaleUp, nvSwitches, dragonfly } = topology;
  const { a, p, h, groups } = dragonfly;
  const at = ["topology", "dragonfly"];
  const hosts = a * p * groups;
  if (groups > a * h + 1) {
    context.fail(
      [[...at, "groups"]],
      `${groups} groups, and the ${a * h} global links of a group lead to ${a * h} others at most; write groups up to ${a * h + 1}, or a larger h`,
    );
  }
  const ports = p + a - 1 + h;
  if (ports > MAX_PORTS) context.fail([at], `a router would have ${ports} ports; at most ${MAX_PORTS}`);
  if (hosts > MAX_GPUS) context.fail([at], `${hosts} GPUs; at most ${MAX_GPUS}`);
  else if (hosts * a * groups > MAX_ENTRIES) {
    context.fail(
      [at],
      `${a * groups} routers with routes to ${hosts} GPUs have ${hosts * a * groups} entries in their tables; at most ${MAX_ENTRIES}: write fewer groups, or a larger p`,
    );
  }
  if (hosts % gpusPerNode !== 0) {
    context.fail(
      [["topology", "gpusPerNode"]],
      `${hosts} GPUs do not make nodes of ${gpusPerNode}; write a divisor of ${hosts}`,
    );
  }
  if (gpusPerNode === 1 && (scaleUp === true || nvSwitches > 1)) {
    const field = scaleUp === true ? "scaleUp" : "nvSwitches";
    context.fail([["topology", field]], "nodes of 1 GPU have no scale-up network; leave it out, or raise gpusPerNode");
  }
  if (gpusPerNode * (1 + nvSwitches) > MAX_PORTS) {
    context.fail([["topology", "nvSwitches"]], `a node would have more than ${MAX_PORTS} ports; write fewer`);
  }
}

/** Lanes are data classes of their own. */
function checkLanes({ topology, flowControl, wire, routing, classes = [] }: Sections, context: RuleContext): void {
  if (topology.kind !== "dragonfly" || flowControl.kind === "none") return;
  const at = ["topology", "dragonfly", "lanes"];
  const needed = lanesNeeded(routing.policy);
  const lanes = topology.dragonfly.lanes ?? needed;
  if (lanes < needed) {
    const found = lanes === 1 ? "one lane" : `${lanes} lanes`;
    const detour = needed === 3 ? `, and ${routing.policy} goes over a third group` : "";
    context.warn([at], `${found} may deadlock where no packet is dropped${detour}; write lanes: ${needed}`);
  }
  if (lanes > needed) {
    context.fail([at], `${routing.policy} takes minimal ways, which need two lanes; write lanes: 2, or leave it out`);
  }
  if (lanes === 1) return;
  if (lanes * classes.length > MAX_CLASSES) {
    context.fail(
      [["classes"], at],
      `${classes.length} classes of ${lanes === 2 ? "two" : "three"} lanes each; at most ${MAX_CLASSES} together: write up to ${Math.floor(MAX_CLASSES / lanes)} classes`,
    );
  }
  if (wire.ackClass === "data") {
    context.fail(
      [["wire", "ackClass"], at],
      "acknowledgements go against the order of groups that keeps lanes free of deadlock; write ackClass: control",
    );
  }
}

/** Ways over a third group. */
function checkDetours({ topology, routing }: Sections, context: RuleContext): void {
  if (!ROUTING[routing.policy].detours) return;
  const policy = ["routing", "policy"];
  if (topology.kind !== "dragonfly") {
    context.fail(
      [policy, ["topology", "kind"]],
      `${routing.policy} goes over third groups of a dragonfly; write topology: { kind: dragonfly, … }, or policy: adaptive`,
    );
    return;
  }
  const { a, p, groups } = topology.dragonfly;
  if (groups < 3) context.warn([policy], `two groups have no third one: ${routing.policy} takes minimal ways`);
  if (a * p * groups + groups > MAX_ADDRESSES) {
    context.fail(
      [policy, ["topology", "dragonfly"]],
      `${a * p * groups} GPUs and ${groups} groups have more than ${MAX_ADDRESSES} addresses together; write policy: adaptive, or fewer GPUs`,
    );
  }
  if (routing.convergence !== undefined) {
    context.fail(
      [["routing", "convergence"], policy],
      `tables that follow faults know minimal ways only; leave convergence out, or write policy: adaptive`,
    );
  }
}
