/** Which links the packets of a flow graph can take on a listed fabric, and how long they are. */

import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import { nextPorts } from "../plan/next-hops.js";
import { switchesOfPorts } from "../plan/ports.js";

/** Egress ports of switches that some packet can leave by. */
export interface Reach {
  readonly ports: ReadonlySet<number>;
  /** Of these, the ports that the routing policy is asked about: it has another candidate there. */
  readonly choices: ReadonlySet<number>;
}

/**
 * Two NICs that exchange packets, and how many wire bytes a packet from the first to the second
 * has.
 */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly wireBytes: number;
}

/** Walks the routing tables; all that it finds out is kept. */
export class FlowPaths {
  /** Switch that each port belongs to; -1 at hosts. */
  readonly switchOfPort: Int32Array;

  /** Addresses that tables know. */
  private readonly addresses: number;

  /**
   * @param candidates That are followed at each switch: the first where all of them are alike.
   * @param waitPs By port: what packets wait there, in ps; nothing where left out.
   */
  constructor(
    private readonly fabric: Fabric,
    private readonly candidates: "all" | "first" = "all",
    private readonly waitPs?: Float64Array,
  ) {
    this.addresses = fabric.nics.address.reduce((most, address) => Math.max(most, address + 1), 0);
    this.switchOfPort = switchesOfPorts(fabric);
  }

  /**
   * Links that data and answers of these flows can take. Linear in ports for each destination
   * switch.
   */
  reachOf({ count, srcNic, dstNic }: FlowGraph): Reach {
    const ports = new Set<number>();
    const choices = new Set<number>();
    /** By switch and address: whether it was looked at. */
    const known = new Set<number>();
    const visit = (first: number, address: number) => {
      const waiting = [first];
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
        const place = at * this.addresses + address;
        if (at < 0 || known.has(place)) continue;
        known.add(place);
        const candidates = this.#nextPorts(at, address);
        for (const port of candidates) {
          ports.add(port);
          if (candidates.length > 1) choices.add(port);
          waiting.push(this.switchOfPort[this.fabric.peerPort[port]!]!);
        }
      }
    };
    for (let flow = 0; flow < count; flow++) {
      const [src, dst] = [srcNic[flow]!, dstNic[flow]!];
      visit(this.leafOf(src), this.fabric.nics.address[dst]!);
      visit(this.leafOf(dst), this.fabric.nics.address[src]!);
    }
    return { ports, choices };
  }

  /**
   * From the start of a packet's transmission to its arrival on an idle network, in ps, over the
   * slowest of its ways; the latency of the NIC that it comes to is not counted. 0 where there is
   * no way.
   */
  slowestPs({ from, to, wireBytes }: Passage): number {
    const { nics } = this.fabric;
    const port = nics.port[from]!;
    const restPs = this.#onwardsPs(this.leafOf(from), to, wireBytes);
    return restPs === null ? 0 : this.#crossingPs(port, wireBytes) + restPs;
  }

  /** Switch that a NIC hangs on; -1 where that is another NIC. */
  leafOf(nic: number): number {
    return this.switchOfPort[this.fabric.peerPort[this.fabric.nics.port[nic]!]!]!;
  }

  /** By wire bytes and destination: time from the queue of each switch that was looked at. */
  readonly #knownPs = new Map<string, Map<number, number | null>>();

  #onwardsPs(at: number, to: number, wireBytes: number): number | null {
    if (at < 0) return 0;
    const key = `${wireBytes} ${to}`;
    const known = this.#knownPs.get(key) ?? new Map<number, number | null>();
    this.#knownPs.set(key, known);
    const before = known.get(at);
    if (before !== undefined) return before;
    // A loop in the tables is no way to anywhere.
    known.set(at, null);
    let slowest: number | null = null;
    for (const port of this.#nextPorts(at, this.fabric.nics.address[to]!)) {
      const restPs = this.#onwardsPs(this.switchOfPort[this.fabric.peerPort[port]!]!, to, wireBytes);
      if (restPs === null) continue;
      slowest = Math.max(slowest ?? 0, this.#crossingPs(port, wireBytes) + restPs);
    }
    known.set(at, slowest);
    return slowest;
  }

  #nextPorts(at: number, address: number): readonly number[] {
    const candidates = nextPorts(this.fabric, at, address);
    return this.candidates === "all" ? candidates : candidates.slice(0, 1);
  }

  /** Serialization, propagation and FEC, and the latency of the switch at the other end. */
  #crossingPs(port: number, wireBytes: number): number {
    const { linkClasses, portClass, peerPort, switches } = this.fabric;
    const { rateBps, propagationPs, fecPs } = linkClasses[portClass[port]!]!;
    const next = this.switchOfPort[peerPort[port]!]!;
    const switchPs = next < 0 ? 0 : switches[next]!.latencyPs;
    const idlePs = Math.round((wireBytes * 8e12) / rateBps) + propagationPs + fecPs + switchPs;
    return idlePs + (this.waitPs?.[port] ?? 0);
  }
}
