/** How the flow graph of each algorithm is built. Its other facts: `src/plan/collectives.ts`. */
import type { AlgorithmName } from "../../plan/collectives.js";
import type { CollectiveWorkload } from "../../scenario/types/scenario.js";
import { bruck, pat } from "./aggregated.js";
import { binomialTree } from "./binomial.js";
import type { Cluster } from "./cluster.js";
import { direct, pairwise } from "./direct.js";
import { doubleBinaryTrees, singleTree } from "./double-binary-tree.js";
import { halvingDoubling, recursiveDoubling } from "./doubling.js";
import { hierarchicalRing } from "./hierarchical-ring.js";
import { hierarchicalTree } from "./hierarchical-tree.js";
import { nvls } from "./nvls.js";
import { nvlsTree } from "./nvls-tree.js";
import { pxn } from "./pxn.js";
import { repeated } from "./repeated.js";
import { ring } from "./ring.js";
import { type Collective, ScheduleBuilder } from "./schedule.js";
import { sharp } from "./sharp.js";

type Build = (workload: CollectiveWorkload, cluster: Cluster) => Collective;

/** What is built takes as often as it is repeated: its chunks go over the same queue pairs. */
const repeating = (build: Build): Build => alone(build);

/** What is built is done once, and copied. */
const once = (build: Build): Build => alone((workload, cluster) => repeated(build(workload, cluster), workload.repeat));

/** A rank by itself has nothing to do. */
function alone(build: Build): Build {
  const nothing: Collective = {
    schedule: new ScheduleBuilder(1).build(),
    parts: 1,
    cargo: () => ({ list: [], reduces: false }),
  };
  return (workload, cluster) => (cluster.ranks === 1 ? nothing : build(workload, cluster));
}

/** From or to a root data goes one way, and one collective may follow the other at once. */
function byRoot(repeats: Build, copied: Build): Build {
  const [over, anew] = [repeating(repeats), once(copied)];
  return (workload, cluster) => {
    const isOneWay = ["broadcast", "reduce", "gather", "scatter"].includes(workload.collective);
    return isOneWay ? over(workload, cluster) : anew(workload, cluster);
  };
}

const tree: Build = (workload, cluster) => {
  const isBinomial = workload.collective === "scatter" || workload.collective === "gather";
  return isBinomial ? once(binomialTree)(workload, cluster) : byRoot(singleTree, singleTree)(workload, cluster);
};

/** Builders by algorithm. */
export const ALGORITHMS: Readonly<Record<AlgorithmName, Build>> = {
  ring: repeating(ring),
  "double-binary-tree": once(doubleBinaryTrees),
  "hierarchical-ring": once(hierarchicalRing),
  tree,
  "halving-doubling": once(halvingDoubling),
  "recursive-doubling": once(recursiveDoubling),
  direct: byRoot(direct, direct),
  pairwise: once(pairwise),
  bruck: once(bruck),
  pat: once(pat),
  "hierarchical-tree": once(hierarchicalTree),
  pxn: once(pxn),
  nvls: once(nvls),
  "nvls-tree": once(nvlsTree),
  sharp: once(sharp),
};
