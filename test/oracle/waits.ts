/**
 * Roots of pauses and waits for credit (MODEL §14), worked out instant by instant from what the
 * oracle has noted.
 */
import type { OracleHolder, OracleWait } from "./log.js";
import type { Simulation } from "./simulation.js";

export interface Traced extends OracleWait {
  readonly holder: number;
  readonly decidedPs: number;
  readonly isLoop: boolean;
}

/** By root, and by lane or flow of it: how long it waited, in ps. */
export interface RootTimes {
  readonly lanes: Map<string, number>;
  readonly flows: Map<number, number>;
}

export function rootsOfOracle(sim: Simulation): Map<string, RootTimes> {
  const waits = sim.log.waits.filter(({ fromPs, toPs }) => toPs > fromPs).map((wait) => traced(sim, wait));
  const marks = [...new Set(waits.flatMap(({ fromPs, toPs }) => [fromPs, toPs]))].sort((a, b) => a - b);
  const roots = new Map<string, RootTimes>();
  marks.slice(1).forEach((untilPs, i) => {
    const sincePs = marks[i]!;
    for (const wait of waits.filter((one) => isOn(one, sincePs))) {
      const key = rootAt(sim, waits, wait, sincePs);
      const root = roots.get(key) ?? { lanes: new Map(), flows: new Map() };
      roots.set(key, root);
      const lane = `${wait.lane} ${wait.kind}`;
      root.lanes.set(lane, (root.lanes.get(lane) ?? 0) + untilPs - sincePs);
      for (const flow of wait.flows) root.flows.set(flow, (root.flows.get(flow) ?? 0) + untilPs - sincePs);
    }
  });
  return roots;
}

export function traced({ plan, log }: Simulation, wait: OracleWait): Traced {
  const ports = plan.fabric.peerPort.length;
  const port = wait.lane % ports;
  const found: readonly OracleHolder[] = log.holders.of(wait.lane - port + plan.fabric.peerPort[port]!);
  const isPause = wait.kind === "pause";
  const last = found.findLast(({ timePs }) =>
    isPause ? timePs < wait.fromPs : wait.isOpen ? true : timePs < wait.toPs,
  );
  const decidedPs = isPause && last !== undefined ? last.timePs : wait.fromPs;
  return { ...wait, holder: last?.holder ?? -1, decidedPs, isLoop: !isPause && (last?.isAlone ?? true) };
}

function isOn({ fromPs, toPs }: OracleWait, ps: number): boolean {
  return fromPs <= ps && ps < toPs;
}

function rootAt(sim: Simulation, waits: readonly Traced[], wait: Traced, ps: number, seen: Traced[] = []): string {
  if (seen.includes(wait)) {
    return `circle ${Math.min(...seen.slice(seen.indexOf(wait)).map(({ lane }) => lane))}`;
  }
  const holderAt = (timePs: number) => waits.find((one) => one.lane === wait.holder && isOn(one, timePs));
  const holder = holderAt(ps);
  if (holder !== undefined) return rootAt(sim, waits, holder, ps, [...seen, wait]);
  const before = holderAt(wait.decidedPs);
  if (before !== undefined) return rootAt(sim, waits, before, wait.decidedPs);
  if (wait.isLoop) return `loop ${wait.lane}`;
  if (wait.holder >= 0) return `egress ${wait.holder}`;
  const { peerPort } = sim.plan.fabric;
  return `device ${peerPort[wait.lane % peerPort.length]}`;
}
