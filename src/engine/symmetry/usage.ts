/** What the flows of a plan use of its fabric: the way of each, and what passes each port. */

import { pinnedPlace, UNREACHABLE } from "../../plan/fabric.js";
import { answerAddress, dataAddress } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { type ProgramParts, programPartsOf } from "./program-parts.js";

/** No fabric has longer ways; tables with a loop end here. */
const MAX_HOPS = 32;
/** Where all ways together have more hops, looking for what is alike takes too long. */
const MAX_HOPS_IN_ALL = 2 ** 22;

/**
 * A flow has two ways: number 2f is that of its data, 2f + 1 that of the answers. A hop is one port
 * on one way; hops are numbered way by way.
 */
export interface Usage {
  readonly plan: RunPlan;
  /** Null where no programs run. */
  readonly programs: ProgramParts | null;
  readonly deviceOf: Uint32Array;
  /** By device; -1 for hosts. */
  readonly switchOf: Int32Array;
  /** By port; -1 at switches. */
  readonly nicOf: Int32Array;
  /** Hops of way `w` are `wayFirst[w] … wayFirst[w+1] - 1`. */
  readonly wayFirst: Uint32Array;
  /** Global port that a packet leaves by, and the way, by hop. */
  readonly hopPort: Uint32Array;
  readonly hopWay: Uint32Array;
  /**
   * Global ports that packets leave or arrive by, ascending, and the place of each port there; -1
   * for others.
   */
  readonly ports: Uint32Array;
  readonly placeOf: Int32Array;
  /**
   * Hops of the port at place `i` are `passing[passFirst[i]] … passing[passFirst[i+1] - 1]`: at a
   * NIC data in the order of flows, then answers; at a switch by the port where they arrive, then
   * by number.
   */
  readonly passFirst: Uint32Array;
  readonly passing: Uint32Array;
}

/** The usage, or why the ways are not known. */
export function usageOf(plan: RunPlan): Usage | string {
  const { fabric } = plan;
  const portCount = fabric.peerPort.length;
  const deviceOf = new Uint32Array(portCount);
  for (let d = 0; d < fabric.deviceCount; d++) deviceOf.fill(d, fabric.firstPort[d], fabric.firstPort[d + 1]);
  const switchOf = new Int32Array(fabric.deviceCount).fill(-1);
  fabric.switches.forEach(({ device }, number) => {
    switchOf[device] = number;
  });
  const nicOf = new Int32Array(portCount).fill(-1);
  fabric.nics.port.forEach((port, nic) => {
    nicOf[port] = nic;
  });
  const ways = walkAll(plan, deviceOf, switchOf);
  if (typeof ways === "string") return ways;
  const isUsed = new Uint8Array(portCount);
  for (const port of ways.hopPort) {
    isUsed[port] = 1;
    isUsed[fabric.peerPort[port]!] = 1;
  }
  const placeOf = new Int32Array(portCount).fill(-1);
  const ports = Uint32Array.from(placeOf.keys()).filter((port) => isUsed[port] === 1);
  ports.forEach((port, place) => {
    placeOf[port] = place;
  });
  const programs = programPartsOf(plan);
  const usage = { plan, programs, deviceOf, switchOf, nicOf, ...ways, ports, placeOf };
  return { ...usage, ...passages(usage) };
}

/**
 * Port at which the packets of a hop came to the device that they leave by it; -1 where they begin.
 */
function arrivalPort({ plan, hopPort, hopWay, wayFirst }: Pick<Usage, WayFields>, hop: number): number {
  return hop === wayFirst[hopWay[hop]!] ? -1 : plan.fabric.peerPort[hopPort[hop - 1]!]!;
}

type WayFields = "plan" | "hopPort" | "hopWay" | "wayFirst";

function walkAll(plan: RunPlan, deviceOf: Uint32Array, switchOf: Int32Array) {
  const { flows } = plan;
  const wayFirst = new Uint32Array(2 * flows.count + 1);
  let hops = new Uint32Array(16 * flows.count + MAX_HOPS);
  let end = 0;
  for (let way = 0; way < 2 * flows.count; way++) {
    if (end + MAX_HOPS > hops.length) hops = grown(hops);
    const length = walk(plan, deviceOf, switchOf, way, hops.subarray(end, end + MAX_HOPS));
    if (length < 0) return `routing by ${plan.routing.policy} leads what is alike over different ways`;
    if (length === 0) return "a way ends nowhere";
    end += length;
    wayFirst[way + 1] = end;
    if (end > MAX_HOPS_IN_ALL) return "there are too many flows";
  }
  const hopWay = new Uint32Array(end);
  for (let way = 0; way < 2 * flows.count; way++) hopWay.fill(way, wayFirst[way], wayFirst[way + 1]);
  return { wayFirst, hopPort: hops.slice(0, end), hopWay };
}

function grown(hops: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * hops.length);
  larger.set(hops);
  return larger;
}

/**
 * Writes the ports of a way to `into`. Returns their number; -1 where one is not known beforehand,
 * 0 where the way leads nowhere.
 */
function walk(plan: RunPlan, deviceOf: Uint32Array, switchOf: Int32Array, way: number, into: Uint32Array): number {
  const { fabric, flows } = plan;
  const { nics, peerPort, firstPort, switches } = fabric;
  const flow = way >>> 1;
  const reverse = (way & 1) === 1;
  const from = reverse ? flows.dstNic[flow]! : flows.srcNic[flow]!;
  const address = reverse ? answerAddress(fabric, flows, flow) : dataAddress(fabric, flows, flow);
  let port = nics.port[from]!;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    into[hop] = port;
    const device = deviceOf[peerPort[port]!]!;
    const switchNumber = switchOf[device]!;
    if (switchNumber < 0) return hop + 1;
    const { routing } = switches[switchNumber]!;
    let group: readonly number[] | undefined;
    let base = firstPort[device]!;
    let count: number;
    if (routing.kind === "table") {
      group = routing.groups[routing.groupOf[address] ?? UNREACHABLE];
      count = group?.length ?? 0;
    } else {
      const { low, high, stride, downBase, downWidth, upBase, upCount } = routing;
      const isBelow = address >= low && address < high;
      count = isBelow ? downWidth : upCount;
      base += isBelow ? downBase + Math.floor((address - low) / stride) * downWidth : upBase;
    }
    if (count === 0) return 0;
    // A hash would lead what is alike over different ways; all else is not known beforehand.
    if (count > 1 && plan.routing.policy !== "pinned") return -1;
    const index = pinnedPlace(routing, address, count);
    port = base + (group === undefined ? index : group[index]!);
  }
  return 0;
}

function passages(usage: Omit<Usage, "passFirst" | "passing">) {
  const { hopPort, hopWay, placeOf, ports } = usage;
  const passFirst = new Uint32Array(ports.length + 1);
  for (const port of hopPort) passFirst[placeOf[port]! + 1]!++;
  for (let place = 0; place < ports.length; place++) passFirst[place + 1]! += passFirst[place]!;
  const passing = new Uint32Array(hopPort.length);
  const next = passFirst.slice();
  hopPort.forEach((port, hop) => {
    passing[next[placeOf[port]!]!++] = hop;
  });
  for (let place = 0; place < ports.length; place++) {
    const hops = passing.subarray(passFirst[place], passFirst[place + 1]);
    if (hops.length < 2) continue;
    if (usage.nicOf[ports[place]!]! >= 0) hops.sort((a, b) => (hopWay[a]! & 1) - (hopWay[b]! & 1) || a - b);
    else hops.sort((a, b) => arrivalPort(usage, a) - arrivalPort(usage, b) || a - b);
  }
  return { passFirst, passing };
}
