import type { RouteChange } from "../../plan/changes.js";
import { type Fabric, type RangeRouting, type SwitchSpec, type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { nextPorts } from "../../plan/next-hops.js";

/** Consecutive addresses of hosts that hang on one switch. */
export interface Block {
  /** Number of the switch. */
  readonly edge: number;
  readonly firstAddress: number;
  readonly addressCount: number;
}

/** Addresses of fabric NICs, block by block, ascending. */
export function blocksOf({ nics, peerPort }: Fabric, switchAt: Int32Array): Block[] {
  const edges = new Map<number, number>();
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 0) edges.set(nics.address[nic]!, switchAt[peerPort[nics.port[nic]!]!]!);
  }
  const blocks: Block[] = [];
  for (const address of [...edges.keys()].sort((a, b) => a - b)) {
    const edge = edges.get(address)!;
    const last = blocks.at(-1);
    if (last !== undefined && last.edge === edge && last.firstAddress + last.addressCount === address) {
      blocks[blocks.length - 1] = { ...last, addressCount: last.addressCount + 1 };
    } else blocks.push({ edge, firstAddress: address, addressCount: 1 });
  }
  return blocks;
}

/** Groups of one switch whose routes change. */
interface Changing {
  readonly groups: (readonly number[])[];
  readonly numbers: Map<string, number>;
  /** Group by first address of a block, where it is not the one of the start. */
  readonly now: Map<number, number>;
}

/** Routes of all switches, and how they change. */
export class RoutingTables {
  readonly changes: RouteChange[] = [];
  private readonly changing = new Map<number, Changing>();
  /** By switch: blocks that were given a group since the last change. */
  private readonly given = new Map<number, Map<number, { readonly addressCount: number; readonly group: number }>>();
  private readonly addressCount: number;

  constructor(private readonly fabric: Fabric) {
    const { nics } = fabric;
    let most = 0;
    for (let nic = 0; nic < nics.count; nic++) {
      if (nics.isScaleUp[nic] === 0) most = Math.max(most, nics.address[nic]! + 1);
    }
    this.addressCount = most;
  }

  /** Ports to the next hops in the healthy network. */
  nextPorts(sw: number, address: number): readonly number[] {
    return nextPorts(this.fabric, sw, address);
  }

  /** From now on, a switch sends what is for a block out of these ports. */
  set(sw: number, firstAddress: number, addressCount: number, ports: readonly number[]): void {
    const { device } = this.fabric.switches[sw]!;
    const first = this.fabric.firstPort[device]!;
    const local = ports.map((port) => port - first);
    let known = this.changing.get(sw);
    if (known === undefined) {
      const { groups } = this.tableOf(sw);
      known = { groups: [...groups], numbers: new Map(), now: new Map() };
      for (const [number, group] of groups.entries()) {
        if (!known.numbers.has(group.join())) known.numbers.set(group.join(), number);
      }
      this.changing.set(sw, known);
    }
    const key = local.join();
    const group = known.numbers.get(key) ?? known.groups.push(local) - 1;
    known.numbers.set(key, group);
    const ofSwitch = this.given.get(sw) ?? new Map();
    this.given.set(sw, ofSwitch.set(firstAddress, { addressCount, group }));
  }

  /** Makes changes of what was set since the last time; blocks side by side share one. */
  flush(atPs: number): void {
    for (const [switchNumber, blocks] of this.given) {
      const { now } = this.changing.get(switchNumber)!;
      let last: RouteChange | undefined;
      for (const [firstAddress, { addressCount, group }] of [...blocks].sort(([a], [b]) => a - b)) {
        const before = now.get(firstAddress) ?? this.groupAtStart(switchNumber, firstAddress);
        if (group === before) continue;
        now.set(firstAddress, group);
        const joins =
          last !== undefined && last.group === group && last.firstAddress + last.addressCount === firstAddress;
        if (joins) {
          last = { ...last!, addressCount: last!.addressCount + addressCount };
          this.changes[this.changes.length - 1] = last;
        } else {
          last = { kind: "route", atPs, switchNumber, firstAddress, addressCount, group };
          this.changes.push(last);
        }
      }
    }
    this.given.clear();
  }

  /** All switches; those whose routes change have tables. */
  switches(): SwitchSpec[] {
    const changed = new Set(this.changes.map(({ switchNumber }) => switchNumber));
    return this.fabric.switches.map((spec, number) => {
      if (!changed.has(number)) return spec;
      return { ...spec, routing: { ...this.tableOf(number), groups: this.changing.get(number)!.groups } };
    });
  }

  private groupAtStart(sw: number, address: number): number {
    const { routing } = this.fabric.switches[sw]!;
    if (routing.kind === "table") {
      // Equal groups have one number here.
      return this.changing.get(sw)!.numbers.get(routing.groups[routing.groupOf[address]!]!.join())!;
    }
    const ports = groupPorts(routing, childOf(routing, address));
    return this.changing.get(sw)!.numbers.get(ports.join())!;
  }

  private tableOf(sw: number): TableRouting {
    const { routing } = this.fabric.switches[sw]!;
    return routing.kind === "table" ? routing : tableOfRange(routing, this.addressCount);
  }
}

/** Number of the child that an address is below; that of the way up is the number of children. */
function childOf({ low, high, stride }: RangeRouting, address: number): number {
  return address < low || address >= high ? Math.ceil((high - low) / stride) : Math.floor((address - low) / stride);
}

function groupPorts({ low, high, stride, downBase, downWidth, upBase, upCount }: RangeRouting, child: number) {
  const isUp = child === Math.ceil((high - low) / stride);
  const [base, count] = isUp ? [upBase, upCount] : [downBase + child * downWidth, downWidth];
  return Array.from({ length: count }, (_, i) => base + i);
}

/** The same routes as a table, whose groups are the children and the way up. */
function tableOfRange(routing: RangeRouting, addressCount: number): TableRouting {
  const { low, high, stride, upCount, pinDivisor } = routing;
  const children = Math.ceil((high - low) / stride);
  const groups = Array.from({ length: children }, (_, child) => groupPorts(routing, child));
  if (upCount > 0) groups.push(groupPorts(routing, children));
  const groupOf = new Uint16Array(addressCount).fill(upCount > 0 ? children : UNREACHABLE);
  for (let address = low; address < Math.min(high, addressCount); address++) {
    groupOf[address] = childOf(routing, address);
  }
  return { kind: "table", groups, groupOf, pinDivisor };
}
