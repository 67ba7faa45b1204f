/** What faults do to a fabric, as entries of its timeline. */
import type { Fabric } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { LinkDegrades, PortChange, TimelineEntry } from "../../plan/timeline.js";
import type { DegradedLink, LinkFault, MtuMismatch, NicSlow, OpticDrift } from "../../scenario/types/faults.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { type LinkParameters, parametersOf } from "./link-classes.js";
import type { LocatedFault } from "./located-fault.js";
import { errorsOverTime } from "./optic-drift.js";

/** @throws PlanError where the fault would make a link better */
export function entriesOf(fabric: Fabric, located: LocatedFault): readonly TimelineEntry[] {
  if ("link" in located) {
    const { fault, ports } = located;
    if (fault.kind === "optic-drift") return driftEntries(fabric, fault, ports);
    return ports.flatMap((port) => linkEntries(fabric, fault, port));
  }
  if ("switchNumber" in located) return switchEntries(fabric, located);
  if ("nics" in located) {
    const { startPs, untilPs, bufferBytes } = located.fault;
    return located.nics.map((nic) => ({ atPs: startPs, nic, change: { kind: "stall", untilPs, bufferBytes } }));
  }
  if ("swapped" in located) return [];
  if ("rank" in located) {
    const { startPs, untilPs, factor } = located.fault;
    return [{ atPs: startPs, untilPs, rank: located.rank, factor }];
  }
  const { fault, slowNics } = located;
  const own = slowNics.map((nic) => fabric.nics.port[nic]!);
  return own
    .flatMap((port) => [port, fabric.peerPort[port]!])
    .map((each): PortChange => {
      checkSlower(fault, linkAt(fabric, each));
      return { ...spanOf(fault), port: each, change: { kind: "degrade", rateBps: fault.rateBps } };
    });
}

function linkEntries(fabric: Fabric, fault: Exclude<LinkFault, OpticDrift>, port: number): readonly PortChange[] {
  switch (fault.kind) {
    case "link-down":
      return [{ ...spanOf(fault), port, change: { kind: "down" } }];
    case "link-flap":
      return fault.outages.map((outage) => ({ ...spanOf(outage), port, change: { kind: "down" } }));
    case "mtu-mismatch":
      checkMtu(fault, linkAt(fabric, port));
      return [{ ...spanOf(fault), port, change: { kind: "degrade", largestBytes: fault.mtuBytes } }];
    case "degraded-link": {
      checkWorse(fault, linkAt(fabric, port));
      const { rateBps, ber, frameLossRatio } = fault;
      const change: LinkDegrades = {
        kind: "degrade",
        ...(rateBps !== null && { rateBps }),
        ...(ber !== null && { ber }),
        ...(frameLossRatio !== null && { frameLossRatio }),
      };
      return [{ ...spanOf(fault.span ?? { startPs: 0 }), port, change }];
    }
  }
}

/** Both directions have the same errors, where their links do. */
function driftEntries(fabric: Fabric, drift: OpticDrift, ports: readonly number[]): readonly PortChange[] {
  const spans = errorsOverTime(drift);
  return ports.flatMap((port) =>
    spans
      .filter(({ ber }) => ber > linkAt(fabric, port).ber)
      .map(({ ber, ...span }): PortChange => ({ ...spanOf(span), port, change: { kind: "degrade", ber } })),
  );
}

function switchEntries(
  { switches, firstPort, peerPort }: Fabric,
  { fault, switchNumber }: Extract<LocatedFault, { switchNumber: number }>,
): readonly TimelineEntry[] {
  const { device } = switches[switchNumber]!;
  const ports = Array.from({ length: firstPort[device + 1]! - firstPort[device]! }, (_, i) => firstPort[device]! + i);
  switch (fault.kind) {
    case "switch-down":
      return ports.flatMap((port) =>
        [port, peerPort[port]!].map((each): PortChange => ({ ...spanOf(fault), port: each, change: { kind: "down" } })),
      );
    case "ecn-off":
      return ports.map((port) => ({ ...spanOf(fault), port, change: { kind: "degrade", marksNothing: true } }));
    case "pfc-off":
      return [{ switchNumber, change: { kind: "no-pauses" } }];
    case "wrong-headroom":
      return [{ switchNumber, change: { kind: "headroom", headroomBytes: fault.headroomBytes } }];
  }
}

/** What has no end says nothing of one. */
function spanOf({ startPs, untilPs = Number.POSITIVE_INFINITY }: { startPs: number; untilPs?: number }) {
  return { atPs: startPs, ...(untilPs !== Number.POSITIVE_INFINITY && { untilPs }) };
}

function linkAt({ linkClasses, portClass }: Fabric, port: number): Required<LinkParameters> {
  return parametersOf(linkClasses[portClass[port]!]!);
}

function checkSlower({ host, rateBps }: NicSlow, link: Required<LinkParameters>): void {
  if (rateBps <= link.rateBps) return;
  const [stated, own] = [rateBps, link.rateBps].map((bps) => formatQuantity("rate", bps));
  throw new PlanError(`the slow NIC of ${host} has a rate of ${stated}, better than the ${own} of its link`, [
    ["rate"],
  ]);
}

function checkMtu({ from, to, mtuBytes }: MtuMismatch, link: Required<LinkParameters>): void {
  if (mtuBytes < link.mtuBytes) return;
  throw new PlanError(
    `an MTU of ${mtuBytes} B lets all packets between ${from} and ${to} through, which have at most ` +
      `${link.mtuBytes} B; write a smaller one`,
    [["mtu"]],
  );
}

/** @throws PlanError where the link is better than a fault would have it. */
function checkWorse({ from, to, rateBps, ber, frameLossRatio }: DegradedLink, link: Required<LinkParameters>): void {
  const refuse = (field: string, stated: string, own: string) => {
    throw new PlanError(
      `the degraded link between ${from} and ${to} has a ${field} of ${stated}, better than the ${own} of the link; ` +
        "a fault makes a link worse: write a worse value, or change the link",
      [[field]],
    );
  };
  if (rateBps !== null && rateBps > link.rateBps) {
    refuse("rate", formatQuantity("rate", rateBps), formatQuantity("rate", link.rateBps));
  }
  if (ber !== null && ber < link.ber) refuse("ber", `${ber}`, `${link.ber}`);
  if (frameLossRatio !== null && frameLossRatio < link.frameLossRatio) {
    refuse("frameLossRatio", `${frameLossRatio}`, `${link.frameLossRatio}`);
  }
}
