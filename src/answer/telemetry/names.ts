/** Names of what telemetry tells of: each is of one thing alone. */
import type { PlanView } from "../ideal/view.js";
import { linkName } from "../text/names.js";

export interface TelemetryNames {
  /** The link that leaves a global port. */
  port(port: number): string;
  nic(nic: number): string;
  qp(flow: number): string;
}

/** Names are made at the first use of each kind: they take time in proportion to their number. */
export function telemetryNames(view: PlanView): TelemetryNames {
  const { fabric, plan } = view;
  const { nics } = fabric;
  let ports: readonly string[] | undefined;
  let ofNics: readonly string[] | undefined;
  return {
    port: (port) => {
      ports ??= distinct(Array.from(fabric.peerPort.keys(), (p) => linkName(view, p)));
      return ports[port]!;
    },
    nic: (nic) => {
      ofNics ??= nicNames(view);
      return ofNics[nic]!;
    },
    qp: (flow) => {
      const [from, to] = [plan.flows.srcNic[flow]!, plan.flows.dstNic[flow]!];
      return `qp-${flow} ${fabric.rankName(nics.rank[from]!)} -> ${fabric.rankName(nics.rank[to]!)}`;
    },
  };
}

/** The rank, and which of its NICs, from 0. */
function nicNames({ fabric: { nics, rankName } }: PlanView): readonly string[] {
  const known = new Map<number, number>();
  return Array.from(nics.rank, (rank) => {
    const index = known.get(rank) ?? 0;
    known.set(rank, index + 1);
    return `${rankName(rank)} nic ${index}`;
  });
}

/** Adds numbers where several things have one name: `gpu-0 -> leaf-0 #1` is the second. */
function distinct(names: readonly string[]): readonly string[] {
  const known = new Map<string, number>();
  return names.map((name) => {
    const index = known.get(name) ?? 0;
    known.set(name, index + 1);
    return index === 0 ? name : `${name} #${index}`;
  });
}
