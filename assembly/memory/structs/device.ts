/** A switch, or the NICs of one node. */
import { Switch } from "./switch";
import { Fixed, Derived } from "./roles";

export enum DeviceKind {
  Hosts = 0,
  Switch = 1,
}

/** A switch or a group of hosts. Its ports are consecutive. */
@unmanaged
export class Device {
  /** Address of its first `Port`. */
  ports: Fixed<u32> = 0;
  portCount: Fixed<u32> = 0;
  kind: Fixed<u32> = 0;
  /** Address of its `Switch`, or of its first `Nic`. */
  body: Fixed<u32> = 0;
  /**
   * Bitmap of ports with a packet on an account, a queue, or a frame that waits (switch), or of
   * NICs that have work (hosts).
   */
  active: Derived<u32> = 0;
  activeWords: Fixed<u32> = 0;
  /** Earliest wake-up that lies beyond the inbox horizon; all ones for none. */
  wakeAtPs: Derived<u64> = 0;
}
