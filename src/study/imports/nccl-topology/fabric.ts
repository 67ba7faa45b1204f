/** Fabrics that nodes with such NICs hang on. */

import { MAX_PORTS } from "../../../plan/limits.js";
import type { SourceFile } from "../common/source.js";

type Written = Readonly<Record<string, unknown>>;

export interface NodeShape {
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly scaleUp: boolean;
}

/** Where no NIC belongs to a GPU: all GPUs of a node under one leaf. */
export function plainFabric({ nodes, gpusPerNode, scaleUp }: NodeShape): Written {
  return { kind: "leaf-spine", gpus: nodes * gpusPerNode, gpusPerNode, scaleUp };
}

/**
 * Each NIC under the leaf of its rail.
 * @param rails of each GPU of a node, a rail for each of its NICs
 */
export function railFabric(file: SourceFile, shape: NodeShape, rails: readonly (readonly number[])[]): Written {
  const { nodes, gpusPerNode, scaleUp } = shape;
  if (new Set(rails.flat()).size < rails.flat().length) return listed(file, shape, rails);
  const planes = rails[0]!.length;
  const kind = gpusPerNode === 1 ? "leaf-spine" : "rail-optimized";
  return { kind, gpus: nodes * gpusPerNode, gpusPerNode, scaleUp, ...(planes > 1 && { planes }) };
}

/** Rails that several GPUs of a node share: a leaf for each rail, and a spine over all. */
function listed(file: SourceFile, { nodes, gpusPerNode, scaleUp }: NodeShape, rails: readonly (readonly number[])[]) {
  const names = [...new Set(rails.flat())].sort((a, b) => a - b);
  const hosts = Array.from({ length: nodes }, (_, node) => rails.map((_, gpu) => `node-${node}-gpu-${gpu}`)).flat();
  const links: Written[] = hosts.flatMap((a, host) =>
    rails[host % gpusPerNode]!.map((rail) => ({ a, b: `rail-${rail}` })),
  );
  const ports = links.length;
  if (ports > MAX_PORTS) file.fail(`${nodes} such nodes share rails by ${ports} NICs; at most ${MAX_PORTS} are read`);
  const counts = names.map((rail) => nodes * rails.flat().filter((own) => own === rail).length);
  const up = names.length > 1 ? names.map((rail, i) => ({ a: `rail-${rail}`, b: "spine", count: counts[i]! })) : [];
  const switches = [...names.map((rail) => `rail-${rail}`), ...(up.length > 0 ? ["spine"] : [])];
  return { kind: "custom", hosts, gpusPerNode, scaleUp, switches, links: [...links, ...up] };
}
