/** The start of a transmission: the wire is taken, and the peer hears of it when the packet takes effect there. */
import { deliver, PACKET_BIT } from "../engine/inbox";
import { PORT_BYTES, windowStart } from "../engine/state";
import { run } from "../memory/arena";
import { Port, PortExtra } from "../memory/structs";
import { isLost } from "./loss";
import { gapBytes, isControl, TYPE_MASK } from "./packet";

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
// @ts-ignore: decorator
@inline
export function portNumber(port: Port): u32 {
  return (changetype<u32>(port) - portsBase) / PORT_BYTES;
}

// @ts-ignore: decorator
@inline
export function extraOf(port: Port): PortExtra {
  return changetype<PortExtra>(extrasBase + portNumber(port) * EXTRA_BYTES);
}

/** Time that `bytes` take on the port's link. */
// @ts-ignore: decorator
@inline
export function serializationPs(port: Port, bytes: u32): u64 {
  const scaled = <u64>bytes * port.psPerByteNum;
  const den = port.psPerByteDen;
  if (den == 1) return scaled;
  return (scaled + (floorSerialization ? 0 : den >> 1)) / den;
}

/** Puts a packet on the wire at `startPs`, which is inside this window. The port must be free then. */
// @ts-ignore: decorator
@inline
export function transmit(port: Port, startPs: u64, word1: u32, word2: u32, word3: u32, wire: u32): void {
  const end = startPs + serializationPs(port, wire);
  port.busyUntilPs = end;
  port.txBytes += wire;
  port.txPackets++;
  run.hops++;
  const data = (word1 & TYPE_MASK) == 0;
  if (data) run.dataHops++;
  if (port.lossy && isLost(portNumber(port), extraOf(port), wire)) return;
  const accounted = isControl(word1) ? 0 : wire - gapBytes;
  deliver(port.peerDevice, end + port.delayPs - windowStart, port.peerKey | PACKET_BIT, word1, word2, word3, accounted);
}

/** Puts a pause or resume frame on the wire. */
export function transmitFrame(port: Port, startPs: u64, pause: bool): void {
  const wire = run.pauseWireBytes;
  const end = startPs + serializationPs(port, wire);
  port.busyUntilPs = end;
  port.txBytes += wire;
  port.txPackets++;
  run.hops++;
  deliver(port.peerDevice, end + port.pauseDelayPs - windowStart, port.peerKey, pause ? 1 : 0, 0, 0, 0);
}

/** What is left of the transmission in progress, plus everything queued. */
// @ts-ignore: decorator
@inline
export function backlogPs(port: Port, nowPs: u64): u64 {
  const busy = port.busyUntilPs;
  return (busy > <i64>nowPs ? <u64>busy - nowPs : 0) + port.queuedPs;
}

