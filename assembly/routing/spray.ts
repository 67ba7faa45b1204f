import { Group, Switch } from "../memory/structs/switch";
import { draw, pick } from "../random/hash";

/** A random candidate for every packet. */
@inline
export function chooseSpray(sw: Switch, group: Group): u32 {
  return pick(draw(sw.sprayKey, sw.sprayDraws++), group.count);
}
