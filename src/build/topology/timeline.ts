import type { Change } from "../../plan/changes.js";
import type { Fabric } from "../../plan/fabric.js";
import type { NicStall } from "../../plan/plan.js";
import type { LinkDegrades, PortChange, RankChange, SwitchChange, TimelineEntry } from "../../plan/timeline.js";
import { LinkClasses, type LinkParameters, parametersOf } from "./link-classes.js";
import { mergeOutages, type Outage, outagesOf } from "./outages.js";

/** A fabric with what a timeline does to it, in the form that the core takes. */
export interface FoldedTimeline {
  /** A direction that is or becomes worse than others of its level has a link class of its own. */
  readonly fabric: Fabric;
  readonly stalls: readonly NicStall[];
  /** Of links, in the order of their instants. */
  readonly changes: readonly Change[];
  /** Times in which directions are down, by port. */
  readonly outages: ReadonlyMap<number, readonly Outage[]>;
  readonly ranks: readonly RankChange[];
  readonly switches: readonly SwitchChange[];
}

/**
 * Folds a timeline. What holds from the start to the end of a run becomes link classes of ports;
 * what begins or ends in between becomes changes.
 * @param fabric without faults
 */
export function foldTimeline(fabric: Fabric, timeline: readonly TimelineEntry[]): FoldedTimeline {
  const nothing = { stalls: [], changes: [], outages: new Map(), ranks: [], switches: [] };
  if (timeline.length === 0) return { fabric, ...nothing };
  const classes = new LinkClasses();
  for (const link of fabric.linkClasses) classes.of(parametersOf(link));
  const portClass = fabric.portClass.slice();
  const stalls: NicStall[] = [];
  const changes: Change[] = [];
  const outages = new Map<number, readonly Outage[]>();
  for (const [port, entries] of byPort(timeline)) {
    const link = parametersOf(fabric.linkClasses[portClass[port]!]!);
    const always = entries.filter(isAlways);
    const down = mergeOutages(entries.flatMap(outage));
    if (down.length > 0) outages.set(port, down);
    const { downAtPs, ups } = outagesOf(down);
    const atStart = classes.of({ ...degraded(link, always), downAtPs });
    portClass[port] = atStart;
    changes.push(...ups.map((up): Change => ({ kind: "up", port, ...up })));
    // What holds for a time leaves the class of the start as it is, by which the run is bounded.
    const passing = entries.filter((entry) => !isAlways(entry) && entry.change.kind === "degrade");
    let current = classes.of(degraded(link, always));
    for (const atPs of bordersOf(passing)) {
      const next = classes.of(degraded(link, [...always, ...passing.filter((entry) => holdsAt(entry, atPs))]));
      if (next !== current) changes.push({ kind: "link", atPs, port, linkClass: next });
      current = next;
    }
  }
  for (const entry of timeline) {
    if (!("nic" in entry)) continue;
    const { untilPs, bufferBytes } = entry.change;
    stalls.push({ nic: entry.nic, fromPs: entry.atPs, untilPs, bufferBytes });
  }
  return {
    fabric: { ...fabric, portClass, linkClasses: classes.list },
    stalls,
    changes: changes.sort((a, b) => a.atPs - b.atPs),
    outages,
    ranks: timeline.filter((entry) => "rank" in entry),
    switches: timeline.filter((entry) => "switchNumber" in entry),
  };
}

/** Entries of each port, ports in the order in which they come first. */
function byPort(timeline: readonly TimelineEntry[]): ReadonlyMap<number, readonly PortChange[]> {
  const found = new Map<number, PortChange[]>();
  for (const entry of timeline) {
    if (!("port" in entry)) continue;
    const known = found.get(entry.port);
    if (known === undefined) found.set(entry.port, [entry]);
    else known.push(entry);
  }
  return found;
}

function isAlways({ atPs, untilPs, change }: PortChange): boolean {
  return change.kind === "degrade" && atPs === 0 && untilPs === undefined;
}

function outage({ atPs, untilPs = Number.POSITIVE_INFINITY, change }: PortChange): Outage[] {
  return change.kind === "down" ? [{ downPs: atPs, upPs: untilPs }] : [];
}

/** Instants at which an entry begins or ends. */
function bordersOf(entries: readonly PortChange[]): number[] {
  const borders = new Set(entries.flatMap(({ atPs, untilPs }) => (untilPs === undefined ? [atPs] : [atPs, untilPs])));
  return [...borders].sort((a, b) => a - b);
}

function holdsAt({ atPs, untilPs = Number.POSITIVE_INFINITY }: PortChange, instantPs: number): boolean {
  return atPs <= instantPs && instantPs < untilPs;
}

/** A direction with all of these; of two values the worse one. Without the time it goes down. */
function degraded(link: Required<LinkParameters>, entries: readonly PortChange[]): LinkParameters {
  const { downAtPs: _, ...whole } = link;
  let result: LinkParameters = whole;
  for (const { change } of entries) {
    if (change.kind === "degrade") result = worse({ ...link, ...result }, change);
  }
  return result;
}

function worse(link: Required<LinkParameters>, change: LinkDegrades): LinkParameters {
  const { downAtPs: _, ...rest } = link;
  const { rateBps, ber, frameLossRatio, largestBytes, marksNothing } = change;
  return {
    ...rest,
    rateBps: Math.min(link.rateBps, rateBps ?? link.rateBps),
    ber: Math.max(link.ber, ber ?? 0),
    frameLossRatio: Math.max(link.frameLossRatio, frameLossRatio ?? 0),
    largestBytes: Math.min(link.largestBytes, largestBytes ?? Number.POSITIVE_INFINITY),
    marksNothing: link.marksNothing || marksNothing === true,
  };
}
