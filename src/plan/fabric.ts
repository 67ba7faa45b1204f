/**
 * A fabric as the simulator sees it: devices, ports, links, addresses and routing tables, in
 * structure-of-arrays form so that 32,768 GPUs cost megabytes. Topology builders produce it; the
 * core loader and the test oracle read it.
 */
import type { SwitchLevel } from "./levels.js";

export type { SwitchLevel };

/** What one direction of a link is made of. Many ports share one class. */
export interface LinkClass {
  /** Level in the topology: `scaleUp`, or a row of `levels.ts`. */
  readonly level: string;
  /** Bits per second; an integer. */
  readonly rateBps: number;
  readonly propagationPs: number;
  readonly fecPs: number;
  /** Largest payload a packet on this link carries. */
  readonly mtuBytes: number;
  /** Loss of this direction, or null where no frame is lost. */
  readonly loss: LossSpec | null;
  /** The link itself repeats frames that were lost on it (LLR). */
  readonly retries: boolean;
  /** What has not left by then is lost: the link goes down. Infinity for never. */
  readonly downAtPs: number;
  /** The port that the direction leaves marks no packets. */
  readonly marksNothing?: boolean;
}

/** Loss of one link direction: what error correction cannot repair, and what is lost besides. */
export interface LossSpec {
  /** Bit error ratio before forward error correction. */
  readonly preFecBer: number;
  /** Codewords interleaved per group (1 at 100G, 2 at 400G, 4 at 800G). */
  readonly interleave: number;
  /** Share of packets that are lost whatever their size. */
  readonly frameLossRatio: number;
  /** Packets with more payload are dropped, as those of a wrong check sum; left out: none. */
  readonly largestBytes?: number;
}

/**
 * Next hops by address arithmetic: what regular topologies need, in constant space. Ports are local
 * to the switch.
 */
export interface RangeRouting {
  readonly kind: "range";
  /** Addresses in `[low, high)` are below this switch: child `floor((address - low) / stride)`. */
  readonly low: number;
  readonly high: number;
  readonly stride: number;
  /**
   * Child `c` is reached over ports `downBase + c * downWidth` and the `downWidth - 1` after it.
   */
  readonly downBase: number;
  readonly downWidth: number;
  /** Every other address goes up, over `upCount` ports from `upBase`. 0 where there is no up. */
  readonly upBase: number;
  readonly upCount: number;
  /** `pinned` picks `floor(address / pinDivisor) mod n`. */
  readonly pinDivisor: number;
}

/** Next hops by table, for custom fabrics. */
export interface TableRouting {
  readonly kind: "table";
  /** Candidate local ports of each group. */
  readonly groups: readonly (readonly number[])[];
  /** Group by destination address; `UNREACHABLE` where there is no path. */
  readonly groupOf: Uint16Array;
  /** What `pinned` takes where there are no pins: `floor(address / pinDivisor) mod n`. */
  readonly pinDivisor: number;
  /** What `pinned` takes: place in the group by destination address. */
  readonly pins?: Uint16Array;
}

/** Place of the candidate that `pinned` takes of `count`, for a destination address. */
export function pinnedPlace(routing: RangeRouting | TableRouting, address: number, count: number): number {
  if (routing.kind === "table" && routing.pins !== undefined) return routing.pins[address]! % count;
  return Math.floor(address / routing.pinDivisor) % count;
}

export const UNREACHABLE = 0xffff;

export interface SwitchSpec {
  /** Device number. */
  readonly device: number;
  readonly name: string;
  readonly level: SwitchLevel;
  readonly latencyPs: number;
  readonly bufferBytes: number;
  readonly routing: RangeRouting | TableRouting;
}

/**
 * Structure of arrays over NICs. A NIC is one port of a host device; NICs of one rank belong to one
 * device.
 */
export interface NicTable {
  readonly count: number;
  /** Global port number. */
  readonly port: Uint32Array;
  readonly rank: Uint32Array;
  /**
   * Address that routing tables know it by; below `MAX_ADDRESSES`. Fabric and scale-up addresses
   * are separate spaces.
   */
  readonly address: Uint32Array;
  /** 1 for scale-up, 0 for fabric. */
  readonly isScaleUp: Uint8Array;
}

/**
 * Devices are host groups (the ranks of one node, or one rank) and switches. The ports of device
 * `d` are the global numbers `firstPort[d] … firstPort[d+1] - 1`; a device has at most 1,024. On a
 * host device they are its NICs, in order.
 */
export interface Fabric {
  readonly deviceCount: number;
  readonly firstPort: Uint32Array;
  /**
   * Other end of the link, where what leaves the port arrives: global port number.
   * `peerPort[peerPort[p]] === p`, but in fabrics that stand for others (src/engine/symmetry),
   * whose links may be one-way.
   */
  readonly peerPort: Uint32Array;
  /** Class of the direction that leaves the port: index into `linkClasses`. */
  readonly portClass: Uint16Array;
  readonly linkClasses: readonly LinkClass[];
  /**
   * In device order; switch number `i` is `switches[i]`. Devices that are not switches are host
   * groups.
   */
  readonly switches: readonly SwitchSpec[];
  readonly nics: NicTable;
  readonly rankCount: number;
  /** Name of a device for people: `gpu-17`, `leaf-3`. Host groups give the node's name. */
  readonly deviceName: (device: number) => string;
  /** Name of a rank for people. */
  readonly rankName: (rank: number) => string;
  /**
   * The rank that passes on what goes from one rank to another; -1 where it goes by itself. Left
   * out where every rank reaches every other.
   */
  readonly relayOf?: (from: number, to: number) => number;
  /** Left out where packets take no detours. */
  readonly detours?: Detours;
  /**
   * Pairs of fabric NICs over which a message between two ranks is split. Left out: the first NIC
   * of one and the first of the other, the second ones, and so on.
   */
  readonly waysOf?: (from: number, to: number) => readonly Way[];
}

/**
 * Groups of routers, one of which packets may go over on their way to another (MODEL §9, Detours).
 */
export interface Detours {
  /** How many there are. */
  readonly groups: number;
  /** By switch number; -1 for a switch that is in none. */
  readonly groupOfSwitch: Int32Array;
  /** The hosts of group `g` have the addresses from `g · hostsPerGroup` on. */
  readonly hostsPerGroup: number;
  /** In the routing tables of routers, address `firstVia + g` stands for group `g`. */
  readonly firstVia: number;
  /** Data classes that each class of flows is made of. */
  readonly lanes: number;
}

/** NICs at the ends of a message. */
export interface Way {
  readonly src: number;
  readonly dst: number;
}
