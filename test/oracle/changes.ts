import type { Change } from "../../src/plan/changes.js";
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
    private readonly sim: Simulation,
  ) {
    this.byNumber = new Map(ports.map((port) => [port.number, port]));
  }

  /** Makes the changes that come before the events of an instant. */
  applyUpTo(timePs: number): void {
    for (let change = this.changes[this.next]; change !== undefined; change = this.changes[this.next]) {
      if (change.atPs > timePs) return;
      this.sim.samples.takeUpTo(change.atPs);
      this.apply(change);
      this.next += 1;
    }
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
    }
  }
}
