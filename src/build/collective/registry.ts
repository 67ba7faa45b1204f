/** How the flow graph of each algorithm is built. Its other facts: `src/plan/collectives.ts`. */
import type { AlgorithmName } from "../../plan/collectives.js";
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import { doubleBinaryTrees } from "./double-binary-tree.js";
import { hierarchicalRing } from "./hierarchical-ring.js";
import { nvls } from "./nvls.js";
import { nvlsTree } from "./nvls-tree.js";
import { ring } from "./ring.js";
import type { Collective } from "./schedule.js";
import { sharp } from "./sharp.js";

type Build = (workload: CollectiveWorkload, cluster: Cluster) => Collective;

/** Builders by algorithm. */
export const ALGORITHMS: Readonly<Record<AlgorithmName, Build>> = {
  ring,
  "double-binary-tree": doubleBinaryTrees,
  "hierarchical-ring": hierarchicalRing,
  nvls,
  "nvls-tree": nvlsTree,
  sharp,
};
