/** Places for labels beside marks, where they cover neither marks nor one another. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** A label's middle, as an offset from its mark in pixels. */
export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

/** Of a character and of a line, as a share of the font's size. */
const CHARACTER = 0.6;
const LINE = 1.1;
/** Distances between a mark and its label that are tried, in font sizes. */
const DISTANCES = [0.6, 1, 1.5, 2, 3];
const DIRECTIONS = [
  [0, -1],
  [0, 1],
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [1, -1],
  [1, 0],
  [1, 1],
] as const;

/**
 * An offset for each anchor, the nearest free one first; where none is free, the first one.
 * Positions are pixels from the top left of the frame.
 * @param taken what labels must not cover, e.g. marks
 */
export function placeLabels(
  anchors: readonly Anchor[],
  taken: readonly Box[],
  { fontSize, frame }: { readonly fontSize: number; readonly frame: Box },
): Offset[] {
  const occupied = [...taken];
  return anchors.map(({ x, y, text }) => {
    const [halfWidth, halfHeight] = [(text.length * CHARACTER * fontSize) / 2, (LINE * fontSize) / 2];
    const candidates = DISTANCES.flatMap((distance) =>
      DIRECTIONS.map(([across, down]) => ({
        dx: across * (distance * fontSize + halfWidth),
        dy: down * (distance * fontSize + halfHeight),
      })),
    );
    const boxOf = ({ dx, dy }: Offset): Box => ({
      left: x + dx - halfWidth,
      right: x + dx + halfWidth,
      top: y + dy - halfHeight,
      bottom: y + dy + halfHeight,
    });
    const isFree = (box: Box) => isWithin(box, frame) && !occupied.some((other) => overlap(box, other));
    const place = candidates.find((candidate) => isFree(boxOf(candidate))) ?? candidates[0]!;
    occupied.push(boxOf(place));
    return place;
  });
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}
