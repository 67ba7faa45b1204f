/** Formats that `heddle import` reads; those of workloads can also be run as they are. */

import type { z } from "zod";
import type { TRACE_FORMATS, TraceFormat } from "../../scenario/schema/trace.js";
import { astraSim } from "./astra-sim/index.js";
import { chakra } from "./chakra/index.js";
import type { ImportFormat } from "./common/format.js";
import { goal } from "./goal/index.js";
import { dot, graphml, networkx } from "./graphs/index.js";
import { htsim } from "./htsim/index.js";
import { htsimTopo } from "./htsim/topology.js";
import { msccl } from "./msccl/index.js";
import { ncclGraph } from "./nccl-graph/index.js";
import { ncclTopology } from "./nccl-topology/index.js";
import { ns3 } from "./ns3/index.js";
import { simai } from "./simai/index.js";

type TraceRows = { readonly [F in TraceFormat]: ImportFormat<z.output<(typeof TRACE_FORMATS)[F]>> };

/** Formats of workloads: each has a row in the scenario's schema, with its options. */
export const TRACE_READERS: TraceRows = { goal, chakra, htsim, "nccl-graph": ncclGraph, simai, msccl };

/** Formats of other things, such as fabrics. They have no options. */
export const OTHER_READERS: Readonly<Record<string, ImportFormat>> = {
  graphml,
  networkx,
  dot,
  "htsim-topo": htsimTopo,
  ns3,
  "astra-sim": astraSim,
  "nccl-topology": ncclTopology,
};

/** Names and sentences of all. */
export function formatList(): readonly { readonly name: string; readonly sentence: string }[] {
  return Object.entries({ ...TRACE_READERS, ...OTHER_READERS }).map(([name, { sentence }]) => ({ name, sentence }));
}
