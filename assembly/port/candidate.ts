/**
 * What a routing policy reads. A policy is one file and one case in `registry.ts`. The file exports
 * a function such as
 *
 *     chooseFlowlet(sw, ports, group, word1, flow, nowPs): u32
 *
 * It is called once per packet, with at least two candidates. It returns the index of the one that
 * it takes, 0 … group.count - 1. `candidate(group, i)` is the local port behind an index,
 * `portAt(ports, local)` its state. It may keep counters in `sw` or `group`, and draw with
 * `draw(key, counter)`. It must depend on nothing else. That makes it deterministic, and
 * independent of threads.
 */
import { Group } from "../memory/structs/switch";

/** Local port of candidate `index`. */
@inline
export function candidate(group: Group, index: u32): u32 {
  const list = group.list;
  return list == 0 ? group.first + index : load<u32>(list + index * 4);
}
