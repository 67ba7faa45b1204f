import type { Packet } from "./packet.js";
import { type Draws, pick } from "./random.js";
import type { Simulation } from "./simulation.js";
import { SwitchPort } from "./switch.js";

/** Ways over a third group of routers, and the lanes that they take: MODEL §9, Detours. */
export class Detours {
  /** Group of the own switch; -1 where it has none. */
  private readonly own: number;

  constructor(
    private readonly sim: Simulation,
    switchNumber: number,
  ) {
    this.own = sim.plan.fabric.detours?.groupOfSwitch[switchNumber] ?? -1;
  }

  /**
   * The address that a packet is routed by here: its own, or that of its via. Gives it a via and
   * takes it away, and finds its lane.
   * @param leastWeight of the candidates for an address
   */
  aimOf(packet: Packet, ingress: SwitchPort, draws: Draws, leastWeight: (address: number) => number): number {
    const { detours } = this.sim.plan.fabric;
    if (detours === undefined || this.own < 0) return packet.destination;
    const group = Math.floor(packet.destination / detours.hostsPerGroup);
    if (packet.via === this.own) packet.via = -1;
    else if (packet.via < 0 && group !== this.own && detours.groups > 2 && !(ingress.peer instanceof SwitchPort)) {
      const via = this.drawVia(group, draws.next32());
      if (this.takesDetour(packet.destination, detours.firstVia + via, leastWeight)) packet.via = via;
    }
    packet.lane = Math.min(packet.via >= 0 ? 0 : group !== this.own ? 1 : 2, detours.lanes - 1);
    return packet.via >= 0 ? detours.firstVia + packet.via : packet.destination;
  }

  private drawVia(group: number, draw: number): number {
    let via = pick(draw, this.sim.plan.fabric.detours!.groups - 2);
    if (via >= Math.min(this.own, group)) via += 1;
    if (via >= Math.max(this.own, group)) via += 1;
    return via;
  }

  private takesDetour(direct: number, over: number, leastWeight: (address: number) => number): boolean {
    const { policy, ugal } = this.sim.routing;
    return policy === "valiant" || leastWeight(direct) > 2 * leastWeight(over) + ugal!.biasQuanta;
  }

  /** Of a router of the own group: its ports that lead to an address in another. */
  portsBehind(port: SwitchPort, address: number): readonly SwitchPort[] {
    const { detours } = this.sim.plan.fabric;
    if (detours === undefined || this.own < 0 || !(port.peer instanceof SwitchPort)) return [];
    const { firstVia, hostsPerGroup, groupOfSwitch } = detours;
    const group = address >= firstVia ? address - firstVia : Math.floor(address / hostsPerGroup);
    if (group === this.own || groupOfSwitch[port.peer.switchNumber] !== this.own) return [];
    const { router, ports } = port.peer.owner;
    return router.candidatesTo(address).map((local) => ports[local]!);
  }
}
