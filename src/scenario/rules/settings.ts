/**
 * Settings that contradict one another, and warnings: settings that are legal but do nothing, or
 * harm.
 */

import { CONGESTION_CONTROL } from "../../plan/policies/congestion-control.js";
import { ROUTING } from "../../plan/policies/routing.js";
import type { Path } from "../../util/document-path.js";
import { deviceNames, rankCount } from "../defaults/ranks.js";
import { hasScaleUp } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import type { Rule, RuleContext } from "./rule.js";

export const settingRules: Rule[] = [
  { needs: ["ecn", "transport"], check: checkEcn },
  { needs: ["faults", "topology"], check: checkFaults },
  { needs: ["faults", "flowControl", "topology"], check: checkStalls },
  { needs: ["flowControl", "switch"], check: checkBuffers },
  { needs: ["flowControl"], check: checkTrimming },
  { needs: ["flowControl", "wire", "transport"], check: warnOfLapses },
  { needs: ["flowControl", "wire", "transport"], check: checkCredit },
  { needs: ["transport"], check: checkTimeout },
  { needs: ["routing"], check: checkEntropies },
  { needs: ["routing"], check: checkModule },
];

function checkEcn({ ecn, transport }: Sections, context: RuleContext): void {
  const { readsMarks } = CONGESTION_CONTROL[transport.congestionControl.kind];
  const isOff = ecn === "off" || ecn === null;
  if (transport.ackMarked && (isOff || (ecn === "auto" && !readsMarks))) {
    context.warn([["transport", "ackMarked"]], "no switch makes marks here; write thresholds as ecn");
  }
  if (isOff || ecn === "auto" || ecn.kmin <= ecn.kmax) return;
  const paths = [
    ["ecn", "kmin"],
    ["ecn", "kmax"],
  ];
  context.fail(paths, "kmin is above kmax; write kmin at most as large as kmax");
}

function checkFaults({ faults, topology }: Sections, context: RuleContext): void {
  const isLinked = faults.length === 0 ? () => true : linkFinder(topology);
  const nameOf = deviceNames(topology);
  const ranks = rankCount(topology);
  faults.forEach((fault, i) => {
    const path = ["faults", i];
    const written = fault.kind === "nic-stall" ? { host: fault.host } : { from: fault.from, to: fault.to };
    for (const [key, device] of Object.entries(written)) {
      if (typeof device !== "number" || device < ranks) continue;
      context.fail([[...path, key]], `there is no rank ${device}; write one from 0 to ${ranks - 1}`);
      return;
    }
    if (fault.kind === "nic-stall") return;
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

/** What can be told without the number of ports. */
function checkBuffers({ flowControl, switch: { buffer } }: Sections, context: RuleContext): void {
  if (flowControl.kind !== "pfc") return;
  const tooLarge = (key: Path, bytes: number) => {
    if (bytes > buffer)
      context.fail(
        [
          ["flowControl", ...key],
          ["switch", "buffer"],
        ],
        "more than the switch has; write less, or a larger switch.buffer",
      );
  };
  tooLarge(["reserve"], flowControl.reserve);
  if (typeof flowControl.headroom === "number") tooLarge(["headroom"], flowControl.headroom);
  if (flowControl.threshold.kind === "static") tooLarge(["threshold", "xoff"], flowControl.threshold.xoff);
}

function checkTrimming({ flowControl }: Sections, context: RuleContext): void {
  if (flowControl.kind !== "none") return;
  if (!flowControl.trim) {
    const path = ["flowControl", "trimVictim"];
    if (flowControl.trimVictim !== "fair") {
      context.fail([path], "nothing is trimmed here; write trim: true beside it, or dropVictim");
    }
    return;
  }
  if (flowControl.dropVictim !== "fair") {
    context.fail([["flowControl", "dropVictim"]], "packets are trimmed here, not dropped; write trimVictim");
  }
}

/**
 * A pause that comes late: its frame may have to wait for the largest packet, whose time is in
 * proportion to the link's rate as quanta are.
 */
function warnOfLapses({ flowControl, wire, transport }: Sections, context: RuleContext): void {
  if (flowControl.kind !== "pfc") return;
  const { quanta, refresh } = flowControl;
  const path = ["flowControl", "refresh"];
  if (quanta === null) {
    if (context.isWritten(path)) context.warn([path], "has no effect: pauses do not lapse; write flowControl.quanta");
    return;
  }
  const bytes = quanta * 64;
  const aheadBytes = transport.mtu + wire.header + wire.pause + 2 * wire.gap;
  if (refresh !== null && refresh * bytes + aheadBytes <= bytes) return;
  context.warn(
    [path, ["flowControl", "quanta"]],
    "pauses may lapse before they are refreshed, and packets then be lost to congestion; write refresh: 0.5, and enough quanta",
  );
}

function checkTimeout({ transport: { rto } }: Sections, context: RuleContext): void {
  if (typeof rto === "number" || rto.first <= rto.most) return;
  const paths = ["first", "most"].map((key) => ["transport", "rto", key]);
  context.fail(paths, "first is above most; write first at most as long as most");
}

/** A packet that no buffer holds would wait for ever. */
function checkCredit({ flowControl, wire, transport }: Sections, context: RuleContext): void {
  if (flowControl.kind !== "credit" || flowControl.buffer === "auto") return;
  const { block, buffer } = flowControl;
  const packet = Math.max(transport.mtu + wire.header, wire.ackClass === "data" ? wire.ack : 0);
  const least = Math.ceil(packet / block) * block;
  if (Math.floor(buffer / block) * block >= least) return;
  context.fail(
    [
      ["flowControl", "buffer"],
      ["transport", "mtu"],
    ],
    `a receive buffer must hold a full packet, which takes ${least} bytes of blocks; write at least ${least}B, or auto`,
  );
}

function checkEntropies({ routing }: Sections, context: RuleContext): void {
  const { policy, entropies } = routing;
  if (!ROUTING[policy].sprays || 2 ** Math.round(Math.log2(entropies)) === entropies) return;
  context.fail([["routing", "entropies"]], `${entropies} is not a power of two; write e.g. 64 or 256`);
}

/** A scenario may come from anywhere: it names nothing outside of its own folder. */
function checkModule({ routing: { module } }: Sections, context: RuleContext): void {
  if (module === undefined) return;
  const fail = (message: string) => context.fail([["routing", "module"]], message);
  const parts = module.split(/[/\\]/);
  if (/^([/\\]|[a-z]+:)/i.test(module) || parts.includes("..")) {
    fail("a module lies beside the scenario or in a folder there, e.g. ./my-policy.ts; for another, use --policy FILE");
  } else if (!/\.(ts|js|mjs|wasm)$/.test(module)) {
    fail("a module is a .ts, .js, .mjs or .wasm file");
  }
}
