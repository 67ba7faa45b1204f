/** The data classes of a plan: those of the scenario, or the one that is there without any. */
import type { CongestionControl } from "../plan/congestion.js";
import type { ClassRules, DataClass, EcnMarking, EcnThresholds } from "../plan/plan.js";
import type { SwitchChange } from "../plan/timeline.js";
import { laneCount } from "../scenario/types/lanes.js";
import type { ClassRuleParams, DataClassParams, EcnParams, Scenario } from "../scenario/types/scenario.js";
import type { UnloadedNetwork } from "./base-rtt.js";
import { resolvePortBuffers } from "./buffers.js";
import { largestWireBytes } from "./headroom.js";
import { resolveEcn } from "./rules.js";

type Network = Pick<UnloadedNetwork, "fabric" | "wire">;

/** @param control whose base round trip thresholds of marking may be shares of */
export function resolveDataClasses(
  scenario: Scenario,
  network: Network,
  control: CongestionControl | null,
): readonly DataClass[] {
  const { fabric, wire } = network;
  const largestBytes = fabric.linkClasses.reduce((most, link) => Math.max(most, largestWireBytes(link, wire)), 0);
  const isMarked = marksAnything(scenario);
  const resolve = (rules: ClassRuleParams): ClassRules => ({
    isLossy: rules.isLossy,
    ports: resolvePortBuffers(scenario, rules.flowControl, network),
    dropAlphaNum: rules.flowControl.dropAlpha.num,
    dropAlphaDen: rules.flowControl.dropAlpha.den,
    ecn: isMarked ? (resolveEcn(rules.ecn, fabric, control) ?? noMarks(fabric.linkClasses.length)) : null,
  });
  const listed: readonly Pick<DataClassParams, "priority" | "weight" | "rules">[] = scenario.dataClasses ?? [
    { priority: 0, weight: 1 },
  ];
  return listed.flatMap(({ priority, weight, rules }) => {
    const dataClass = { priority, turnBytes: weight * largestBytes, ...(rules && { rules: resolve(rules) }) };
    return new Array<DataClass>(laneCount(scenario)).fill(dataClass);
  });
}

/** Marking of the plan; what no class is marked by, where only some have thresholds. */
export function resolveMarking(
  scenario: Scenario,
  { fabric }: Network,
  control: CongestionControl | null,
): EcnMarking | null {
  const common = resolveEcn(scenario.ecn, fabric, control);
  if (common !== null || !marksAnything(scenario)) return common;
  return { at: "enqueue", ...noMarks(fabric.linkClasses.length) };
}

/** Data classes whose headroom was set wrong at some switches. */
export function classesWithFaults(
  dataClasses: readonly DataClass[],
  { switches, firstPort }: UnloadedNetwork["fabric"],
  faults: readonly SwitchChange[],
): readonly DataClass[] {
  const known = new Map<ClassRules, ClassRules>();
  const faulty = (rules: ClassRules): ClassRules => {
    const headroomBytes = rules.ports.headroomBytes.slice();
    for (const { switchNumber, change } of faults) {
      if (change.kind === "no-pauses") continue;
      const { device } = switches[switchNumber]!;
      headroomBytes.fill(change.headroomBytes, firstPort[device]!, firstPort[device + 1]!);
    }
    return { ...rules, ports: { ...rules.ports, headroomBytes } };
  };
  return dataClasses.map((dataClass) => {
    const { rules } = dataClass;
    if (rules === undefined) return dataClass;
    const own = known.get(rules) ?? faulty(rules);
    known.set(rules, own);
    return { ...dataClass, rules: own };
  });
}

function marksAnything({ ecn, dataClasses = [] }: Scenario): boolean {
  const own = dataClasses.map(({ rules }): EcnParams | null => rules?.ecn ?? null);
  return ecn !== null || own.some((each) => each !== null);
}

function noMarks(linkClasses: number): EcnThresholds {
  const never = new Float64Array(linkClasses).fill(Number.POSITIVE_INFINITY);
  return { kminPs: never, kmaxPs: never, slope: new Float64Array(linkClasses) };
}
