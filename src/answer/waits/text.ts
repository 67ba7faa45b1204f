/** Trees of pauses and waits for credit as text for a terminal. */
import { WIDTH, wrap } from "../../util/wrap.js";
import type { Style } from "../text/style.js";
import { count, counted, duration } from "../text/units.js";
import type { WaitCause, WaitingPort, WaitTree, WaitTrees } from "./document.js";

const TREES_MAX = 3;
const PORTS_MAX = 8;
const VICTIMS_MAX = 5;

/** What a cause is called in sentences. */
export const CAUSE_NAMES: Readonly<Record<WaitCause, string>> = {
  "stalled-nic": "a NIC that takes in no data",
  "slow-receiver": "a link to a NIC that is slower than others",
  "hot-egress": "a port that more comes to than it can send",
  "credit-loop": "credit that comes back too late for the buffer",
  deadlock: "ports that wait for each other in a circle",
};

/** The trees that cost most; empty where nothing waited. */
export function waitTreeLines(found: WaitTrees | undefined, style: Style): string[] {
  if (found === undefined) return [];
  const { trees, treesLeftOut } = found;
  const title = style.bold("Where pauses and waits for credit came from");
  if (trees.length === 0) return [`${title}  ${style.dim("no port was paused or waited for credit")}`];
  const all = trees.length + (treesLeftOut?.count ?? 0);
  const shown = trees.slice(0, TREES_MAX);
  return [
    `${title}  ${style.dim(`${shown.length} of ${counted(all, "root")}; ${timesOf(found)} in all`)}`,
    ...shown.flatMap((tree) => treeLines(tree, style)),
  ];
}

/** Times of pauses and of waits for credit, those that there are. */
export function timesOf({ pausedNs, creditWaitNs }: { pausedNs: number; creditWaitNs: number }): string {
  const parts = [
    ...(pausedNs > 0 ? [`${duration(pausedNs)} paused`] : []),
    ...(creditWaitNs > 0 ? [`${duration(creditWaitNs)} without credit`] : []),
  ];
  return parts.join(", ");
}

function treeLines(tree: WaitTree, { bold, dim, warn }: Style): string[] {
  const { root, cause, ports, portsLeftOut = 0, victims, victimsLeftOut = 0 } = tree;
  const rows = inOrder(ports);
  const rest = rows.length - PORTS_MAX + portsLeftOut;
  const suffering = victims
    .slice(0, VICTIMS_MAX)
    .map(({ src, dst, waitedNs }) => `${src} -> ${dst} ${duration(waitedNs)}`);
  const moreVictims = victims.length - suffering.length + victimsLeftOut;
  return [
    ...indented(`${bold(root)}  ${CAUSE_NAMES[cause]}: ${timesOf(tree)}`, "  "),
    ...rows
      .slice(0, PORTS_MAX)
      .map(({ port, depth }) => `    ${"  ".repeat(depth)}${port.link}  ${dim(timesOf(port))}`),
    ...(rest > 0 ? [dim(`    and ${counted(rest, "port")} more`)] : []),
    ...(suffering.length > 0
      ? indented(
          `${warn("never by the root:")} ranks ${suffering.join(", ")}${moreVictims > 0 ? `, and ${count(moreVictims)} more` : ""}`,
          "    ",
        )
      : []),
  ];
}

function indented(text: string, indent: string): string[] {
  return wrap(text, WIDTH - indent.length).map((line) => `${indent}${line}`);
}

/** Ports of a tree, each behind the one that held it up, with how far they are from the root. */
export function inOrder(ports: readonly WaitingPort[]): { readonly port: WaitingPort; readonly depth: number }[] {
  const known = new Map(ports.map((port) => [keyOf(port, port.link), port]));
  const behind = new Map<WaitingPort | null, WaitingPort[]>();
  for (const port of ports) {
    const parent = (port.behind !== null && known.get(keyOf(port, port.behind))) || null;
    behind.set(parent, [...(behind.get(parent) ?? []), port]);
  }
  const rows: { port: WaitingPort; depth: number }[] = [];
  const seen = new Set<WaitingPort>();
  const visit = (port: WaitingPort, depth: number) => {
    if (seen.has(port)) return;
    seen.add(port);
    rows.push({ port, depth });
    for (const child of behind.get(port) ?? []) visit(child, depth + 1);
  };
  for (const port of behind.get(null) ?? []) visit(port, 0);
  // Ports that wait for each other in a circle begin nowhere.
  for (const port of ports) visit(port, 0);
  return rows;
}

function keyOf({ dataClass = 0 }: WaitingPort, link: string): string {
  return `${link} ${dataClass}`;
}
