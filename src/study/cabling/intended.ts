/** The cables of a fabric: which switch port leads where. */

import { type PlanView, switchAt, viewPlan } from "../../answer/ideal/view.js";
import { endName } from "../../answer/text/names.js";
import { type Places, placesOf } from "../../answer/topology/places.js";
import type { RunPlan } from "../../plan/plan.js";

/** One end of a cable. Ports are numbered from 0 on each switch, and NICs on each GPU. */
export interface CableEnd {
  readonly device: string;
  readonly port: number;
}

export interface Cable {
  /** Always a switch. */
  readonly a: CableEnd;
  readonly b: CableEnd;
}

/** What a cabling is compared with. */
export interface Intended {
  readonly cables: readonly Cable[];
  readonly switches: ReadonlySet<string>;
  readonly rankOf: ReadonlyMap<string, number>;
  /** Ranks of a node by its name, in the order of their places. */
  readonly ranksOfNode: ReadonlyMap<string, readonly number[]>;
  readonly rankName: (rank: number) => string;
  /** NICs of a GPU that has most. */
  readonly nicsPerGpu: number;
  /** Place of a rank in its node: the rail that it belongs on. */
  readonly localOfRank: Int32Array;
  /** Rail of a leaf; absent in fabrics without rails. */
  readonly railOf: ReadonlyMap<string, number>;
  readonly railCount: number;
}

/** The scale-out fabric of a plan; links inside of nodes are not cables. */
export function intendedCabling(plan: RunPlan): Intended {
  const view = viewPlan(plan);
  const places = placesOf(view);
  const { switches, rankCount, rankName } = plan.fabric;
  const fabricSwitches = switches.filter((_, number) => places.tierOfSwitch[number]! > 0);
  const isSwitch = new Set(fabricSwitches.map(({ name }) => name));
  const ranksOfNode = new Map<string, number[]>();
  for (let rank = 0; rank < rankCount; rank++) {
    const name = places.nodeNames[places.nodeOfRank[rank]!]!;
    const ranks = ranksOfNode.get(name) ?? [];
    ranks.push(rank);
    ranksOfNode.set(name, ranks);
  }
  const cables = [...cablesOf(view, places)];
  return {
    cables,
    nicsPerGpu: 1 + cables.reduce((most, { b }) => (isSwitch.has(b.device) ? most : Math.max(most, b.port)), 0),
    switches: isSwitch,
    rankOf: new Map(Array.from({ length: rankCount }, (_, rank) => [rankName(rank), rank])),
    ranksOfNode,
    rankName,
    localOfRank: places.localOfRank,
    railOf: new Map(
      switches.flatMap(({ name }, number) =>
        places.railOfSwitch[number]! >= 0 ? [[name, places.railOfSwitch[number]!] as const] : [],
      ),
    ),
    railCount: places.railCount,
  };
}

function* cablesOf(view: PlanView, places: Places): Generator<Cable> {
  const { peerPort, firstPort, nics } = view.fabric;
  const nicNumber = new Int32Array(nics.count);
  const nicsOfRank = new Map<number, number>();
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 1) continue;
    const number = nicsOfRank.get(nics.rank[nic]!) ?? 0;
    nicNumber[nic] = number;
    nicsOfRank.set(nics.rank[nic]!, number + 1);
  }
  const endOf = (port: number): CableEnd => {
    const nic = view.nicOfPort[port]!;
    const local = nic >= 0 ? nicNumber[nic]! : port - firstPort[view.deviceOfPort[port]!]!;
    return { device: endName(view, port), port: local };
  };
  for (let port = 0; port < peerPort.length; port++) {
    const sw = switchAt(view, port);
    if (sw < 0 || places.tierOfSwitch[sw] === 0) continue;
    const peer = peerPort[port]!;
    // A cable between two switches is told of once.
    if (switchAt(view, peer) >= 0 && peer < port) continue;
    yield { a: endOf(port), b: endOf(peer) };
  }
}

/** The intended cabling as the file that `--check` reads, told from both ends as LLDP does. */
export function* writeCabling({ cables, switches }: Intended): Generator<string> {
  yield "switch,port,neighbour,neighbour port\n";
  const row = (from: CableEnd, to: CableEnd) =>
    `${[from.device, from.port, to.device, to.port].map((field) => csvField(String(field))).join(",")}\n`;
  for (const { a, b } of cables) {
    yield row(a, b);
    if (switches.has(b.device)) yield row(b, a);
  }
}

function csvField(text: string): string {
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
