import { run } from "../memory/arena";
import { Group, Switch } from "../memory/structs/switch";
import { BACKWARD } from "../packet/packet";
import { entropyIn, tagOf } from "../packet/tags";
import { draw, pick } from "../random/hash";

const ENTROPY_STEP: u32 = 0x85ebca6b;

/**
 * Hash of the 5-tuple: all QPs of a connection, and all their packets in one direction, take one
 * path.
 */
@inline
export function chooseEcmp(sw: Switch, group: Group, word1: u32, qp: u32): u32 {
  return hashed(sw, group, word1, load<u32>(run.connections + qp * 4));
}

/** The hash includes the QP (E-ECMP, Meta, SIGCOMM'24): the QPs of a connection spread. */
@inline
export function chooseEcmpQp(sw: Switch, group: Group, word1: u32, qp: u32): u32 {
  return hashed(sw, group, word1, qp);
}

/** The hash includes the entropy value that the sender gave the packet. */
export function chooseByEntropy(sw: Switch, group: Group, word1: u32, qp: u32, record: u32): u32 {
  const reverse: u32 = (word1 & BACKWARD) != 0 ? 1 : 0;
  const key = sw.hashKey + entropyIn(tagOf(record)) * ENTROPY_STEP;
  return pick(draw(key, 2 * qp + reverse), group.count);
}


@inline
function hashed(sw: Switch, group: Group, word1: u32, flow: u32): u32 {
  const reverse: u32 = (word1 & BACKWARD) != 0 ? 1 : 0;
  return pick(draw(sw.hashKey, 2 * flow + reverse), group.count);
}
