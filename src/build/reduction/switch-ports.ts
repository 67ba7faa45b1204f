import type { Fabric } from "../../plan/fabric.js";

/** Switches of a fabric and the links between them, by local port. */
export interface SwitchPorts {
  /** By switch, by local port: the switch at the other end, or -1 for a host. */
  readonly neighbour: readonly Int32Array[];
  /** By switch, by local port: the local port at the other end. */
  readonly peer: readonly Uint32Array[];
  /** By global port: its switch, or -1 for a host's. */
  readonly switchOf: Int32Array;
  /** First global port of each switch. */
  readonly first: Uint32Array;
}

export function switchPorts({ switches, firstPort, peerPort }: Fabric): SwitchPorts {
  const switchOf = new Int32Array(peerPort.length).fill(-1);
  const first = Uint32Array.from(switches, ({ device }) => firstPort[device]!);
  switches.forEach(({ device }, sw) => {
    switchOf.fill(sw, firstPort[device]!, firstPort[device + 1]!);
  });
  const peersOf = (device: number) => peerPort.subarray(firstPort[device]!, firstPort[device + 1]!);
  return {
    neighbour: switches.map(({ device }) => Int32Array.from(peersOf(device), (peer) => switchOf[peer]!)),
    peer: switches.map(({ device }) =>
      peersOf(device).map((peer) => (switchOf[peer]! < 0 ? 0 : peer - first[switchOf[peer]!]!)),
    ),
    switchOf,
    first,
  };
}
