import type { Fabric } from "../plan/fabric.js";
import type { Algorithm, CollectiveWorkload, Scenario } from "../scenario/scenario.js";
import { rankLayout } from "../topology/ranks.js";
import { type Cluster, clusterOf } from "./cluster.js";
import { type ConnectedFlows, connect } from "./connections.js";
import { doubleBinaryTrees } from "./double-binary-tree.js";
import { flowList } from "./flows.js";
import { hierarchicalRing } from "./hierarchical-ring.js";
import { ring } from "./ring.js";
import type { Collective } from "./schedule.js";

/** All-reduce algorithms by name. */
export const ALGORITHMS: Readonly<Record<Algorithm, (workload: CollectiveWorkload, cluster: Cluster) => Collective>> = {
  ring,
  "double-binary-tree": doubleBinaryTrees,
  "hierarchical-ring": hierarchicalRing,
};

/** The flow graph of a scenario's workload on its fabric, and what its flows are parts of. */
export function buildFlows(scenario: Scenario, fabric: Fabric): ConnectedFlows {
  const { workload, topology, transport } = scenario;
  const schedule =
    workload.kind === "flows"
      ? flowList(workload)
      : ALGORITHMS[workload.algorithm](workload, clusterOf(scenario)).schedule;
  return connect(schedule, rankLayout(topology, fabric), fabric, transport.qpsPerConnection);
}
