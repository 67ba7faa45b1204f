/** Fabrics as graphs: docs/IMPORTS-FABRICS.md has what is read. */
import type { ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { readDot } from "./dot.js";
import type { ReadGraph } from "./graph.js";
import { readGraphMl } from "./graphml.js";
import { readNetworkX } from "./networkx.js";
import { fabricOfGraph } from "./topology.js";

function graphFormat(sentence: string, read: (file: SourceFile) => Promise<ReadGraph>): ImportFormat {
  return {
    sentence,
    async read(files) {
      const [file, second] = files;
      if (second !== undefined) second.fail("a fabric is one graph in one file; name one");
      return fabricOfGraph(file!, await read(file!));
    },
  };
}

export const graphml = graphFormat("A fabric as GraphML: one file.", readGraphMl);
export const networkx = graphFormat("A fabric as node-link JSON of NetworkX: one file.", readNetworkX);
export const dot = graphFormat("A fabric in DOT, of Graphviz: one file.", readDot);
