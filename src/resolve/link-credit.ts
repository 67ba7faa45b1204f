/**
 * Receive buffers of links on credit, of each data class: what they take for full rate, and how
 * often they tell of room.
 */

import type { Fabric, LinkClass, SwitchSpec } from "../plan/fabric.js";
import type { LinkCredit, WireFormat } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import type { CreditParams, Scenario } from "../scenario/types/scenario.js";
import { formatQuantity } from "../scenario/types/units.js";
import { bufferPaths, longestLevel } from "./buffer-paths.js";
import { ceilPs, largestAccountedBytes, largestWireBytes } from "./headroom.js";
import { planClassCount } from "./lanes.js";

/**
 * A link direction on credit, and what the time depends on after which a packet's credit can be
 * used again.
 */
export interface CreditLoop {
  /** From the sender to the receiver. */
  readonly incoming: LinkClass;
  /** From the receiver to the sender: the way of the updates. */
  readonly outgoing: LinkClass;
  /** Pipeline latency of the receiver. */
  readonly latencyPs: number;
  /** The receiver is a switch that releases a packet when its transmission ends. */
  readonly releasesAtEnd: boolean;
  /** Data classes, updates of which may be in the way. */
  readonly classes: number;
}

/**
 * Full packets of a receive buffer beyond what a loop takes: an update tells of up to two, and one
 * may wait behind a control packet.
 */
const SPARE_PACKETS = 2;
/** Full packets that an update tells of at least, where the buffer has room for that. */
const UPDATE_PACKETS = 2;

/**
 * From the start of a full packet to the effect of an update that tells of its room, in ps, by the
 * rules of docs/MODEL.md: where nothing waits but the update, which may come just after a largest
 * packet has started the other way.
 *
 *     s + p + f + l + s' + w + u + p' + f' + r
 *
 * Serialization, propagation and FEC of the packet; latency of the receiver; its transmission from
 * there at the same rate (a switch that releases at the end); the packet in the update's way, the
 * update's serialization (and of one of every other data class), propagation, FEC and response.
 */
export function creditLoopPs(loop: CreditLoop, credit: CreditParams, wire: WireFormat): number {
  const { incoming, outgoing, latencyPs, releasesAtEnd, classes } = loop;
  const packetPs = ceilPs(largestWireBytes(incoming, wire), incoming.rateBps);
  const therePs = packetPs + incoming.propagationPs + incoming.fecPs + latencyPs + (releasesAtEnd ? packetPs : 0);
  const busyPs = ceilPs(largestWireBytes(outgoing, wire), outgoing.rateBps);
  const updatePs = classes * ceilPs(credit.updateWireBytes, outgoing.rateBps);
  return therePs + busyPs + updatePs + outgoing.propagationPs + outgoing.fecPs + credit.responsePs;
}

/**
 * Blocks of a receive buffer with which the link carries full packets at its rate: those of a loop,
 * and two packets.
 */
export function fullRateBlocks(loop: CreditLoop, credit: CreditParams, wire: WireFormat): number {
  const { incoming } = loop;
  // Truncated serialization lets a packet pass a little faster than the rate.
  const packetPs = Math.max(1, Math.floor((largestWireBytes(incoming, wire) * 8e12) / incoming.rateBps));
  const packets = Math.ceil(creditLoopPs(loop, credit, wire) / packetPs) + SPARE_PACKETS;
  return packets * packetBlocks(incoming, credit, wire);
}

/** Blocks of the largest packet of the data class. */
function packetBlocks(link: LinkClass, { blockBytes }: CreditParams, wire: WireFormat): number {
  return Math.ceil(largestAccountedBytes(link, wire) / blockBytes);
}

/**
 * Receive buffers of each data class of all ports but those of scale-up networks; null where links
 * are not on credit.
 * @throws PlanError where a buffer holds no packet, or those of a switch exceed its buffer.
 */
export function resolveLinkCredit(
  scenario: Scenario,
  fabric: Fabric,
  wire: WireFormat,
  nicLatencyPs: Float64Array,
): LinkCredit | null {
  const { flowControl } = scenario;
  const { credit, release } = flowControl;
  if (credit === null) return null;
  const classes = planClassCount(scenario);
  const { blockBytes, updateWireBytes, responsePs } = credit;
  const count = fabric.peerPort.length;
  const bufferBlocks = new Uint32Array(count);
  const updateBlocks = new Uint32Array(count);
  const known = new Map<string, { blocks: number; update: number }>();
  const give = (port: number, latencyPs: number, isSwitch: boolean) => {
    const [outgoing, incoming] = [fabric.portClass[port]!, fabric.portClass[fabric.peerPort[port]!]!];
    const key = `${isSwitch} ${latencyPs} ${outgoing} ${incoming}`;
    let rules = known.get(key);
    if (rules === undefined) {
      const loop = {
        incoming: fabric.linkClasses[incoming]!,
        outgoing: fabric.linkClasses[outgoing]!,
        latencyPs,
        releasesAtEnd: isSwitch && release === "end",
        classes,
      };
      rules = rulesOf(loop, credit, wire);
      known.set(key, rules);
    }
    bufferBlocks[port] = rules.blocks;
    updateBlocks[port] = rules.update;
  };
  for (const sw of fabric.switches) {
    if (sw.level === "nvswitch") continue;
    const [first, end] = [fabric.firstPort[sw.device]!, fabric.firstPort[sw.device + 1]!];
    let blocks = 0;
    for (let port = first; port < end; port++) {
      give(port, sw.latencyPs, true);
      blocks += bufferBlocks[port]!;
    }
    const takenBytes = classes * blocks * blockBytes;
    if (takenBytes > sw.bufferBytes) throw buffersTooLarge(scenario, fabric, sw, classes, takenBytes);
  }
  for (let nic = 0; nic < fabric.nics.count; nic++) {
    if (fabric.nics.isScaleUp[nic] === 0) give(fabric.nics.port[nic]!, nicLatencyPs[nic]!, false);
  }
  return { blockBytes, updateBytes: updateWireBytes, responsePs, bufferBlocks, updateBlocks };
}

function rulesOf(loop: CreditLoop, credit: CreditParams, wire: WireFormat): { blocks: number; update: number } {
  const { blockBytes, bufferBytes, updateEveryBytes } = credit;
  const most = packetBlocks(loop.incoming, credit, wire);
  const blocks = bufferBytes === "auto" ? fullRateBlocks(loop, credit, wire) : Math.floor(bufferBytes / blockBytes);
  if (blocks < most) {
    const say = (bytes: number) => formatQuantity("size", bytes);
    throw new PlanError(
      `a receive buffer of ${say(blocks * blockBytes)} holds no packet of ${say(most * blockBytes)}; write a larger flowControl.buffer, or auto`,
      [
        ["flowControl", "buffer"],
        ["flowControl", "block"],
        ["transport", "mtu"],
      ],
    );
  }
  const every = updateEveryBytes === "auto" ? UPDATE_PACKETS * most : Math.ceil(updateEveryBytes / blockBytes);
  // Any more would let a sender wait for credit that nobody tells it of.
  return { blocks, update: Math.max(1, Math.min(every, blocks - most + 1)) };
}

function buffersTooLarge(
  scenario: Scenario,
  fabric: Fabric,
  sw: SwitchSpec,
  classes: number,
  takenBytes: number,
): PlanError {
  const { name, bufferBytes, device } = sw;
  const ports = fabric.firstPort[device + 1]! - fabric.firstPort[device]!;
  const say = (bytes: number) => formatQuantity("size", bytes);
  const ofClasses = classes === 1 ? "" : `, one for each of ${classes} classes,`;
  return new PlanError(
    `the receive buffers of the ${ports} ports of ${name}${ofClasses} take ${say(takenBytes)} together, more than its buffer of ${say(bufferBytes)}; write a larger switch.buffer, or a smaller flowControl.buffer`,
    bufferPaths(scenario, sw, longestLevel(fabric, sw), "buffer"),
  );
}
