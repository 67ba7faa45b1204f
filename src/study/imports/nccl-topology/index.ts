/** Topology files of NCCL (`NCCL_TOPO_DUMP_FILE`): docs/IMPORTS-FABRICS.md has what is read. */
import { formatQuantity } from "../../../scenario/types/units.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { type NodeShape, plainFabric, railFabric } from "./fabric.js";
import { type Assignment, assignNics, pcieOf, railsOf } from "./nics.js";
import { type NcclNode, readNode } from "./node.js";

/** A file tells of one node; a fabric has several. */
const NODES = 8;

export const ncclTopology: ImportFormat = {
  sentence: "The inside of a node as NCCL_TOPO_DUMP_FILE writes it (XML): one file.",
  async read(files): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("a topology is one file; nodes are alike here");
    const node = await readNode(file!);
    const { sections, notes } = nodes(file!, node, NODES);
    const workload = { kind: "collective", collective: "all-reduce", size: "64MiB" };
    return {
      ranks: NODES * node.gpus.length,
      sections: { ...sections, workload },
      notes: [...notes, "the workload is an all-reduce of 64 MiB; write your own"],
    };
  },
};

/** Sections of a scenario: `count` such nodes, and their links. @throws ScenarioError */
export function fabricSections(file: SourceFile, node: NcclNode, count: number): Sections {
  return nodes(file, node, count).sections;
}

type Sections = Readonly<Record<string, unknown>>;

function nodes(file: SourceFile, node: NcclNode, count: number): { sections: Sections; notes: string[] } {
  const { gpus, nets } = node;
  const nvlinkBps = nvlinks(file, node);
  if (nets.length > gpus.length && nets.length % gpus.length !== 0) {
    file.fail(
      `${nets.length} NICs for ${gpus.length} GPUs; the GPUs of a node have the same number here: leave out <net> elements that carry no collectives, as NCCL_IB_HCA does`,
    );
  }
  const shape: NodeShape = {
    nodes: count,
    gpusPerNode: gpus.length,
    scaleUp: nvlinkBps > 0 && gpus.length > 1,
  };
  const owned = assignNics(node);
  const topology = owned === null ? plainFabric(shape) : railFabric(file, shape, railsOf(node, owned));
  const notes = notesOf(node, owned, topology.kind);
  const nicBps = accessRate(node, owned, notes);
  // A link of a listed fabric is that of one NIC; elsewhere a rate is that of all planes.
  const perLink = topology.kind === "custom" ? nicBps / Math.max(1, nets.length / gpus.length) : nicBps;
  const access = { rate: formatQuantity("rate", Math.floor(perLink / 1e6) * 1e6) };
  const scaleUp = shape.scaleUp && { scaleUp: { rate: formatQuantity("rate", nvlinkBps) } };
  return { sections: { topology, links: { access, fabric: { ...access }, ...scaleUp } }, notes };
}

/** NVLinks of each GPU, in bit/s. */
function nvlinks(file: SourceFile, { gpus }: NcclNode): number {
  const [first] = gpus;
  const odd = gpus.find(({ nvlinkBps }) => nvlinkBps !== first!.nvlinkBps);
  if (odd === undefined) return first!.nvlinkBps;
  return file.fail(`GPUs ${first!.dev} and ${odd.dev} have NVLinks of other rates; the GPUs of a node are alike here`);
}

function notesOf({ gpus, nets, hasSwitches, hasC2c }: NcclNode, owned: Assignment | null, kind: unknown): string[] {
  const change = kind === "custom" ? "write the hosts of others" : "change topology.gpus";
  const notes = [`the file tells of one node: the fabric has ${NODES} of them; ${change}`];
  if (nets.length < gpus.length) {
    notes.push(`${gpus.length} GPUs share ${nets.length} NICs: each GPU has its part of their rate`);
  }
  if (owned === null) notes.push("no NIC is nearest to each GPU: the GPUs of a node share a leaf");
  if (gpus[0]!.nvlinkBps > 0 && !hasSwitches)
    notes.push("NVLinks that join GPUs without NVSwitches are one NVSwitch here");
  if (hasC2c) notes.push("links between CPUs and GPUs (C2C) are not read");
  return notes;
}

/** What a GPU sends over all of its NICs: their rate or its part of it, or what PCIe carries. */
function accessRate({ gpus, nets }: NcclNode, owned: Assignment | null, notes: string[]): number {
  const slowest = Math.min(...nets.map(({ rateBps }) => rateBps));
  if (nets.some(({ rateBps }) => rateBps !== slowest)) notes.push("NICs have several rates: all have the lowest here");
  const rateBps = (slowest * nets.length) / gpus.length;
  if (owned === null) return rateBps;
  const pcie = Math.min(...gpus.map((gpu, i) => pcieOf(gpu, owned.nics[i]!)));
  if (pcie >= rateBps) return rateBps;
  const whole = Math.floor(pcie / 1e6) * 1e6;
  notes.push(
    `PCIe between a GPU and its NICs carries ${formatQuantity("rate", whole)}, less than the NICs: that is the rate`,
  );
  return whole;
}
