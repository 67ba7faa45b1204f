/** Where the nodes and edges of a picture are drawn: a row for each tier, GPUs at the bottom. */
import type { Picture } from "../worker/protocol.js";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line from `a` to `b`; bent where both ends are in one row. */
export interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Where a bent line is drawn to. */
  readonly bend?: { readonly x: number; readonly y: number };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By node and by box. */
  readonly nodes: readonly Rect[];
  readonly boxes: readonly Rect[];
  /** By edge. */
  readonly lines: readonly Line[];
  /** Nodes and boxes are wide enough for their names. */
  readonly hasNames: readonly boolean[];
}

const MARGIN = 10;
const SWITCH_HEIGHT = 20;
const MAX_SWITCH_WIDTH = 96;
const GROUP_HEIGHT = 34;
const MIN_NAME_WIDTH = 34;
const MIN_GROUP_WIDTH = 26;

export function layOut(picture: Picture, width: number, height: number): Layout {
  const tiers = [...new Set(picture.nodes.map(({ tier }) => tier))].sort((a, b) => b - a);
  const bottom = bottomRow(picture, width, height);
  const nodes = [...bottom.nodes];
  const upper = tiers.filter((tier) => tier > 0);
  const roof = upper.length > 0 ? bottom.top : height;
  // Lines between routers of one tier are bent upwards.
  const head = hasArcs(picture) ? Math.min(0.45 * height, 160) : 0;
  upper.forEach((tier, row) => {
    const y = MARGIN + head + (row * (roof - head - MARGIN)) / upper.length;
    placeRow(picture, tier, width, y).forEach((rect, node) => {
      nodes[node] = rect;
    });
  });
  const plugs = new Plugs(picture, { nodes, boxes: bottom.boxes });
  const lines = picture.edges.map((_, edge) => plugs.line(edge));
  const hasNames = picture.nodes.map(({ kind, box, count }, node) => {
    if (count > 1) return nodes[node]!.width >= MIN_GROUP_WIDTH;
    const alone = kind !== "gpu" || box < 0 || bottom.boxes[box]!.width <= nodes[node]!.width + 8;
    return alone && (nodes[node]!.width >= MIN_NAME_WIDTH || bottom.step >= MIN_NAME_WIDTH);
  });
  return { width, height, nodes, boxes: bottom.boxes, lines, hasNames };
}

function hasArcs({ nodes, edges }: Picture): boolean {
  return edges.some(({ a, b }) => nodes[a]!.tier === nodes[b]!.tier);
}

function placeRow({ nodes }: Picture, tier: number, width: number, y: number): Map<number, Rect> {
  const members = [...nodes.keys()].filter((node) => nodes[node]!.tier === tier);
  const slot = (width - 2 * MARGIN) / members.length;
  const isGroup = members.some((node) => nodes[node]!.count > 1);
  const wide = Math.max(2, Math.min(slot * 0.8, isGroup ? 1.5 * MAX_SWITCH_WIDTH : MAX_SWITCH_WIDTH));
  return new Map(
    members.map((node, i) => [
      node,
      { x: MARGIN + (i + 0.5) * slot - wide / 2, y, width: wide, height: isGroup ? GROUP_HEIGHT : SWITCH_HEIGHT },
    ]),
  );
}

/** Boxes with GPUs in them, or groups of GPUs. */
function bottomRow(picture: Picture, width: number, height: number) {
  const nodes: Rect[] = [];
  const gpus = [...picture.nodes.keys()].filter((node) => picture.nodes[node]!.tier === 0);
  if (picture.boxes.length === 0) {
    const y = height - MARGIN - GROUP_HEIGHT;
    placeRow(picture, 0, width, y).forEach((rect, node) => {
      nodes[node] = rect;
    });
    return { nodes, boxes: [], top: y, step: (width - 2 * MARGIN) / gpus.length };
  }
  const byBox = picture.boxes.map((): number[] => []);
  for (const node of gpus) byBox[picture.nodes[node]!.box]!.push(node);
  const most = Math.max(...byBox.map(({ length }) => length));
  const slot = (width - 2 * MARGIN) / byBox.length;
  const columns = most <= 2 ? most : Math.min(most, slot > 60 ? 4 : 2);
  const rows = Math.ceil(most / columns);
  const step = Math.min(18, (slot * 0.9) / columns, (0.3 * height) / rows);
  const boxHeight = rows * step + 6;
  const y = height - MARGIN - boxHeight - (slot >= MIN_NAME_WIDTH ? 14 : 0);
  const boxes = byBox.map((members, box): Rect => {
    const boxWidth = columns * step + 4;
    const x = MARGIN + (box + 0.5) * slot - boxWidth / 2;
    members.forEach((node, i) => {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      nodes[node] = {
        ...{ x: x + 2 + (column + 0.1) * step, y: y + 3 + (row + 0.1) * step },
        ...{ width: step * 0.8, height: step * 0.8 },
      };
    });
    return { x, y, width: boxWidth, height: boxHeight };
  });
  return { nodes, boxes, top: y, step: slot };
}

/** Where edges leave their nodes: side by side, in the order of where they lead. */
class Plugs {
  /** By end of an edge, `2 * edge` for `a`: share of the width of what it leaves. */
  readonly #share: Float64Array;
  readonly #slotsOfBox = new Map<number, Map<number, number>>();

  constructor(
    private readonly picture: Picture,
    private readonly places: { readonly nodes: readonly Rect[]; readonly boxes: readonly Rect[] },
  ) {
    const { nodes, edges } = picture;
    this.#share = new Float64Array(2 * edges.length).fill(0.5);
    const sides = new Map<string, number[]>();
    edges.forEach(({ a, b }, edge) => {
      const [low, high] = [nodes[a]!.tier, nodes[b]!.tier];
      if (low === high) return;
      push(sides, `${a} ${low < high}`, 2 * edge);
      push(sides, `${b} ${low > high}`, 2 * edge + 1);
    });
    for (const ends of sides.values()) {
      const keys = new Map(ends.map((end) => [end, this.#middle(this.#nodeAt(end ^ 1))]));
      ends.sort((one, other) => keys.get(one)! - keys.get(other)! || one - other);
      ends.forEach((end, i) => {
        this.#share[end] = (i + 0.5) / ends.length;
      });
    }
  }

  line(edge: number): Line {
    const [a, b] = [this.#rect(2 * edge), this.#rect(2 * edge + 1)];
    const [x1, x2] = [a.x + this.#share[2 * edge]! * a.width, b.x + this.#share[2 * edge + 1]! * b.width];
    if (this.picture.nodes[this.#nodeAt(2 * edge)]!.tier === this.picture.nodes[this.#nodeAt(2 * edge + 1)]!.tier) {
      const y = a.y;
      const rise = Math.min(y - 6, 18 + Math.abs(x2 - x1) * 0.3);
      // The control point lies twice as far off as the line itself.
      return { x1, y1: y, x2, y2: y, bend: { x: (x1 + x2) / 2, y: y - 2 * rise } };
    }
    return a.y < b.y ? { x1, y1: a.y + a.height, x2, y2: b.y } : { x1, y1: a.y, x2, y2: b.y + b.height };
  }

  #nodeAt(end: number): number {
    const { a, b } = this.picture.edges[end >> 1]!;
    return (end & 1) === 0 ? a : b;
  }

  #middle(node: number): number {
    const { x, width } = this.#slice(node);
    return x + width / 2;
  }

  #rect(end: number): Rect {
    return this.#slice(this.#nodeAt(end));
  }

  /** A GPU's links leave through its part of the top of its box. */
  #slice(node: number): Rect {
    const { box, count } = this.picture.nodes[node]!;
    if (box < 0 || count > 1) return this.places.nodes[node]!;
    const { x, y, width, height } = this.places.boxes[box]!;
    const slots = this.#slots(box);
    return { x: x + (slots.get(node)! * width) / slots.size, y, width: width / slots.size, height };
  }

  /** Place of each GPU in a box. */
  #slots(box: number): Map<number, number> {
    if (this.#slotsOfBox.size === 0) {
      this.picture.nodes.forEach((node, i) => {
        if (node.box < 0) return;
        const slots = this.#slotsOfBox.get(node.box) ?? new Map<number, number>();
        slots.set(i, slots.size);
        this.#slotsOfBox.set(node.box, slots);
      });
    }
    return this.#slotsOfBox.get(box)!;
  }
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Point of a line at a share of its way from `a`. */
export function pointOn({ x1, y1, x2, y2, bend }: Line, share: number): { x: number; y: number } {
  const rest = 1 - share;
  if (bend === undefined) return { x: rest * x1 + share * x2, y: rest * y1 + share * y2 };
  return {
    x: rest * rest * x1 + 2 * rest * share * bend.x + share * share * x2,
    y: rest * rest * y1 + 2 * rest * share * bend.y + share * share * y2,
  };
}
