/** Where the groups of a fabric are drawn: a row for each tier, nodes at the bottom. */
import type { PlanView } from "../../ideal/view.js";
import type { Places } from "../places.js";
import type { Group, GroupedFabric } from "./groups.js";
import type { Point } from "./svg.js";

export interface Placed {
  readonly group: Group;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Room of its column. */
  readonly slot: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
  /** Top and bottom of each tier's row. */
  readonly rows: readonly { readonly top: number; readonly bottom: number }[];
  /** GPUs that are drawn one by one, by rank. */
  readonly gpus: ReadonlyMap<number, GpuSquare>;
}

export interface GpuSquare extends Point {
  readonly side: number;
  /** Where its links leave the node. */
  readonly plugX: number;
  readonly plugY: number;
}

const WIDTH = 1400;
/** Room for what a row is, at the left. */
export const MARGIN = 236;
const RIGHT = 24;
const HEAD = 92;
const FOOT = 84;
const GAP = 132;
/** GPUs that are drawn one by one, at most in all and in a node. */
const MAX_SQUARES = 512;
const MAX_IN_NODE = 72;

export function layOut(view: PlanView, places: Places, grouped: GroupedFabric): Layout {
  const { tierCount, groups } = grouped;
  const nodes = groups.filter(({ tier }) => tier === 0);
  const perNode = Math.ceil(view.fabric.rankCount / places.nodeCount);
  const drawsGpus =
    nodes.every(({ members }) => members.length === 1) &&
    view.fabric.rankCount <= MAX_SQUARES &&
    perNode <= MAX_IN_NODE;
  const grid = drawsGpus ? gridOf(perNode, (WIDTH - MARGIN - RIGHT) / nodes.length) : null;
  const heights = Array.from({ length: tierCount }, (_, tier) =>
    tier === 0 && grid !== null
      ? grid.rows * grid.step + 30
      : groups.some((g) => g.tier === tier && isMany(g))
        ? 66
        : 44,
  );
  const rows: { top: number; bottom: number }[] = [];
  let y = HEAD;
  for (let tier = tierCount - 1; tier >= 0; tier--) {
    rows[tier] = { top: y, bottom: y + heights[tier]! };
    y += heights[tier]! + GAP;
  }
  const placed = groups.map((group) => place(group, groups, rows));
  const gpus = new Map<number, GpuSquare>();
  if (grid !== null) {
    const byNode = new Map(placed.filter(({ group }) => group.tier === 0).map((box) => [box.group.members[0]!, box]));
    for (let rank = 0; rank < view.fabric.rankCount; rank++) {
      const box = byNode.get(places.nodeOfRank[rank]!)!;
      const local = places.localOfRank[rank]!;
      const [column, row] = [local % grid.columns, Math.floor(local / grid.columns)];
      const left = box.x + (box.width - grid.columns * grid.step) / 2;
      gpus.set(rank, {
        x: left + (column + 0.1) * grid.step,
        y: box.y + 6 + row * grid.step,
        side: grid.step * 0.8,
        plugX: box.x + (box.width * (local + 0.5)) / perNode,
        plugY: box.y,
      });
    }
  }
  return { width: WIDTH, height: y - GAP + FOOT, placed, rows, gpus };
}

function isMany({ members, isRest }: Group): boolean {
  return isRest || members.length > 1;
}

function place(group: Group, groups: readonly Group[], rows: Layout["rows"]): Placed {
  const row = groups.filter(({ tier }) => tier === group.tier);
  const slot = (WIDTH - MARGIN - RIGHT) / row.length;
  const width = Math.min(slot * 0.88, group.tier === 0 ? 190 : 170);
  const { top, bottom } = rows[group.tier]!;
  const x = MARGIN + (row.indexOf(group) + 0.5) * slot - width / 2;
  return { group, x, y: top, width, height: bottom - top, slot };
}

/** GPUs of a node in rows, as large as its column allows. */
function gridOf(perNode: number, slot: number): { columns: number; rows: number; step: number } {
  const columns = Math.min(perNode, perNode <= 4 ? perNode : perNode <= 16 ? 4 : 12);
  const step = Math.min(24, (slot * 0.88 - 8) / columns);
  return { columns, rows: Math.ceil(perNode / columns), step };
}
