/**
 * What the network of a scenario is bought of, what that costs, and what it draws. GPUs, NICs and
 * what is inside a node are no part of it.
 */
import { type LinkGroup, linkGroups } from "../../build/topology/link-groups.js";
import type { Fabric } from "../../plan/fabric.js";
import { SWITCH_BOXES, switchBoxFor } from "../../plan/parts/boxes.js";
import { breakoutPartner, type OpticVariant, opticRow, opticVariant } from "../../plan/parts/optics.js";
import { middleOf, type Range, range, sumOfRanges, timesRange } from "../../plan/parts/part.js";
import type { Scenario } from "../../scenario/types/scenario.js";

/** Pieces of one part. */
export interface BillLine {
  /** Name of the part as `heddle parts` has it, and its rate. */
  readonly part: string;
  /** Level of the links, or of the switches. */
  readonly level: string;
  /** Pieces. */
  readonly count: number;
  /** Lower end of their price, together. */
  readonly lowUsd: number;
  /** Upper end of their price. */
  readonly highUsd: number;
  /** Lower end of their power, together. */
  readonly lowWatts: number;
  /** Upper end of their power. */
  readonly highWatts: number;
}

/** Bill of materials of the network. */
export interface NetworkCost {
  /** GPUs of the cluster. */
  readonly gpus: number;
  /** Switches. */
  readonly switches: readonly BillLine[];
  /** Modules, one at each end of a link. */
  readonly optics: readonly BillLine[];
  /** Cables with their ends, and fibre between modules. */
  readonly cables: readonly BillLine[];
  /** Fibres that are laid between modules. */
  readonly fibres: number;
  /** Switch ports that feed several links, by what they are split into: `800G -> 2x400G`. */
  readonly breakouts: readonly {
    /** What they are split into. */
    readonly split: string;
    /** How many ports. */
    readonly ports: number;
  }[];
  /** The whole network. */
  readonly total: {
    /** Lower end of the price. */
    readonly lowUsd: number;
    /** Upper end of the price. */
    readonly highUsd: number;
    /** Lower end of the power. */
    readonly lowWatts: number;
    /** Upper end of the power. */
    readonly highWatts: number;
  };
  /** Middle of the range. */
  readonly watts: number;
  /** For each GPU. */
  readonly perGpu: {
    /** Lower end of the price. */
    readonly lowUsd: number;
    /** Upper end of the price. */
    readonly highUsd: number;
    /** Power, middle of the range. */
    readonly watts: number;
    /** Ends of links that are optical, those of active optical cables among them. */
    readonly transceivers: number;
  };
  /** What no part of the list is made for: it is not in the sums. */
  readonly missing: readonly string[];
}

/**
 * A fibre, both ends terminated: in US dollars, and for each metre. An estimate, 2024-2025.
 */
const FIBRE_USD = range(3, 8);
const FIBRE_USD_PER_METRE = range(0.05, 0.15);
const MM_PER_METRE = 1000;

/** Totals of a bill while it is made. */
class Bill {
  readonly switches: BillLine[] = [];
  readonly optics: BillLine[] = [];
  readonly cables: BillLine[] = [];
  readonly breakouts: { split: string; ports: number }[] = [];
  readonly missing: string[] = [];
  fibres = 0;
  transceivers = 0;
}

export function networkCost(scenario: Scenario, fabric: Fabric): NetworkCost {
  const bill = new Bill();
  for (const group of linkGroups(scenario, fabric)) {
    if (group.level !== "scaleUp" && group.count > 0) addLinks(bill, group);
  }
  addSwitches(bill, fabric);
  const lines = [...bill.switches, ...bill.optics, ...bill.cables];
  const usd = sumOfRanges(lines.map(({ lowUsd, highUsd }) => range(lowUsd, highUsd)));
  const watts = sumOfRanges(lines.map(({ lowWatts, highWatts }) => range(lowWatts, highWatts)));
  const { switches, optics, cables, fibres, breakouts, missing } = bill;
  const gpus = fabric.rankCount;
  return {
    gpus,
    ...{ switches, optics, cables, fibres, breakouts },
    total: { lowUsd: usd.low, highUsd: usd.high, lowWatts: watts.low, highWatts: watts.high },
    watts: middleOf(watts),
    perGpu: {
      lowUsd: usd.low / gpus,
      highUsd: usd.high / gpus,
      watts: middleOf(watts) / gpus,
      transceivers: bill.transceivers / gpus,
    },
    missing,
  };
}

function addLinks(bill: Bill, group: LinkGroup): void {
  const { level, count, rateBps, optic, breakout } = group;
  const variant = optic === null ? undefined : opticVariant(optic, rateBps);
  if (optic === null || variant === undefined) {
    bill.missing.push(`${count} ${level} links of ${rateName(rateBps)}: no part has the rate and the length`);
    return;
  }
  if (opticRow(optic).form === "cable") addCables(bill, group, variant);
  else addModules(bill, group, variant);
  if (breakout > 1) {
    const split = `${rateName(rateBps * breakout)} -> ${breakout}x${rateName(rateBps)}`;
    bill.breakouts.push({ split, ports: Math.ceil(count / breakout) });
  }
}

/** A cable that is split has one end of its whole rate at the switch. */
function addCables(bill: Bill, { level, count, rateBps, optic, breakout }: LinkGroup, single: OpticVariant): void {
  const whole = breakout === 1 ? single : opticVariant(optic!, rateBps * breakout);
  if (whole === undefined) {
    bill.missing.push(`${count} ${level} links of ${rateName(rateBps)}: no ${optic} splits into ${breakout} of them`);
    return;
  }
  const pieces = Math.ceil(count / breakout);
  const name = `${optic} ${rateName(whole.rateBps)}${breakout === 1 ? "" : ` to ${breakout}x${rateName(rateBps)}`}`;
  const watts = sumOfRanges([timesRange(whole.watts, pieces), timesRange(single.watts, count)]);
  if (opticRow(optic!).isOptical) bill.transceivers += count + pieces;
  bill.cables.push(line(name, level, pieces, timesRange(whole.usd, pieces), watts));
}

/** Modules at both ends, and fibre. */
function addModules(bill: Bill, group: LinkGroup, single: OpticVariant): void {
  const { level, count, rateBps, optic, breakout, lengthMm } = group;
  const partner = breakout === 1 ? optic : breakoutPartner(optic!, rateBps, breakout);
  const whole = partner === undefined ? undefined : opticVariant(partner!, rateBps * breakout);
  if (whole === undefined) {
    bill.missing.push(`${count} ${level} links of ${rateName(rateBps)}: no module feeds ${breakout} of ${optic}`);
    return;
  }
  const shared = Math.ceil(count / breakout);
  if (breakout === 1) addModule(bill, optic!, level, 2 * count, single);
  else {
    addModule(bill, optic!, level, count, single);
    addModule(bill, partner!, level, shared, whole);
  }
  const fibres = count * single.fibres;
  const perFibre = sumOfRanges([FIBRE_USD, timesRange(FIBRE_USD_PER_METRE, lengthMm / MM_PER_METRE)]);
  bill.fibres += fibres;
  bill.cables.push(line("fibre", level, fibres, timesRange(perFibre, fibres), range(0)));
}

function addModule(
  bill: Bill,
  optic: string,
  level: string,
  count: number,
  { rateBps, usd, watts }: OpticVariant,
): void {
  bill.transceivers += count;
  bill.optics.push(
    line(`${optic} ${rateName(rateBps)}`, level, count, timesRange(usd, count), timesRange(watts, count)),
  );
}

/** Each switch is the smallest box that carries its ports. */
function addSwitches(bill: Bill, fabric: Fabric): void {
  const needs = new Map<string, { level: string; neededBps: number; count: number }>();
  for (const { device, level } of fabric.switches) {
    if (level === "nvswitch") continue;
    const neededBps = capacityOf(fabric, device);
    const key = `${level} ${neededBps}`;
    const count = (needs.get(key)?.count ?? 0) + 1;
    needs.set(key, { level, neededBps, count });
  }
  const lines = new Map<string, BillLine>();
  for (const { level, neededBps, count } of needs.values()) {
    const box = switchBoxFor(neededBps);
    if (box === undefined) {
      const most = SWITCH_BOXES.at(-1)!;
      bill.missing.push(`${count} ${level} switches of ${rateName(neededBps)}: the largest part has ${most.name}`);
      continue;
    }
    const key = `${level} ${box.name}`;
    const sum = (lines.get(key)?.count ?? 0) + count;
    lines.set(key, line(box.name, level, sum, timesRange(box.usd, sum), timesRange(box.watts, sum)));
  }
  bill.switches.push(...lines.values());
}

/** What all ports of a switch carry in one direction, in bits per second. */
export function capacityOf({ firstPort, linkClasses, portClass, peerPort }: Fabric, device: number): number {
  let sum = 0;
  for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
    // What a fault slowed down was bought at the rate of the other direction.
    const rate = (each: number) => linkClasses[portClass[each]!]!.rateBps;
    sum += Math.max(rate(port), rate(peerPort[port]!));
  }
  return sum;
}

function line(part: string, level: string, count: number, usd: Range, watts: Range): BillLine {
  return {
    ...{ part, level, count },
    ...{ lowUsd: usd.low, highUsd: usd.high, lowWatts: watts.low, highWatts: watts.high },
  };
}

/** `400G`, `1.6T`. */
export function rateName(rateBps: number): string {
  return rateBps >= 1e12 ? `${Number((rateBps / 1e12).toFixed(2))}T` : `${Number((rateBps / 1e9).toFixed(2))}G`;
}
