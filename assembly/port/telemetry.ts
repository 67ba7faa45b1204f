/**
 * In-band network telemetry: at the start of its transmission, every data packet takes along what
 * the switch port says of itself. The ACK brings all of it to the sender.
 */
import { run } from "../memory/arena";
import { FULL } from "../memory/features";
import { Port } from "../memory/structs/port";
import { Hop, HopsTag } from "../memory/structs/tag";
import { tagOf } from "../packet/tags";
import { portNumber, psPerByteOf } from "./port";

export const HOP_BYTES: u32 = offsetof<Hop>();

/** Ports that a tag has room for; 0 in runs without telemetry. */
export let telemetryHops: u32 = 0;

export function loadTelemetryParameters(): void {
  if (FULL) telemetryHops = run.telemetryHops;
}

/** Entry `i` of the list behind a record of `recordBytes` at `address`. */
@inline
export function hopAt(address: u32, recordBytes: u32, i: u32): Hop {
  return changetype<Hop>(address + recordBytes + i * HOP_BYTES);
}

/**
 * Notes the port in the tag of the packet of `wire` bytes at `record`, which it has begun to
 * transmit at `startPs`.
 */
export function recordHop(port: Port, record: u32, startPs: u64, wire: u32): void {
  const tag = changetype<HopsTag>(tagOf(record));
  const count = tag.hopCount;
  if (count == telemetryHops) return;
  tag.hopCount = count + 1;
  const hop = hopAt(changetype<u32>(tag), offsetof<HopsTag>(), count);
  hop.timePs = startPs;
  hop.busyPs = <f64>(port.txBytes - wire) * psPerByteOf(port);
  hop.queuedPs = <u32>min<u64>(port.queuedPs, u32.MAX_VALUE);
  hop.port = portNumber(port);
}
