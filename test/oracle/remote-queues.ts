import type { Simulation } from "./simulation.js";

/**
 * What a switch knows of the queues behind its ports, and when it told of its own (MODEL §9,
 * `adaptive-remote`).
 */
export class RemoteQueues {
  /** By port and place: whose queue, and the quantum in which it will be empty. */
  private readonly heard = new Map<string, { readonly group: number; readonly emptyAt: number }>();
  private readonly toldPs = new Map<string, number>();

  constructor(private readonly sim: Simulation) {}

  /** Quanta. */
  depth(localPort: number, group: number, nowPs: number): number {
    const entry = this.heard.get(this.keyOf(localPort, group));
    return entry?.group === group ? Math.max(0, entry.emptyAt - this.quantumOf(nowPs)) : 0;
  }

  hear(localPort: number, group: number, depth: number, nowPs: number): void {
    this.heard.set(this.keyOf(localPort, group), { group, emptyAt: this.quantumOf(nowPs) + depth });
  }

  /** Whether the last notice was sent long enough ago; if so, one is sent now. */
  mayTell(localPort: number, group: number, nowPs: number): boolean {
    const key = this.keyOf(localPort, group);
    const last = this.toldPs.get(key) ?? Number.NEGATIVE_INFINITY;
    if (nowPs - last < this.sim.routing.noticeIntervalPs) return false;
    this.toldPs.set(key, nowPs);
    return true;
  }

  private keyOf(localPort: number, group: number): string {
    return `${localPort} ${group % this.sim.routing.remoteEntries}`;
  }

  private quantumOf(timePs: number): number {
    return Math.floor(timePs / 2 ** this.sim.routing.quantumShift);
  }
}
