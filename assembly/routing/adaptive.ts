/**
 * Per packet, the candidate with the least backlog, compared in quanta; ties go to the first in a
 * cyclic order with a drawn start.
 *
 * Every candidate's queue is looked at. A port that is not paused drains at a known time. Its depth
 * is kept as that time in quanta (`Switch.ticks`), and updated when a packet is queued there. The
 * search is a vector minimum over (depth, place in the order). Switches with a paused port take the
 * plain loop, because a paused queue does not drain.
 */
import { run } from "../memory/arena";
import { Group, Switch } from "../memory/structs/switch";
import { candidate } from "../port/candidate";
import { BEYOND, DEEPEST, depthOf, levelled, levelOf, levels } from "../port/depths";
import { draw, pick } from "../random/hash";

export const PLACE_BITS: u32 = 10;
export const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;


@inline
export function chooseAdaptive(sw: Switch, ports: u32, group: Group, nowPs: u64): u32 {
  const count = group.count;
  const start = pick(draw(sw.tieKey, sw.tieDraws++), count);
  if (levelled && group.list == 0 && (count & 15) == 0 && count <= 64) {
    const index = leastOfLevels(group, start, nowPs);
    if (index != NONE) return index;
  }
  const best =
    sw.pausedPorts == 0 && group.list == 0 && (count & 3) == 0
      ? leastOfRange(sw, group, start, nowPs)
      : leastOfAny(sw, ports, group, start, nowPs);
  const index = (best & PLACE_MASK) + start;
  return index >= count ? index - count : index;
}

const NONE: u32 = u32.MAX_VALUE;

/**
 * The candidate with the least level, the first from `start` on; `NONE` where levels do not tell.
 * For 16, 32, 48 or 64 consecutive ports.
 */
@inline
function leastOfLevels(group: Group, start: u32, nowPs: u64): u32 {
  const count = group.count;
  const at = levels + group.first;
  const now = i8x16.splat(<i8>levelOf(nowPs));
  const beyond = i8x16.splat(<i8>BEYOND);
  const a = i8x16.max_u(v128.load(at), now);
  const b = count > 16 ? i8x16.max_u(v128.load(at, 16), now) : beyond;
  let c = beyond;
  let d = beyond;
  let best = i8x16.min_u(a, b);
  if (count > 32) {
    c = i8x16.max_u(v128.load(at, 32), now);
    if (count > 48) d = i8x16.max_u(v128.load(at, 48), now);
    best = i8x16.min_u(best, i8x16.min_u(c, d));
  }
  // The least of all, in every lane.
  best = i8x16.min_u(best, i8x16.shuffle(best, best, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  best = i8x16.min_u(best, i8x16.shuffle(best, best, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3));
  best = i8x16.min_u(best, i8x16.shuffle(best, best, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1));
  best = i8x16.min_u(best, i8x16.shuffle(best, best, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0));
  if (<u32>i8x16.extract_lane_u(best, 0) == BEYOND) return NONE;
  let least = <u64>((<u32>i8x16.bitmask(i8x16.eq(a, best))) | ((<u32>i8x16.bitmask(i8x16.eq(b, best))) << 16));
  if (count > 32) {
    least |= (<u64>((<u32>i8x16.bitmask(i8x16.eq(c, best))) | ((<u32>i8x16.bitmask(i8x16.eq(d, best))) << 16))) << 32;
  }
  const later = least >> start;
  return <u32>select<u64>(start + ctz(later), ctz(least), later != 0);
}

/**
 * Minimum of depth << 10 | place over consecutive ports, four at a time. The search begins at the
 * vector that holds the start and goes round, so that places just count up; only the lanes before
 * the start, in that first vector, come last.
 */
@inline
function leastOfRange(sw: Switch, group: Group, start: u32, nowPs: u64): u32 {
  const count = group.count;
  const ticks = sw.ticks + group.first * 4;
  const end = ticks + count * 4;
  const now = i32x4.splat(<i32>(nowPs >> run.quantumShift));
  const zero = i32x4.splat(0);
  const deepest = i32x4.splat(<i32>DEEPEST);
  const four = i32x4.splat(4);
  const skipped = start & 3;
  let place = i32x4.sub(i32x4(0, 1, 2, 3), i32x4.splat(<i32>skipped));
  let best = weigh(place, ticks + (start - skipped) * 4, now, zero, deepest);
  // Lanes before the start: their place is negative, its sign extends over the depth; counted from
  // the end they are right.
  const before = i32x4.lt_s(place, zero);
  const last = i32x4.add(place, i32x4.splat(<i32>count));
  best = v128.bitselect(weigh(last, ticks + (start - skipped) * 4, now, zero, deepest), best, before);
  let address = ticks + (start - skipped) * 4;
  for (let left = count - 4; left != 0; left -= 4) {
    address += 16;
    if (address == end) address = ticks;
    place = i32x4.add(place, four);
    best = i32x4.min_u(best, weigh(place, address, now, zero, deepest));
  }
  return leastLane(best);
}


@inline
function weigh(place: v128, address: u32, now: v128, zero: v128, deepest: v128): v128 {
  const depth = i32x4.min_s(i32x4.max_s(i32x4.sub(v128.load(address), now), zero), deepest);
  return v128.or(i32x4.shl(depth, PLACE_BITS), place);
}


@inline
function leastLane(lanes: v128): u32 {
  let best = lanes;
  best = i32x4.min_u(best, i8x16.shuffle(best, best, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  best = i32x4.min_u(best, i8x16.shuffle(best, best, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  return <u32>i32x4.extract_lane(best, 0);
}

/** The same port by port: for lists, ragged ranges, and switches with a paused port. */
function leastOfAny(sw: Switch, ports: u32, group: Group, start: u32, nowPs: u64): u32 {
  const count = group.count;
  let best: u32 = u32.MAX_VALUE;
  for (let i: u32 = 0; i < count; i++) {
    const depth = depthOf(sw, ports, candidate(group, i), nowPs);
    const place = i >= start ? i - start : i + count - start;
    best = min(best, (depth << PLACE_BITS) | place);
  }
  return best;
}
