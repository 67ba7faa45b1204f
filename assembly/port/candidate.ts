/**
 * What a routing policy sees and says. A policy is one file that exports a function
 *
 *     choose(sw: Switch, ports: u32, group: Group, word1: u32, qp: u32, nowPs: u64, record: u32): u32
 *
 * and one case in `registry.ts`. It is called once per packet with at least two candidates and
 * returns the index of the one it takes, 0 … group.count - 1. `candidate(group, i)` is the local
 * port behind an index, `portAt(ports, local)` its state. It may keep counters in `sw` or `group`,
 * draw with `draw(key, counter)`, and must depend on nothing else: that makes it deterministic, and
 * independent of threads.
 */
import { Group } from "../memory/structs/switch";

/** Local port of candidate `index`. */
@inline
export function candidate(group: Group, index: u32): u32 {
  const list = group.list;
  return list == 0 ? group.first + index : load<u32>(list + index * 4);
}
