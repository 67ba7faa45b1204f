/** Which algorithm NCCL's model chooses for collectives of groups of ranks. */
import { ALGORITHM_ROWS, type AlgorithmName, type CollectiveName } from "../../plan/collectives.js";
import { choose } from "../../scenario/tuning/choose.js";
import { hardwareOf } from "../../scenario/tuning/hardware.js";
import { tunedSystem } from "../../scenario/tuning/system.js";
import { gpusPerNodeOf } from "../../scenario/types/placement.js";
import type { CollectiveWorkload, Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";

export type ChosenAlgorithm = Pick<CollectiveWorkload, "algorithm" | "protocol">;

/**
 * Rings side by side of a group of ranks: as in NCCL each crosses between nodes over another NIC.
 * One where the group has one GPU of each node, or lies in one node.
 */
export function channelsOf(algorithm: AlgorithmName, ranks: readonly number[], nodeSize: number): number {
  if (!ALGORITHM_ROWS[algorithm].takesChannels) return 1;
  const gpusPerNode = gpusPerNodeOf(ranks, nodeSize);
  return gpusPerNode < ranks.length ? gpusPerNode : 1;
}

/** Keeps what was chosen: programs have many operations of few sizes. */
export class AlgorithmChoice {
  private readonly choices = new Map<string, ChosenAlgorithm>();

  constructor(private readonly scenario: Scenario) {}

  of(collective: CollectiveName, bytes: number, ranks: readonly number[]): ChosenAlgorithm {
    const facts = topologyFacts(this.scenario.topology);
    const gpusPerNode = gpusPerNodeOf(ranks, facts.gpusPerNode);
    const key = `${collective} ${bytes} ${ranks.length} ${gpusPerNode}`;
    let chosen = this.choices.get(key);
    if (chosen === undefined) {
      const hasScaleUp = facts.hasScaleUp && gpusPerNode > 1;
      const system = tunedSystem(hardwareOf(this.scenario, ranks.length, gpusPerNode));
      const { algorithm, protocol } = choose(collective, system, bytes, { hasScaleUp, reducesInScaleUp: false });
      chosen = { algorithm, ...(protocol !== null && { protocol }) };
      this.choices.set(key, chosen);
    }
    return chosen;
  }
}
