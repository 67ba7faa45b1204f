/** Which GPU has which NIC of a node, and which NIC a channel takes. */
import type { TraceNics } from "../../../scenario/types/trace.js";
import type { SourceFile } from "../common/source.js";
import { assignNics } from "../nccl-topology/nics.js";
import type { NcclNode } from "../nccl-topology/node.js";
import type { Graph, GraphChannel } from "./read.js";

/** NICs of a node by their numbers in NCCL. */
export interface NodeNics {
  /** NICs that each GPU has. */
  readonly perGpu: number;
  /** GPUs that have the NIC, by place; and which NIC of theirs it is. */
  readonly at: (dev: number) => { readonly gpus: readonly number[]; readonly number: number };
  /** Whether that was said; otherwise NICs go to GPUs in the order of their numbers. */
  readonly isSaid: boolean;
}

const MAX_PER_GPU = 255;

/** In the order of numbers, as many for each GPU as the largest number asks for. */
export function nicsInOrder(gpus: number, largest: number): NodeNics {
  const perGpu = Math.max(1, Math.ceil((largest + 1) / gpus));
  return {
    perGpu,
    at: (dev) => ({ gpus: [Math.floor(dev / perGpu)], number: dev % perGpu }),
    isSaid: false,
  };
}

/** As the option says: GPUs by number of the NIC. */
export function nicsAsWritten(
  file: SourceFile,
  gpus: number,
  written: readonly (number | readonly number[])[],
): NodeNics {
  const owners = written.map((each) => [each].flat());
  const strange = owners.flat().find((gpu) => gpu >= gpus);
  if (strange !== undefined) file.fail(`nics names GPU ${strange}, and a node has GPUs 0 to ${gpus - 1}`);
  return nicsOf(file, new Map(owners.map((list, dev) => [dev, list])));
}

/** As PCIe has them, in a topology file of the node. */
export function nicsOfTopology(file: SourceFile, gpus: number, node: NcclNode): NodeNics {
  if (node.gpus.length !== gpus) file.fail(`${node.gpus.length} GPUs, and the graphs have ${gpus}`);
  const owned = assignNics(node);
  if (owned === null) file.fail("no NIC is nearest to each GPU; write nics, the GPU of each NIC");
  const owners = new Map<number, number[]>(node.nets.map(({ dev }) => [dev, []]));
  owned.nics.forEach((list, gpu) => {
    for (const { dev } of list) owners.get(dev)!.push(gpu);
  });
  return nicsOf(file, owners);
}

function nicsOf(file: SourceFile, owners: ReadonlyMap<number, readonly number[]>): NodeNics {
  const devs = [...owners.keys()].sort((a, b) => a - b);
  const listOf = (gpu: number) => devs.filter((dev) => owners.get(dev)!.includes(gpu));
  const perGpu = Math.max(...[...owners.values()].flat().map((gpu) => listOf(gpu).length));
  if (perGpu > MAX_PER_GPU) file.fail(`a GPU has ${perGpu} NICs; at most ${MAX_PER_GPU}`);
  return {
    perGpu,
    at: (dev) => {
      const gpus = owners.get(dev);
      if (gpus === undefined || gpus.length === 0) return file.fail(`no GPU has NIC ${dev}, which the graphs name`);
      return { gpus, number: listOf(gpus[0]!).indexOf(dev) };
    },
    isSaid: true,
  };
}

/** One channel of the nodes of a job. */
export interface NodeChannel {
  readonly file: SourceFile;
  readonly graph: Graph;
  readonly channel: GraphChannel;
}

/** By rank: the NIC that it takes in a channel. Undefined where a node names none. */
export function traceNics(nodes: readonly NodeChannel[], gpusPerNode: number, nics: NodeNics): TraceNics | undefined {
  if (nodes.some(({ channel }) => channel.nets === undefined)) return undefined;
  const holder = new Uint32Array(nodes.length * gpusPerNode);
  const number = new Uint8Array(holder.length);
  nodes.forEach(({ channel: { gpus, nets } }, node) => {
    gpus.forEach((gpu, i) => {
      const place = nics.at(nets![i === 0 ? 0 : 1]);
      const rank = node * gpusPerNode + gpu;
      holder[rank] = node * gpusPerNode + (place.gpus.includes(gpu) ? gpu : place.gpus[0]!);
      number[rank] = place.number;
    });
  });
  return { gpusPerNode, perGpu: nics.perGpu, holder, number };
}

/**
 * NCCL begins at a NIC with a GPU that is near it. Where that is another GPU than the one that the
 * order of numbers gives, the order is not right.
 * @throws ScenarioError
 */
export function checkOrder({ file, graph, channel: { gpus, nets } }: NodeChannel, nics: NodeNics): void {
  if (nets === undefined || nics.isSaid) return;
  const [dev] = nets;
  const [holder] = nics.at(dev).gpus;
  if (holder === gpus[0]) return;
  file.fail(
    `a channel begins with <net> ${dev} and GPU ${gpus[0]}, and by their order NIC ${dev} is that of GPU ${holder}; ` +
      "name the file of NCCL_TOPO_DUMP_FILE, too, or write nics, the GPU of each NIC, e.g. nics: [0, 0, 1, 1]",
    graph,
  );
}
