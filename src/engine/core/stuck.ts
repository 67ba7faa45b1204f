/** What holds packets in a run that got stuck. */

import type { RunPlan } from "../../plan/plan.js";
import { laneCount, portOfLane } from "./data-classes.js";
import type { CoreInstance } from "./instance.js";
import {
  Hold,
  KEY,
  LINKCREDIT_BYTES,
  LinkCredit,
  PORT_BYTES,
  PORTEXTRA_BYTES,
  Port,
  PortExtra,
  Run,
} from "./layout.js";
import { settledPs } from "./windows.js";

/** A data class of an egress port, of a switch or NIC, that holds packets. */
export interface HoldingPort {
  /** Global port number. */
  readonly port: number;
  readonly dataClass: number;
  /**
   * What stops the class: a pause by the device at the other end, or too little credit from there.
   */
  readonly heldBy: "pause" | "credit" | null;
  readonly queuedPackets: number;
  /**
   * Egress ports of the device at the other end that hold packets which came over this link in the
   * class.
   */
  readonly waitsFor: readonly number[];
  /** In which data class each of them holds such packets; left out where it is this one for all. */
  readonly waitsForClasses?: readonly number[];
  /** How many such packets each of them holds. */
  readonly holders: ReadonlyMap<number, number>;
  /**
   * The class may go on even if none of these ports sends: something on its way, or due, may end
   * what stops it.
   */
  readonly mayGoOn: boolean;
}

/** Ports with data that waits, and for which ports each of them waits. */
export function readHoldingPorts(core: CoreInstance, plan: RunPlan): HoldingPort[] {
  const { firstPort, deviceCount, peerPort } = plan.fabric;
  const ports = peerPort.length;
  const queued = new Uint32Array(laneCount(plan));
  /**
   * Lanes of ingress ports with a packet that is being transmitted: it is released when that ends.
   */
  const releasing = new Set<number>();
  /** Lanes of egress ports by the lane of the ingress port whose packets they hold: how many. */
  const holders = new Map<number, Map<number, number>>();
  for (let d = 0; d < deviceCount; d++) {
    for (let egress = firstPort[d]!; egress < firstPort[d + 1]!; egress++) {
      const account = heldAccount(core, egress);
      if (account >= 0) releasing.add(laneOfAccount(account, firstPort[d]!, ports));
      for (let lane = egress; lane < queued.length; lane += ports) {
        for (const account of queuedAccounts(core, lane)) {
          queued[lane]!++;
          const ingress = laneOfAccount(account, firstPort[d]!, ports);
          const byLane = holders.get(ingress) ?? new Map<number, number>();
          holders.set(ingress, byLane.set(lane, (byLane.get(lane) ?? 0) + 1));
        }
      }
    }
  }
  const holding: HoldingPort[] = [];
  for (let lane = 0; lane < queued.length; lane++) {
    const hold = core.memory.get(laneAddress(core, lane), Port.paused);
    if (queued[lane] === 0 && hold === Hold.None) continue;
    const heldBy = hold === Hold.None ? null : hold === Hold.Credit ? "credit" : "pause";
    const port = portOfLane(plan, lane);
    const ingress = lane - port + peerPort[port]!;
    const held = [...(holders.get(ingress) ?? [])];
    const lanes = held.map(([other]) => other);
    const waitsForClasses = lanes.map((other) => Math.floor(other / ports));
    const dataClass = Math.floor(lane / ports);
    const mayGoOn = heldBy === null || releasing.has(ingress) || isChanging(core, plan, lane, ingress, heldBy);
    holding.push({
      port,
      dataClass,
      heldBy,
      queuedPackets: queued[lane]!,
      waitsFor: lanes.map((other) => portOfLane(plan, other)),
      ...(waitsForClasses.some((other) => other !== dataClass) && { waitsForClasses }),
      holders: new Map(held.map(([other, count]) => [portOfLane(plan, other), count])),
      mayGoOn,
    });
  }
  return holding;
}

/**
 * The account of the packet that a port transmits and has not released yet; -1 where there is none.
 */
function heldAccount(core: CoreInstance, egress: number): number {
  const at = laneAddress(core, egress);
  const isHeld = core.memory.get(at, Port.heldBytes) !== 0 && core.memory.get(at, Port.busyUntilPs) > lastPs(core);
  return isHeld ? core.memory.get(at, Port.heldAccount) : -1;
}

function laneOfAccount(account: number, firstPort: number, ports: number): number {
  return firstPort + (account & KEY.PORT_MASK) + Math.floor(account / (KEY.PORT_MASK + 1)) * ports;
}

/** Last instant that was simulated, or the time limit. */
function lastPs(core: CoreInstance): number {
  return Math.min(settledPs(core) - 1, core.memory.get(core.header, Run.lastPs));
}

/**
 * Whether a held lane's last packet has not reached the ingress lane at the other end yet, or what
 * stops the lane ends by itself: by a frame on its way, a pause that is not refreshed, or a
 * watchdog.
 */
function isChanging(
  core: CoreInstance,
  plan: RunPlan,
  lane: number,
  ingress: number,
  heldBy: "pause" | "credit",
): boolean {
  const { memory, header } = core;
  const port = laneAddress(core, portOfLane(plan, lane));
  const own = memory.get(header, Run.portExtras) + portOfLane(plan, lane) * PORTEXTRA_BYTES;
  const delayPs = memory.get(port, Port.delayPs) + memory.get(own, PortExtra.farPs);
  if (memory.get(port, Port.busyUntilPs) + delayPs > lastPs(core)) return true;
  const extra = memory.get(header, Run.portExtras) + ingress * PORTEXTRA_BYTES;
  if (heldBy === "credit") {
    const credits = memory.get(header, Run.credits);
    const limit = memory.get(credits + lane * LINKCREDIT_BYTES, LinkCredit.limitBlocks);
    const told = memory.get(credits + ingress * LINKCREDIT_BYTES, LinkCredit.toldBlocks);
    return limit !== told || memory.get(extra, PortExtra.framesWaiting) !== 0;
  }
  const { pauses, watchdog } = plan.flowControl;
  const lapses = pauses !== null && pauses.refreshPs[portOfLane(plan, ingress)] === Number.POSITIVE_INFINITY;
  return lapses || watchdog !== null || memory.get(extra, PortExtra.pausing) === 0;
}

/** Accounts that the packets in a lane's queue are on. */
function* queuedAccounts(core: CoreInstance, lane: number): Generator<number> {
  const at = laneAddress(core, lane);
  const tail = core.memory.get(at, Port.dataTail);
  let record = core.memory.get(at, Port.dataHead);
  while (record !== 0) {
    // Above it stands the port that the packet came by.
    yield core.memory.view.getUint16(record, true);
    if (record === tail) return;
    record = core.exports.recordAfter(record) >>> 0;
  }
}

function laneAddress(core: CoreInstance, lane: number): number {
  return core.memory.get(core.header, Run.ports) + lane * PORT_BYTES;
}
