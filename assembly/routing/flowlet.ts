/**
 * Flowlets (Vanini et al., LetFlow, NSDI 2017; choice by queue as in CONGA, SIGCOMM 2014): a pause
 * that is longer than paths differ in delay lets a QP change paths without overtaking itself. The
 * table has no room for every QP: those whose hashes collide share an entry.
 */
import { run } from "../memory/arena";
import { Flowlet, Group, Switch } from "../memory/structs/switch";
import { BACKWARD } from "../packet/packet";
import { draw, pick } from "../random/hash";
import { chooseAdaptive } from "./adaptive";

const FLOWLET_BYTES: u32 = offsetof<Flowlet>();

export function chooseFlowlet(sw: Switch, ports: u32, group: Group, word1: u32, qp: u32, nowPs: u64): u32 {
  const reverse: u32 = (word1 & BACKWARD) != 0 ? 1 : 0;
  const slot = pick(draw(sw.hashKey, 2 * qp + reverse), run.flowletEntries);
  const entry = changetype<Flowlet>(sw.flowlets + slot * FLOWLET_BYTES);
  // A QP that shares the entry may have had more candidates.
  if (entry.place == 0 || nowPs - entry.lastPs > run.flowletGapPs || entry.place > group.count) {
    entry.place = chooseAdaptive(sw, ports, group, nowPs) + 1;
  }
  entry.lastPs = nowPs;
  return entry.place - 1;
}
