/** What a port is asked for: its number, its cold half, and times on its link. */
import { PORT_BYTES } from "../engine/state";
import { run } from "../memory/arena";
import { Port, PortExtra, PortFlag } from "../memory/structs/port";

const EXTRA_BYTES: u32 = offsetof<PortExtra>();

let floorSerialization: bool = false;
let portsBase: u32 = 0;
let extrasBase: u32 = 0;

export function loadLinkParameters(): void {
  floorSerialization = run.floorSerialization != 0;
  portsBase = run.ports;
  extrasBase = run.portExtras;
}

/** Global number of a port. */
@inline
export function portNumber(port: Port): u32 {
  return (changetype<u32>(port) - portsBase) / PORT_BYTES;
}


@inline
export function extraOf(port: Port): PortExtra {
  return changetype<PortExtra>(extrasBase + portNumber(port) * EXTRA_BYTES);
}

/** Time that `bytes` take on the port's link. */
@inline
export function serializationPs(port: Port, bytes: u32): u64 {
  const scaled = <u64>bytes * port.psPerByte;
  return port.flags & PortFlag.Fractional ? divided(port, scaled) : scaled;
}

/** Time that a byte takes on the port's link. */
export function psPerByteOf(port: Port): f64 {
  const numerator = <f64>port.psPerByte;
  return port.flags & PortFlag.Fractional ? numerator / <f64>extraOf(port).psPerByteDen : numerator;
}

function divided(port: Port, scaled: u64): u64 {
  const den = extraOf(port).psPerByteDen;
  return (scaled + (floorSerialization ? 0 : den >> 1)) / den;
}

/** What is left of the transmission in progress, plus everything queued. */
@inline
export function backlogPs(port: Port, nowPs: u64): u64 {
  const busy = port.busyUntilPs;
  return (busy > <i64>nowPs ? <u64>busy - nowPs : 0) + port.queuedPs;
}
