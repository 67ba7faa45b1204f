/** Lays the regions of a run out in linear memory, from the sizes in its header. */
import { allocate, run } from "./arena";
import { Device, Group, Nic, Port, PortExtra, Receiver, Sender, Start, Switch, Thread, Upstream } from "./structs";

/** Threads that can ever take part in a run. */
export const MOST_THREADS: u32 = 64;

/** Sets the region addresses of the header. TypeScript fills the regions, then calls `begin`. */
export function plan(): void {
  run.devices = region(offsetof<Device>(), run.deviceCount);
  run.ports = region(offsetof<Port>(), run.portCount);
  run.portExtras = region(offsetof<PortExtra>(), run.portCount);
  run.switches = region(offsetof<Switch>(), run.switchCount);
  run.groups = region(offsetof<Group>(), run.groupCount);
  run.routes = region(1, run.routeBytes);
  run.nics = region(offsetof<Nic>(), run.nicCount);
  run.senders = region(offsetof<Sender>(), run.flowCount);
  run.receivers = region(offsetof<Receiver>(), run.flowCount);
  run.connections = region(4, run.flowCount);
  run.sendLists = region(4, run.flowCount);
  run.starts = region(offsetof<Start>(), run.flowCount);
  run.upstreams = region(offsetof<Upstream>(), run.dependencyCount);
  run.dependents = region(4, run.dependencyCount);
  run.hazards = region(1, run.hazardBytes);
  run.bitmaps = region(1, run.bitmapBytes);
  run.ticks = region(1, run.tickBytes);
  run.packetMaps = region(1, run.packetMapBytes);
  run.wakes = region(8 * run.slots, (run.deviceCount + 63) >> 6);
  run.threads = region(offsetof<Thread>(), MOST_THREADS);
}

function region(recordBytes: usize, count: u32): u32 {
  return allocate(<u64>recordBytes * count);
}
