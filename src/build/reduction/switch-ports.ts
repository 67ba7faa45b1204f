import type { Fabric } from "../../plan/fabric.js";
import { switchesOfPorts } from "../../plan/ports.js";

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

export function switchPorts(fabric: Fabric): SwitchPorts {
  const { switches, firstPort, peerPort } = fabric;
  const switchOf = switchesOfPorts(fabric);
  const first = Uint32Array.from(switches, ({ device }) => firstPort[device]!);
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
