import type { Fabric } from "../../plan/fabric.js";
import type { NicStall } from "../../plan/plan.js";
import type { PortChange, TimelineEntry } from "../../plan/timeline.js";
import { LinkClasses, type LinkParameters, parametersOf } from "./link-classes.js";

/** A fabric with what a timeline does to it, in the form that the core takes. */
export interface FoldedTimeline {
  /** A direction that is or becomes worse than others of its level has a link class of its own. */
  readonly fabric: Fabric;
  readonly stalls: readonly NicStall[];
}

/**
 * Folds a timeline into link classes and stalls. A direction's entries add up.
 * @param fabric without faults
 */
export function foldTimeline(fabric: Fabric, timeline: readonly TimelineEntry[]): FoldedTimeline {
  if (timeline.length === 0) return { fabric, stalls: [] };
  const classes = new LinkClasses();
  for (const link of fabric.linkClasses) classes.of(parametersOf(link));
  const portClass = fabric.portClass.slice();
  const stalls: NicStall[] = [];
  for (const entry of timeline) {
    if ("nic" in entry) {
      const { untilPs, bufferBytes } = entry.change;
      stalls.push({ nic: entry.nic, fromPs: entry.atPs, untilPs, bufferBytes });
    } else {
      const link = parametersOf(classes.list[portClass[entry.port]!]!);
      portClass[entry.port] = classes.of(changed(link, entry));
    }
  }
  return { fabric: { ...fabric, portClass, linkClasses: classes.list }, stalls };
}

/** A link direction after a change. @throws Error where the core cannot make the change then */
function changed(link: Required<LinkParameters>, { atPs, change }: PortChange): LinkParameters {
  if (change.kind === "down") return { ...link, downAtPs: Math.min(link.downAtPs, atPs) };
  if (atPs !== 0) throw new Error(`a link is degraded from the start, not from ${atPs} ps on`);
  const { kind: _, ...values } = change;
  return { ...link, ...values };
}
