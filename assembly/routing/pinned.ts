import { Group, Switch } from "../memory/structs/switch";
import { ADDRESS_MASK } from "../packet/packet";

/**
 * A digit of the destination (D-mod-k): static, and free of collisions for shift patterns in a full
 * tree. On listed fabrics the digit was looked up before the run.
 */
@inline
export function choosePinned(sw: Switch, group: Group, word1: u32): u32 {
  const address = word1 & ADDRESS_MASK;
  if (sw.pins != 0) return <u32>load<u16>(sw.pins + address * 2) % group.count;
  return (address / sw.pinDivisor) % group.count;
}
