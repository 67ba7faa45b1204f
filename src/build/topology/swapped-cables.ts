/** Cables that are plugged in at each other's places, and routing that goes over them. */
import { type Fabric, type SwitchSpec, UNREACHABLE } from "../../plan/fabric.js";
import { PlanError, PlanFaults } from "../../plan/plan-error.js";
import type { Fault, SwappedCables } from "../../scenario/types/faults.js";
import { Directory, findLink } from "./directory.js";
import { shortestPathTables } from "./shortest-paths.js";

/**
 * A fabric whose cables are as faults leave them: the far ends of two cables are exchanged. Tables
 * of all its switches are the shortest paths over the cables as they are.
 * @throws PlanError where a fault names no link, or cables that cannot be exchanged.
 */
export function withSwappedCables(fabric: Fabric, faults: readonly Fault[]): Fabric {
  if (!faults.some(({ kind }) => kind === "swapped-cables")) return fabric;
  const wrong = new PlanFaults();
  let wired = fabric;
  for (const [number, fault] of faults.entries()) {
    if (fault.kind !== "swapped-cables") continue;
    wrong.attempt(() => {
      wired = exchanged(wired, fault);
    }, ["faults", number]);
  }
  wrong.throwIfAny();
  return rerouted(wired);
}

function exchanged(fabric: Fabric, { a, b }: SwappedCables): Fabric {
  const directory = new Directory(fabric);
  const [nearA, nearB] = [findLink(directory, a), findLink(directory, b)];
  const [farA, farB] = [fabric.peerPort[nearA]!, fabric.peerPort[nearB]!];
  checkKinds(fabric, [nearA, farA], [nearB, farB]);
  const peerPort = fabric.peerPort.slice();
  const portClass = fabric.portClass.slice();
  [peerPort[nearA], peerPort[farB]] = [farB, nearA];
  [peerPort[nearB], peerPort[farA]] = [farA, nearB];
  // A cable brings its properties along.
  [portClass[farA], portClass[farB]] = [portClass[farB]!, portClass[farA]!];
  return { ...fabric, peerPort, portClass };
}

/** @throws PlanError where they are one cable, of the scale-up network, or named both ways */
function checkKinds(
  { nics, linkClasses, portClass }: Fabric,
  [nearA, farA]: readonly [number, number],
  [nearB, farB]: readonly [number, number],
): void {
  const isNic = (port: number) => nics.port.includes(port);
  if (nearA === nearB || nearA === farB) throw new PlanError("a and b are one cable; name two");
  if ([nearA, nearB].some((port) => linkClasses[portClass[port]!]!.level === "scaleUp")) {
    throw new PlanError("links of the scale-up network are no cables that can be swapped; name links of the fabric");
  }
  if (isNic(farA) !== isNic(farB) || isNic(nearA) !== isNic(nearB)) {
    throw new PlanError("the ends of a and b differ in kind; write from and to of both in the same direction");
  }
}

/** The fabric with tables of shortest paths; switches of the scale-up network keep their routes. */
function rerouted(fabric: Fabric): Fabric {
  const { nics, peerPort, firstPort } = fabric;
  const own = fabric.switches.filter(({ level }) => level !== "nvswitch");
  const numberAt = new Int32Array(peerPort.length).fill(-1);
  own.forEach(({ device }, number) => {
    numberAt.fill(number, firstPort[device]!, firstPort[device + 1]!);
  });
  const local = (port: number) => port - firstPort[own[numberAt[port]!]!.device]!;
  const addresses: { readonly address: number; readonly at: number }[] = [];
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 0) addresses.push({ address: nics.address[nic]!, at: peerPort[nics.port[nic]!]! });
  }
  const tables = shortestPathTables({
    neighbours: own.map(({ device }) =>
      Array.from(peerPort.subarray(firstPort[device]!, firstPort[device + 1]!), (peer) => numberAt[peer]!),
    ),
    attachments: addresses.map(({ at }) => ({ sw: numberAt[at]!, port: local(at) })),
  });
  const most = addresses.reduce((largest, { address }) => Math.max(largest, address), 0);
  const byAddress = (column: Uint16Array, none: number) => {
    const spread = new Uint16Array(most + 1).fill(none);
    addresses.forEach(({ address }, i) => {
      spread[address] = column[i]!;
    });
    return spread;
  };
  const routed = new Map<SwitchSpec, SwitchSpec>();
  own.forEach((spec, number) => {
    const { groupOf, pins, ...rest } = tables[number]!;
    const routing = { ...rest, groupOf: byAddress(groupOf, UNREACHABLE), ...(pins && { pins: byAddress(pins, 0) }) };
    routed.set(spec, { ...spec, routing });
  });
  return { ...fabric, switches: fabric.switches.map((spec) => routed.get(spec) ?? spec) };
}
