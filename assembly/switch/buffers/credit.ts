/** Receive buffers on credit: what arrives has room, or it would not have been sent. */
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { freeCredit } from "../../port/credit";
import { charge, discharge } from "./account";
import { Due } from "./due";


@inline
export function admit(sw: Switch, lane: Port, bytes: u32): bool {
  charge(sw, lane, bytes);
  return true;
}

/** Tells whether the peer is to hear of the room. */
@inline
export function release(sw: Switch, lane: Port, bytes: u32): Due {
  discharge(sw, lane, bytes);
  return freeCredit(lane, bytes) ? Due.Credit : Due.Nothing;
}
