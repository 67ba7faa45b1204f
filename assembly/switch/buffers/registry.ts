/**
 * Who may put data into a switch's buffer, and what the peers hear of it. A rule is a file that
 * exports some of
 *
 *     admit(sw, lane, bytes): bool      charges a packet to an account; false where it does not fit
 *     afterAdmit(sw, lane): Due         what the peer is to be told of a packet that was admitted
 *     release(sw, lane, bytes): Due     takes a packet off; what the peer is to be told of that
 *
 * and gets a `BufferRule` and a case here. `lane` is the account: a port's record for one data
 * class.
 */
import { Port } from "../../memory/structs/port";
import { Switch } from "../../memory/structs/switch";
import * as credit from "./credit";
import { Due } from "./due";
import * as pfc from "./pfc";
import * as tailDrop from "./tail-drop";

enum BufferRule {
  TailDrop,
  Pfc,
  Credit,
}

/** The rule of the switch that is stepped. */
let rule: BufferRule = BufferRule.TailDrop;

/** Makes the rule of a switch the one in force. */
export function enterBuffer(sw: Switch, ports: u32, portCount: u32): void {
  if (!sw.lossless) rule = BufferRule.TailDrop;
  else rule = sw.credited ? BufferRule.Credit : BufferRule.Pfc;
  if (rule == BufferRule.Pfc) pfc.sumShared(ports, portCount);
}

/** Whether packets are on the account of the port by which they came. */
@inline
export function chargesIngress(): bool {
  return rule != BufferRule.TailDrop;
}


@inline
export function admit(sw: Switch, lane: Port, bytes: u32): bool {
  switch (rule) {
    case BufferRule.Pfc:
      return pfc.admit(sw, lane, bytes);
    case BufferRule.Credit:
      return credit.admit(sw, lane, bytes);
    default:
      return tailDrop.admit(sw, lane, bytes);
  }
}


@inline
export function afterAdmit(sw: Switch, lane: Port): Due {
  return rule == BufferRule.Pfc ? pfc.afterAdmit(sw, lane) : Due.Nothing;
}


@inline
export function release(sw: Switch, lane: Port, bytes: u32): Due {
  switch (rule) {
    case BufferRule.Pfc:
      return pfc.release(sw, lane, bytes);
    case BufferRule.Credit:
      return credit.release(sw, lane, bytes);
    default:
      return tailDrop.release(sw, lane, bytes);
  }
}
