/** What lies under the pointer. */
import type { Picture } from "../worker/protocol.js";
import { type Layout, type Line, pointOn } from "./layout.js";

/** Distance in px at which a line is still meant. */
const REACH = 7;

/** The edge nearest to a point; -1 where none is near, or a node lies there. */
export function edgeAt({ lines }: Layout, x: number, y: number): number {
  let best = -1;
  let least = REACH;
  lines.forEach((line, edge) => {
    const distance = distanceTo(line, x, y);
    if (distance >= least) return;
    [best, least] = [edge, distance];
  });
  return best;
}

/** The node at a point, -1 for none. */
export function nodeAt({ nodes }: Layout, x: number, y: number): number {
  return nodes.findIndex((rect) => x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height);
}

function distanceTo(line: Line, x: number, y: number): number {
  const { x1, y1, x2, y2 } = line;
  if (line.bend === undefined) return segmentDistance(x1, y1, x2, y2, { x, y });
  let least = Number.POSITIVE_INFINITY;
  let from = { x: x1, y: y1 };
  for (let i = 1; i <= 12; i++) {
    const to = pointOn(line, i / 12);
    least = Math.min(least, segmentDistance(from.x, from.y, to.x, to.y, { x, y }));
    from = to;
  }
  return least;
}

function segmentDistance(x1: number, y1: number, x2: number, y2: number, { x, y }: { x: number; y: number }): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

/** Name of an edge as the page shows it. */
export function edgeName({ nodes, edges }: Picture, edge: number): string {
  const { a, b, count } = edges[edge]!;
  const name = `${nodes[a]!.name} – ${nodes[b]!.name}`;
  return count > 1 ? `${name} (${count} links)` : name;
}
