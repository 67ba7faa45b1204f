import { ADDRESS_MASK } from "../link/packet";
import { Group, Switch } from "../memory/structs";

/** Destination modulo the number of candidates (D-mod-k): static, and free of collisions for shift patterns in a full tree. */
@inline
export function choosePinned(sw: Switch, group: Group, word1: u32): u32 {
  return ((word1 & ADDRESS_MASK) / sw.pinDivisor) % group.count;
}
