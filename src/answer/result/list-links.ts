/** The links of a fabric by the names that faults use. */

import type { RunPlan } from "../../plan/plan.js";
import { viewPlan } from "../ideal/view.js";
import { endName, parallelIndex } from "../text/names.js";

/** A link as `heddle topo --list` names it. */
export interface ListedLink {
  readonly from: string;
  readonly to: string;
  /** Which of several parallel links, from 0. */
  readonly index: number;
  readonly level: string;
  readonly rateBps: number;
}

/**
 * Every link once, from the end with the lower port number, but from the NIC where there is one.
 */
export function* listLinks(plan: RunPlan): Generator<ListedLink> {
  const view = viewPlan(plan);
  const { peerPort, portClass, linkClasses } = plan.fabric;
  for (let port = 0; port < peerPort.length; port++) {
    const peer = peerPort[port]!;
    if (peer < port) continue;
    const from = view.nicOfPort[port]! < 0 && view.nicOfPort[peer]! >= 0 ? peer : port;
    const { level, rateBps } = linkClasses[portClass[from]!]!;
    yield {
      from: endName(view, from),
      to: endName(view, peerPort[from]!),
      index: parallelIndex(view, from) ?? 0,
      level,
      rateBps,
    };
  }
}
