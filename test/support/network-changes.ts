import type { Change } from "../../src/plan/changes.js";
import type { SwitchSpec, TableRouting } from "../../src/plan/fabric.js";
import type { NetworkChange, NetworkSpec } from "./network-spec.js";

type RouteChange = Extract<NetworkChange, { kind: "route" }>;

/** What changes of a network mean in numbers of a plan. */
export interface Numbers {
  /** Port by which a direction leaves. */
  readonly portOf: (link: number, back: boolean) => number;
  /** Class of a direction with some parameters replaced. */
  readonly classOf: (port: number, change: Extract<NetworkChange, { kind: "link" }>) => number;
  /** Those of the switches that routes change at have tables of their own. */
  readonly switches: SwitchSpec[];
}

/** Changes in the order of their instants. A change of routes adds a group to the switch's table. */
export function planChanges({ changes = [] }: NetworkSpec, numbers: Numbers): Change[] {
  return [...changes].sort((a, b) => a.atPs - b.atPs).flatMap((change) => planned(change, numbers));
}

function planned(change: NetworkChange, { portOf, classOf, switches }: Numbers): readonly Change[] {
  if (change.kind === "route") return routeChange(switches, change);
  if (change.kind === "compute") return [change];
  const { atPs } = change;
  const port = portOf(change.link, change.back);
  if (change.kind === "up") return [{ kind: "up", atPs, port, downAtPs: change.downAtPs }];
  return [{ kind: "link", atPs, port, linkClass: classOf(port, change) }];
}

/** None where the switch has no table, or no path to the address. */
function routeChange(switches: SwitchSpec[], { atPs, switchNumber, address, mask }: RouteChange): Change[] {
  const spec = switches[switchNumber]!;
  if (spec.routing.kind !== "table") return [];
  const routing: TableRouting = spec.routing;
  const whole = routing.groups[routing.groupOf[address] ?? -1];
  if (whole === undefined) return [];
  const some = whole.filter((_, i) => (mask >>> (i % 32)) & 1);
  const ports = some.length === 0 ? whole : some;
  const known = routing.groups.findIndex((group) => group.join() === ports.join());
  const group = known >= 0 ? known : routing.groups.length;
  if (known < 0) switches[switchNumber] = { ...spec, routing: { ...routing, groups: [...routing.groups, ports] } };
  return [{ kind: "route", atPs, switchNumber, firstAddress: address, addressCount: 1, group }];
}
