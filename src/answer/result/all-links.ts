/** What every direction of every link did, over all of a run. */
import type { Outcome } from "../../plan/outcome.js";
import type { PlanView } from "../ideal/view.js";
import type { Cell, LINK_COLUMNS } from "../telemetry/columns.js";
import { linkResult, utilisationOf } from "./links.js";

export type LinkRow = Readonly<Record<(typeof LINK_COLUMNS)[number]["name"], Cell>>;

/**
 * A row for each direction, in the order of ports; links of scale-up networks too.
 * @param observedPs as in the result
 */
export function* allLinks(view: PlanView, { ports }: Outcome, observedPs: number): Generator<LinkRow> {
  const { fabric, nicOfPort } = view;
  for (let port = 0; port < fabric.peerPort.length; port++) {
    const { level, rateBps } = fabric.linkClasses[fabric.portClass[port]!]!;
    const link = linkResult(view, ports, port, utilisationOf(view, ports, port, observedPs));
    // NICs hold data back until it can be sent: they have no queue of it.
    const maxQueueBytes = nicOfPort[port]! < 0 ? link.maxQueueBytes : null;
    yield { ...link, index: link.index ?? 0, level, rateBps, maxQueueBytes };
  }
}
