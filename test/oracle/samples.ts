import type { Simulation } from "./simulation.js";
import type { SwitchPort } from "./switch.js";

/** What a port has queued, and when the transmission in progress ends. */
interface Sample {
  readonly queuedPs: number;
  readonly busyUntilPs: number;
}

/** What routers know of each other's queues: MODEL §9, Detours. */
export class Samples {
  private ports: readonly SwitchPort[] = [];
  /** Number of the period that has begun last, and the states at its beginning and before. */
  private period = 0;
  private current = new Map<number, Sample>();
  private last = new Map<number, Sample>();

  constructor(private readonly sim: Simulation) {}

  private get samplePs(): number {
    return this.sim.plan.routing.ugal?.samplePs ?? 0;
  }

  watch(ports: readonly SwitchPort[]): void {
    this.ports = ports;
  }

  /** Takes the samples up to an instant, before anything happens in it. */
  takeUpTo(timePs: number): void {
    if (this.samplePs === 0) return;
    const period = Math.floor(timePs / this.samplePs);
    if (period === this.period) return;
    const now = new Map(this.ports.map((port) => [port.number, port.sample()]));
    // Where nothing happened for more than a period, both have the same state.
    this.last = period === this.period + 1 ? this.current : now;
    this.current = now;
    this.period = period;
  }

  /** Backlog of a port as it is known at `nowPs`, and the instant of which that is. */
  backlogOf(port: SwitchPort, nowPs: number): { atPs: number; backlogPs: number } {
    const atPs = (Math.floor(nowPs / this.samplePs) - 1) * this.samplePs;
    const { queuedPs, busyUntilPs } = this.last.get(port.number) ?? { queuedPs: 0, busyUntilPs: 0 };
    return { atPs: Math.max(0, atPs), backlogPs: Math.max(0, busyUntilPs - Math.max(0, atPs)) + queuedPs };
  }
}
