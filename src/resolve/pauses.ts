/**
 * How long pauses last, when they are refreshed, and what is done about those that last too long.
 */

import type { Fabric } from "../plan/fabric.js";
import type { PauseTimes, Watchdog, WireFormat } from "../plan/plan.js";
import type { Scenario } from "../scenario/types/scenario.js";

/** A quantum is 512 bit times of the link: IEEE 802.3, annex 31B. */
const QUANTUM_BYTES = 64;

/**
 * Null where pauses have no quanta. Those of scale-up switches, which stand for credits of the
 * link, never lapse.
 */
export function resolvePauses({ flowControl }: Scenario, fabric: Fabric, wire: WireFormat): PauseTimes | null {
  const { kind, quanta, refreshShare } = flowControl;
  if (kind !== "pfc" || quanta === null) return null;
  const { peerPort, portClass, linkClasses } = fabric;
  const round = wire.serialization === "floor" ? Math.floor : Math.round;
  const lastsPs = new Float64Array(peerPort.length).fill(Number.POSITIVE_INFINITY);
  const refreshPs = lastsPs.slice();
  for (const sw of fabric.switches) {
    if (sw.level === "nvswitch") continue;
    for (let port = fabric.firstPort[sw.device]!; port < fabric.firstPort[sw.device + 1]!; port++) {
      // A NIC may pause a switch, too.
      for (const paused of [port, peerPort[port]!]) {
        const pausePs = round((quanta * QUANTUM_BYTES * 8e12) / linkClasses[portClass[paused]!]!.rateBps);
        lastsPs[paused] = pausePs;
        if (refreshShare !== null) refreshPs[peerPort[paused]!] = Math.max(1, Math.floor(refreshShare * pausePs));
      }
    }
  }
  return { lastsPs, refreshPs };
}

/** Null where there is none. It leaves scale-up switches alone. */
export function resolveWatchdog({ flowControl: { watchdog } }: Scenario, fabric: Fabric): Watchdog | null {
  if (watchdog === null) return null;
  return {
    guarded: Uint8Array.from(fabric.switches, ({ level }) => (level === "nvswitch" || level === "border" ? 0 : 1)),
    ...watchdog,
  };
}
