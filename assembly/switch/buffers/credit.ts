/** Receive buffers on credit: what arrives has room, or it would not have been sent. */
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import { freeCredit } from "../../port/credit";
import { charge, discharge } from "./account";


@inline
export function admit(sw: Switch, lane: Port, bytes: u32): void {
  charge(sw, lane, bytes);
}

/** Takes a packet's bytes off. Tells whether the peer is to hear of the room. */
@inline
export function release(sw: Switch, lane: Port, bytes: u32): bool {
  discharge(sw, lane, bytes);
  return freeCredit(lane, bytes);
}
