/** The rules of data classes: their own, or those that all have. */
import type { EcnThresholds, PortBuffers, RunPlan } from "./plan.js";

type Ruled = Pick<RunPlan, "dataClasses" | "flowControl">;

/** Buffer rules of ports for a data class. */
export function portRules({ dataClasses, flowControl }: Ruled, dataClass: number): PortBuffers {
  return dataClasses[dataClass]!.rules?.ports ?? flowControl.ports;
}

/** Thresholds of marking of a data class; null where nothing is marked. */
export function ecnThresholds({ dataClasses, ecn }: RunPlan, dataClass: number): EcnThresholds | null {
  return dataClasses[dataClass]!.rules?.ecn ?? ecn;
}

/** Share of what is free that an egress queue of a data class may hold, where tail drop decides. */
export function dropAlpha({ dataClasses, flowControl }: Ruled, dataClass: number): { num: number; den: number } {
  const { dropAlphaNum: num, dropAlphaDen: den } = dataClasses[dataClass]!.rules ?? flowControl;
  return { num, den };
}

/** Data classes that a switch drops though it has PFC, a bit each. */
export function lossyClassesAt({ dataClasses, flowControl }: Ruled, switchNumber: number): number {
  if ((flowControl.lossyBytes?.[switchNumber] ?? 0) === 0) return 0;
  return dataClasses.reduce((mask, { rules }, dataClass) => (rules?.isLossy ? mask | (1 << dataClass) : mask), 0);
}

/**
 * Bytes of a switch that are not shared: headroom and reserve of its ports for each lossless class,
 * and what lossy classes have to themselves.
 * @param firstPort, endPort its ports, by global number
 */
export function bytesSetApart(plan: Ruled, switchNumber: number, firstPort: number, endPort: number): number {
  const lossy = lossyClassesAt(plan, switchNumber);
  let bytes = plan.flowControl.lossyBytes?.[switchNumber] ?? 0;
  for (let dataClass = 0; dataClass < plan.dataClasses.length; dataClass++) {
    if ((lossy >> dataClass) & 1) continue;
    const { reserveBytes, headroomBytes } = portRules(plan, dataClass);
    for (let port = firstPort; port < endPort; port++) bytes += reserveBytes[port]! + headroomBytes[port]!;
  }
  return bytes;
}
