import { CreditedLink } from "./credit.js";
import type { Event } from "./events.js";
import type { Simulation } from "./simulation.js";

/** What holds one data class of a port back, and what the port tells its peer of that class. */
export class Gate {
  paused = false;
  pausedSincePs = 0;
  lapse: Event | null = null;
  nextRefresh: Event | null = null;
  /** Of what leaves here, and of what arrives here; null where that needs no credit. */
  readonly outgoingCredit: CreditedLink | null;
  readonly incomingCredit: CreditedLink | null;
  /** Since when it waits for credit; null where it does not. */
  creditWaitSincePs: number | null = null;
  updateWaits = false;
  /** The watchdog has found it paused for too long. */
  storming = false;
  peerPauses = false;
  storm: Event | null = null;
  restoration: Event | null = null;

  constructor(
    sim: Simulation,
    port: number,
    readonly dataClass: number,
  ) {
    this.outgoingCredit = CreditedLink.into(sim, sim.plan.fabric.peerPort[port]!, dataClass);
    this.incomingCredit = CreditedLink.into(sim, port, dataClass);
  }

  /** No packet of the class may start. */
  get holds(): boolean {
    return this.paused || this.creditWaitSincePs !== null;
  }
}
