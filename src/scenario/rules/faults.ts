/** Rules of faults: what a fault must say, and what it needs of other settings. */
import { deviceNames, rankCount } from "../defaults/ranks.js";
import { hasScaleUp } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import type { Rule, RuleContext } from "./rule.js";

type Written = Sections["faults"][number];
type LinkFault = Extract<Written, { from: unknown }>;

export const faultRules: Rule[] = [
  { needs: ["faults", "topology"], check: checkPlaces },
  { needs: ["faults"], check: checkTimes },
  { needs: ["faults", "flowControl", "topology"], check: checkStalls },
  { needs: ["faults", "flowControl"], check: checkPauses },
  { needs: ["faults", "ecn"], check: checkMarks },
  { needs: ["faults", "transport"], check: checkRates },
  { needs: ["faults", "workload", "jobs"], check: checkStragglers },
  { needs: ["faults", "routing"], check: checkConvergence },
  { needs: ["faults", "nic", "transport"], check: checkFailover },
];

function isLinkFault(fault: Written): fault is LinkFault {
  return "from" in fault;
}

function checkPlaces({ faults, topology }: Sections, context: RuleContext): void {
  const isLinked = faults.length === 0 ? () => true : linkFinder(topology);
  const nameOf = deviceNames(topology);
  const ranks = rankCount(topology);
  faults.forEach((fault, i) => {
    const path = ["faults", i];
    if (fault.kind === "swapped-cables") {
      for (const cable of ["a", "b"] as const) {
        for (const key of ["from", "to"] as const) {
          const device = fault[cable][key];
          if (typeof device !== "number" || device < ranks) continue;
          context.fail([[...path, cable, key]], `there is no rank ${device}; write one from 0 to ${ranks - 1}`);
        }
      }
      return;
    }
    const written = isLinkFault(fault)
      ? { from: fault.from, to: fault.to }
      : "host" in fault
        ? { host: fault.host }
        : {};
    for (const [key, device] of Object.entries(written)) {
      if (typeof device !== "number" || device < ranks) continue;
      context.fail([[...path, key]], `there is no rank ${device}; write one from 0 to ${ranks - 1}`);
      return;
    }
    if (!isLinkFault(fault)) return;
    const [from, to] = [nameOf(fault.from), nameOf(fault.to)];
    if (fault.kind === "degraded-link" && (fault.ber ?? fault.frameLossRatio ?? fault.rate) === undefined) {
      context.fail(
        [path],
        "a degraded link without ber, frameLossRatio or rate is as good as new; write what is worse, e.g. ber: 3e-4",
      );
    }
    if (from === to) context.fail([[...path, "to"]], "a link from a device to itself; name two devices");
    else if (!isLinked(from, to)) {
      context.fail([path], `there is no link between ${from} and ${to}; name the two ends of a link`);
    }
  });
}

/** What begins ends later; a fault says its times in one way. */
function checkTimes({ faults }: Sections, context: RuleContext): void {
  faults.forEach((fault, i) => {
    const path = ["faults", i];
    if (fault.kind === "link-flap") {
      checkFlap(fault, path, context);
    } else if (fault.kind === "optic-drift") {
      checkDrift(fault, path, context);
    } else if (fault.kind === "link-down") {
      if (fault.start !== undefined && fault.at !== undefined) {
        context.fail([[...path, "at"], path], "start says the same; write one of them");
      } else if (fault.start === undefined && fault.at === undefined) {
        context.fail([[...path, "at"], path], "missing; write when the link goes down, e.g. at: 1ms");
      } else if (fault.until <= (fault.at ?? fault.start ?? 0)) {
        context.fail([[...path, "until"], path], "is not after the time at which it goes down; write a later time");
      }
    } else if ("at" in fault && fault.until <= fault.at) {
      context.fail([[...path, "until"], path], "is not after at; write a later time, or never");
    }
  });
}

type Flap = Extract<Written, { kind: "link-flap" }>;

function checkFlap(fault: Flap, path: (string | number)[], context: RuleContext): void {
  const { up, down, count, times, perHour, until } = fault;
  const ways = [
    { name: "times", fields: { times } },
    { name: "perHour, down and until", fields: { perHour, until, down } },
    { name: "up, down and count", fields: { up, count, down } },
  ];
  const isStated = ({ fields }: (typeof ways)[number]) => Object.values(fields)[0] !== undefined;
  const stated = ways.filter((way) => isStated(way));
  if (stated.length !== 1) {
    const names = ways.map(({ name }) => name).join("; or ");
    const fault = stated.length === 0 ? "it does not say when it goes down" : "it says in two ways when it goes down";
    context.fail([path], `${fault}; write ${names}`);
    return;
  }
  const [way] = stated;
  for (const [key, value] of Object.entries(way!.fields)) {
    if (value === undefined) context.fail([[...path, key], path], `missing; write ${way!.name}`);
  }
  const others = Object.entries({ up, down, count, times, perHour, until });
  for (const [key, value] of others) {
    if (value !== undefined && !(key in way!.fields)) {
      context.fail([[...path, key]], `does nothing beside ${way!.name}; leave it out`);
    }
  }
  if (times !== undefined && context.isWritten([...path, "at"])) {
    context.fail([[...path, "at"]], "does nothing beside times, which are on the clock of the run; leave it out");
  }
  if (down === 0 || up === 0) {
    context.fail([[...path, down === 0 ? "down" : "up"]], "write a time above 0");
  }
  times?.forEach(([from, to], i) => {
    if (to <= from) context.fail([[...path, "times", i], path], "comes back before it goes down; write a later time");
    else if (i > 0 && from <= times[i - 1]![1]) {
      context.fail([[...path, "times", i], path], "goes down before it came back; write times in order");
    }
  });
}

function checkDrift(fault: Extract<Written, { kind: "optic-drift" }>, path: (string | number)[], context: RuleContext) {
  const { temperature, contamination } = fault;
  if (temperature.length === 0 && (contamination === 0 || contamination === undefined)) {
    context.fail([path], "an optic at 25C without dirt is as good as new; write temperature or contamination");
  }
  const profiles = { temperature, ...(typeof contamination !== "number" && { contamination }) };
  for (const [key, points] of Object.entries(profiles)) {
    points.forEach(([at], i) => {
      if (i > 0 && at <= points[i - 1]![0]) {
        context.fail(
          [
            [...path, key, i, 0],
            [...path, key],
          ],
          "is not after the point before it; write times in order",
        );
      }
    });
  }
}

function checkStalls({ faults, flowControl, topology }: Sections, context: RuleContext): void {
  const nameOf = deviceNames(topology);
  const hosts = new Set<string>();
  faults.forEach((fault, i) => {
    if (fault.kind !== "nic-stall") return;
    const { start, until } = fault;
    const host = nameOf(fault.host);
    const fail = (key: string, message: string) =>
      context.fail(
        [
          ["faults", i, key],
          ["faults", i],
        ],
        message,
      );
    if (flowControl.kind !== "pfc") {
      fail(
        "kind",
        "a NIC that stalls pauses its leaf, which needs flowControl: { kind: pfc }; write that, or leave it out",
      );
    }
    if (until <= start) fail("until", "is not after start; write a later time, or never");
    if (hosts.has(host)) fail("host", `${host} stalls already; write one nic-stall for each host`);
    hosts.add(host);
  });
}

/** What needs pauses to be off, or to come too late. */
function checkPauses({ faults, flowControl }: Sections, context: RuleContext): void {
  faults.forEach(({ kind }, i) => {
    if ((kind !== "pfc-off" && kind !== "wrong-headroom") || flowControl.kind === "pfc") return;
    context.fail(
      [["faults", i, "kind"]],
      "no switch sends pauses here; write flowControl: { kind: pfc }, or leave it out",
    );
  });
}

function checkMarks({ faults, ecn }: Sections, context: RuleContext): void {
  faults.forEach(({ kind }, i) => {
    if (kind !== "ecn-off" || (ecn !== "off" && ecn !== null)) return;
    context.fail([["faults", i, "kind"]], "no switch marks packets here; write ecn, or leave it out");
  });
}

/** HPCC reckons load by the rate of a link, which must stay what it is. */
function checkRates({ faults, transport }: Sections, context: RuleContext): void {
  if (transport.congestionControl.kind !== "hpcc") return;
  faults.forEach((fault, i) => {
    if (
      !("rate" in fault) ||
      fault.rate === undefined ||
      (fault.at === 0 && fault.until === Number.POSITIVE_INFINITY)
    ) {
      return;
    }
    context.fail(
      [["faults", i, "rate"]],
      "hpcc reckons the load of a link by its rate, which cannot change in a run; leave at and until out",
    );
  });
}

const DOWN_KINDS: readonly string[] = ["link-down", "link-flap", "switch-down"];

function checkConvergence({ faults, routing: { convergence } }: Sections, context: RuleContext): void {
  if (convergence === undefined) return;
  const path = ["routing", "convergence"];
  const { local = 0, global = Number.POSITIVE_INFINITY } = convergence;
  if (global < local) {
    context.fail([[...path, "global"], path], "all switches hear of it before those at its ends; write a longer time");
  }
  if (faults.some(({ kind }) => DOWN_KINDS.includes(kind))) return;
  context.warn([path], "no link goes down in this run, so routing has nothing to follow");
}

const UNMOVED = {
  rccc: "receivers grant credit to queue pairs by NIC",
  hpcc: "senders reckon with the ports of one path",
} as const;

function checkFailover({ faults, nic: { failover }, transport }: Sections, context: RuleContext): void {
  if (failover === false) return;
  const path = ["nic", "failover"];
  const { kind } = transport.congestionControl;
  if (kind === "rccc" || kind === "hpcc") {
    context.fail(
      [path, ["transport", "congestionControl"]],
      `${UNMOVED[kind]} with ${kind}, so they cannot move; write another congestion control, or leave failover out`,
    );
  }
  if (faults.some((fault) => DOWN_KINDS.includes(fault.kind))) return;
  context.warn([path], "no link goes down in this run, so no queue pair has to move");
}

/** Only programs and training steps compute. Of several jobs one of them has to. */
function checkStragglers({ faults, workload, jobs }: Sections, context: RuleContext): void {
  const all = jobs?.map((job) => job.workload) ?? [workload];
  if (all.some((one) => one?.kind === "program" || one?.kind === "training-step")) return;
  faults.forEach(({ kind }, i) => {
    if (kind !== "straggler") return;
    context.fail(
      [["faults", i, "kind"]],
      "ranks compute nothing in this workload; a straggler needs a workload of kind program or training-step",
    );
  });
}

/**
 * Whether a link joins two named devices, as far as the document tells: the links of a Clos have no
 * names in it.
 */
function linkFinder(topology: Sections["topology"]): (from: string, to: string) => boolean {
  if (topology.kind !== "custom" || hasScaleUp(topology)) return () => true;
  const pairs = new Set<string>();
  for (const { a, b } of topology.links) pairs.add(JSON.stringify([a, b])).add(JSON.stringify([b, a]));
  return (from, to) => pairs.has(JSON.stringify([from, to]));
}
