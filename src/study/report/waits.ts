/** Pauses and waits for credit by their roots, as trees. */

import { count, counted, duration } from "../../answer/text/units.js";
import type { WaitTree, WaitTrees } from "../../answer/waits/document.js";
import { CAUSE_NAMES, inOrder, timesOf } from "../../answer/waits/text.js";
import { type Content, html, type Section, table } from "./html.js";

const PORTS_MAX = 40;
const INDENT_REM = 1.2;

/** The trees, each with its ports and the flows that waited without ever using the root. */
export function waitTrees(found: WaitTrees): Section {
  const { trees, treesLeftOut } = found;
  if (trees.length === 0) return null;
  const left = treesLeftOut;
  return {
    title: "Where pauses and waits for credit came from",
    body: html`<p>${timesOf(found)}, over all ports. The trees sum to that.</p>
${trees.map(treeOf)}
${left !== undefined && html`<p class="dim">Left out: ${counted(left.count, "tree")}, ${timesOf(left)}.</p>`}`,
  };
}

function treeOf(tree: WaitTree): Content {
  const { root, cause, ports, victims, victimsLeftOut = 0, portsLeftOut = 0 } = tree;
  const rows = inOrder(ports);
  const left = rows.length - PORTS_MAX + portsLeftOut;
  const more = victimsLeftOut > 0 && `, and ${count(victimsLeftOut)} more`;
  return html`${table(
    `${root}: ${CAUSE_NAMES[cause]}; ${timesOf(tree)}`,
    [{ title: "port that waited" }, { title: "for", side: "right" }, { title: "of which", side: "right" }],
    rows
      .slice(0, PORTS_MAX)
      .map(({ port, depth }) => [
        html`<span style="padding-left:${(depth * INDENT_REM).toFixed(1)}rem">${port.link}</span>`,
        duration(port.pausedNs + port.creditWaitNs),
        timesOf(port),
      ]),
  )}${left > 0 && html`<p class="dim">and ${counted(left, "port")} more</p>`}
${
  victims.length > 0 &&
  html`<p>Waited although they never come by the root: ${victims
    .map(({ src, dst, waitedNs }) => `rank ${src} to ${dst} (${duration(waitedNs)})`)
    .join(", ")}${more}.</p>`
}`;
}
