import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { ClosTopology, Scenario } from "../../src/scenario/types/scenario.js";

/** A scenario of the given sections; a flow from rank 0 to rank 1 where it has no workload. */
export function scenarioOf(sections: Record<string, unknown>): Scenario {
  const workload = { kind: "flows", flows: [{ src: 0, dst: 1, size: "4096B" }] };
  return parseScenario({ version: 1, name: "test", workload, ...sections }).scenario;
}

export type WrittenClos = Partial<Omit<ClosTopology, "kind">> & { readonly kind: ClosTopology["kind"] };

export function closScenario(topology: WrittenClos, sections: Record<string, unknown> = {}): Scenario {
  return scenarioOf({ topology: { gpus: 64, gpusPerNode: 1, radix: 8, ...topology }, ...sections });
}
