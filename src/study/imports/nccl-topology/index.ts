/** Topology files of NCCL (`NCCL_TOPO_DUMP_FILE`): docs/IMPORTS-FABRICS.md has what is read. */
import { formatQuantity } from "../../../scenario/types/units.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { type NcclGpu, type NcclNet, type NcclNode, pcieBps, readNode, shared } from "./node.js";

/** A file tells of one node; a fabric has several. */
const NODES = 8;

export const ncclTopology: ImportFormat = {
  sentence: "The inside of a node as NCCL_TOPO_DUMP_FILE writes it (XML): one file.",
  async read(files): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("a topology is one file; nodes are alike here");
    return nodes(file!, await readNode(file!));
  },
};

function nodes(file: SourceFile, node: NcclNode): Imported {
  const { gpus, nets, hasSwitches, hasC2c } = node;
  const [first] = gpus as [NcclGpu, ...NcclGpu[]];
  const odd = gpus.find(({ nvlinkBps }) => nvlinkBps !== first.nvlinkBps);
  if (odd !== undefined) {
    file.fail(`GPUs ${first.dev} and ${odd.dev} have NVLinks of other rates; the GPUs of a node are alike here`);
  }
  if (nets.length > gpus.length) {
    file.fail(`${nets.length} NICs for ${gpus.length} GPUs; a GPU has one NIC here: leave out <net> elements`);
  }
  const rails = nets.length === gpus.length ? nearest(gpus, nets) : null;
  const notes = ["the file tells of one node: the fabric has 8 of them; change topology.gpus"];
  if (rails === null && nets.length < gpus.length) {
    notes.push(`${gpus.length} GPUs share ${nets.length} NICs: each GPU has its part of their rate`);
  } else if (rails === null) {
    notes.push("no NIC is nearest to each GPU: the GPUs of a node share a leaf");
  }
  if (first.nvlinkBps > 0 && !hasSwitches)
    notes.push("NVLinks that join GPUs without NVSwitches are one NVSwitch here");
  if (hasC2c) notes.push("links between CPUs and GPUs (C2C) are not read");
  const rateBps = accessRate(node, rails, notes);
  const topology = {
    kind: rails === null || gpus.length === 1 ? "leaf-spine" : "rail-optimized",
    gpus: NODES * gpus.length,
    gpusPerNode: gpus.length,
    scaleUp: first.nvlinkBps > 0 && gpus.length > 1,
  };
  const access = { rate: formatQuantity("rate", rateBps) };
  const scaleUp = topology.scaleUp && { scaleUp: { rate: formatQuantity("rate", first.nvlinkBps) } };
  const workload = { kind: "collective", collective: "all-reduce", size: "64MiB" };
  notes.push("the workload is an all-reduce of 64 MiB; write your own");
  return {
    ranks: topology.gpus,
    sections: { topology, links: { access, fabric: { ...access }, ...scaleUp }, workload },
    notes,
  };
}

/** NIC of each GPU: the one that shares most of the PCIe tree; null where two GPUs share one. */
function nearest(gpus: readonly NcclGpu[], nets: readonly NcclNet[]): readonly NcclNet[] | null {
  const free = new Set(nets);
  const chosen = gpus.map((gpu) => {
    const most = Math.max(...nets.map((net) => shared(gpu.place, net.place)));
    // Of several that are equally near, the first free one by number.
    const near = nets.filter((net) => free.has(net) && shared(gpu.place, net.place) === most);
    const net = near.sort((a, b) => a.dev - b.dev)[0];
    if (net !== undefined) free.delete(net);
    return net;
  });
  return chosen.includes(undefined) ? null : (chosen as NcclNet[]);
}

/** Of a GPU's link to the fabric: the NIC's, or its part of them, or what PCIe carries. */
function accessRate({ gpus, nets }: NcclNode, rails: readonly NcclNet[] | null, notes: string[]): number {
  const slowest = Math.min(...nets.map(({ rateBps }) => rateBps));
  if (nets.some(({ rateBps }) => rateBps !== slowest)) notes.push("NICs have several rates: all have the lowest here");
  const rateBps = Math.floor((slowest * nets.length) / gpus.length / 1e6) * 1e6;
  if (rails === null) return rateBps;
  const pcie = Math.min(...gpus.map(({ place }, i) => pcieBps(place, rails[i]!.place)));
  if (pcie >= rateBps) return rateBps;
  const whole = Math.floor(pcie / 1e6) * 1e6;
  notes.push(
    `PCIe between a GPU and its NIC carries ${formatQuantity("rate", whole)}, less than the NIC: that is the rate`,
  );
  return whole;
}
