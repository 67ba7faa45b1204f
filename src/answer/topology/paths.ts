/** Shortest paths between GPUs over the scale-out fabric: how long, and how many. */
import { type PlanView, switchAt } from "../ideal/view.js";

/** Pairs of NICs that are equally far from each other. */
export interface PathClass {
  /** Switches on the way. */
  readonly switches: number;
  /** Links on the way, those of the two NICs included. */
  readonly links: number;
  /** Ordered pairs of NICs of different GPUs. */
  readonly pairs: number;
  /** Shortest paths between a pair; parallel links make different paths. */
  readonly fewestPaths: number;
  readonly mostPaths: number;
}

/** How many paths join the NICs of a fabric, by their distance. */
export interface PathDiversity {
  /** By distance, ascending. */
  readonly classes: readonly PathClass[];
  /** Links between the two NICs that are farthest apart; 0 where there is one NIC. */
  readonly diameterLinks: number;
  /** Ordered pairs of NICs that no path joins: NICs of different planes. */
  readonly apartPairs: number;
  /**
   * Leaves that the search began at, of how many: fewer than all in very large fabrics, where
   * `pairs` are those from these leaves.
   */
  readonly leaves: { readonly searched: number; readonly all: number };
}

/** Steps of the search, above which it begins at some leaves only. */
const MAX_STEPS = 2 ** 28;

/** Switches and what joins them: bundles of links between the same two are one. */
interface Bundles {
  /** Bundles of switch `s`: entries `first[s] … first[s+1] - 1`. */
  readonly first: Uint32Array;
  readonly peer: Uint32Array;
  readonly width: Float64Array;
}

/** Lengths and numbers of shortest paths, by a breadth-first search from each leaf. */
export function pathDiversity(view: PlanView): PathDiversity {
  const nicsOf = nicsBySwitch(view);
  const leaves = [...nicsOf.keys()];
  const bundles = bundlesOf(view);
  const stride = Math.max(1, Math.ceil((leaves.length * bundles.peer.length) / MAX_STEPS));
  const searched = leaves.filter((_, i) => i % stride === 0);
  const classes = new Map<number, { pairs: number; fewest: number; most: number }>();
  const search = new Search(bundles);
  let apartPairs = 0;
  for (const leaf of searched) {
    search.from(leaf);
    const here = nicsOf.get(leaf)!;
    const own = pairsOfOwnGpu(view, here, search.hops);
    for (const to of leaves) {
      const hops = search.hops[to]!;
      const pairs = here.length * nicsOf.get(to)!.length - (own.get(to) ?? 0);
      if (pairs === 0) continue;
      if (hops < 0) {
        apartPairs += pairs;
        continue;
      }
      const paths = search.paths[to]!;
      const of = classes.get(hops) ?? { pairs: 0, fewest: paths, most: paths };
      of.pairs += pairs;
      of.fewest = Math.min(of.fewest, paths);
      of.most = Math.max(of.most, paths);
      classes.set(hops, of);
    }
  }
  const list = [...classes]
    .sort(([a], [b]) => a - b)
    .map(([hops, { pairs, fewest, most }]) => ({
      switches: hops + 1,
      links: hops + 2,
      pairs,
      fewestPaths: fewest,
      mostPaths: most,
    }));
  return {
    classes: list,
    diameterLinks: list.at(-1)?.links ?? 0,
    apartPairs,
    leaves: { searched: searched.length, all: leaves.length },
  };
}

/** NICs of the scale-out fabric by the switch that they hang on. */
function nicsBySwitch(view: PlanView): Map<number, number[]> {
  const { nics, peerPort } = view.fabric;
  const nicsOf = new Map<number, number[]>();
  for (let nic = 0; nic < nics.count; nic++) {
    const sw = switchAt(view, peerPort[nics.port[nic]!]!);
    if (sw < 0 || nics.isScaleUp[nic] === 1) continue;
    const list = nicsOf.get(sw);
    if (list === undefined) nicsOf.set(sw, [nic]);
    else list.push(nic);
  }
  return nicsOf;
}

/** Pairs of a NIC here and one of the same GPU, itself included, by the switch of the other. */
function pairsOfOwnGpu(view: PlanView, here: readonly number[], hops: Int32Array): Map<number, number> {
  const { nics, peerPort } = view.fabric;
  const own = new Map<number, number>();
  for (const nic of here) {
    const rank = nics.rank[nic]!;
    // The NICs of a rank stand beside each other.
    let at = nic;
    while (at > 0 && nics.rank[at - 1] === rank) at -= 1;
    for (; at < nics.count && nics.rank[at] === rank; at++) {
      if (nics.isScaleUp[at] === 1) continue;
      const sw = switchAt(view, peerPort[nics.port[at]!]!);
      if (sw >= 0 && sw < hops.length) own.set(sw, (own.get(sw) ?? 0) + 1);
    }
  }
  return own;
}

function bundlesOf(view: PlanView): Bundles {
  const { switches, firstPort, peerPort } = view.fabric;
  const first = new Uint32Array(switches.length + 1);
  const peers: number[] = [];
  const widths: number[] = [];
  switches.forEach(({ device }, sw) => {
    const width = new Map<number, number>();
    for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
      const peer = switchAt(view, peerPort[port]!);
      if (peer >= 0) width.set(peer, (width.get(peer) ?? 0) + 1);
    }
    for (const [peer, count] of width) {
      peers.push(peer);
      widths.push(count);
    }
    first[sw + 1] = peers.length;
  });
  return { first, peer: Uint32Array.from(peers), width: Float64Array.from(widths) };
}

/** Breadth first, counting the ways: those to a switch are the sum of those one hop before it. */
class Search {
  /** Links between switches from the start; -1 where no path leads. */
  readonly hops: Int32Array;
  readonly paths: Float64Array;
  readonly #queue: Uint32Array;

  constructor(private readonly bundles: Bundles) {
    const count = bundles.first.length - 1;
    this.hops = new Int32Array(count);
    this.paths = new Float64Array(count);
    this.#queue = new Uint32Array(count);
  }

  from(start: number): void {
    const { first, peer, width } = this.bundles;
    const { hops, paths } = this;
    const queue = this.#queue;
    hops.fill(-1);
    paths.fill(0);
    hops[start] = 0;
    paths[start] = 1;
    queue[0] = start;
    let end = 1;
    for (let at = 0; at < end; at++) {
      const sw = queue[at]!;
      const next = hops[sw]! + 1;
      for (let i = first[sw]!; i < first[sw + 1]!; i++) {
        const to = peer[i]!;
        if (hops[to] === -1) {
          hops[to] = next;
          queue[end++] = to;
        }
        if (hops[to] === next) paths[to]! += paths[sw]! * width[i]!;
      }
    }
  }
}
