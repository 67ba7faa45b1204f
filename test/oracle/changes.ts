import type { Change } from "../../src/plan/changes.js";
import type { Nic } from "./nic.js";
import type { Port } from "./port.js";
import type { Simulation } from "./simulation.js";
import type { Switch } from "./switch.js";

/** What changes while a run lasts: MODEL §3. */
export class Changes {
  private next = 0;
  private readonly byNumber: ReadonlyMap<number, Port>;

  constructor(
    private readonly changes: readonly Change[],
    ports: readonly Port[],
    private readonly switches: readonly Switch[],
    private readonly nics: readonly Nic[],
    private readonly sim: Simulation,
  ) {
    this.byNumber = new Map(ports.map((port) => [port.number, port]));
  }

  /**
   * Makes the changes that come before the events of an instant. Stops after those of an instant at
   * which queue pairs move, which is an event; true if it has.
   */
  applyUpTo(timePs: number): boolean {
    let movedPs = Number.POSITIVE_INFINITY;
    for (let change = this.changes[this.next]; change !== undefined; change = this.changes[this.next]) {
      if (change.atPs > Math.min(timePs, movedPs)) break;
      this.sim.samples.takeUpTo(change.atPs);
      this.apply(change);
      if (change.kind === "move") movedPs = change.atPs;
      this.next += 1;
    }
    return movedPs <= timePs;
  }

  private apply(change: Change): void {
    switch (change.kind) {
      case "link":
        this.byNumber.get(change.port)!.takeClass(change.linkClass);
        break;
      case "up":
        this.byNumber.get(change.port)!.goUp(change.downAtPs);
        break;
      case "route":
        this.switches[change.switchNumber]!.router.setGroup(change);
        break;
      case "compute":
        this.sim.programs!.changedFactors.set(change.programRank, change.factor);
        break;
      case "move":
        this.sim.events.nowPs = change.atPs;
        this.sim.posting.move(change, this.nics[change.srcNic]!);
    }
  }
}
