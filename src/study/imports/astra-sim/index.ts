/** ASTRA-sim's descriptions of systems: docs/IMPORTS-FABRICS.md has what is read. */
import { listOf } from "../../../util/list-of.js";
import type { Imported, ImportFormat } from "../common/format.js";
import { isOfFormat } from "../common/recognise.js";
import type { SourceFile } from "../common/source.js";
import { ns3 } from "../ns3/index.js";
import { fabricOf } from "./fabric.js";
import { isLogical, readLogical } from "./logical.js";
import { type Dimension, readNetwork } from "./network.js";
import { type AstraSystem, NO_SYSTEM, readSystem } from "./system.js";
import { workloadOf } from "./workload.js";

export const astraSim: ImportFormat = {
  sentence: "network.yml of ASTRA-sim, or the files of its ns-3 back end with logical-dims; and its system.json.",
  alsoReads: ["ns3"],
  async read(files): Promise<Imported> {
    const { network, system, logical, physical } = await partsOf(files);
    if (physical.length > 0) return overNs3(physical, logical, system, network);
    if (logical !== undefined) logical.fail("name the physical topology, too: the file of ns-3 with nodes and links");
    if (network === undefined) return files[0]!.fail("name the network file, too: network.yml");
    const dimensions = await readNetwork(network);
    const settings = system ? await readSystem(system, dimensions.length) : NO_SYSTEM;
    const workload = workloadOf(system ?? network, { dimensions, isFabric: false }, settings);
    return {
      ranks: npusOf(dimensions),
      sections: { ...fabricOf(network, dimensions, settings.endpointDelayNs), workload },
      notes: notesOf(settings),
    };
  },
};

interface Parts {
  readonly network: SourceFile | undefined;
  readonly system: SourceFile | undefined;
  readonly logical: SourceFile | undefined;
  /** Files of ns-3. */
  readonly physical: readonly SourceFile[];
}

/** What each file is: by its ending, and by how it begins. */
async function partsOf(files: readonly SourceFile[]): Promise<Parts> {
  const lists = { network: [] as SourceFile[], system: [] as SourceFile[], logical: [] as SourceFile[] };
  const physical: SourceFile[] = [];
  for (const file of files) {
    const head = await file.head();
    if (/\.ya?ml$/i.test(file.name)) lists.network.push(file);
    else if (isLogical(head)) lists.logical.push(file);
    else if (isOfFormat(head, "ns3")) physical.push(file);
    else lists.system.push(file);
  }
  const { network, system, logical } = lists;
  (network[1] ?? system[1])?.fail("write one network file, .yml, and at most one system file, .json");
  logical[1]?.fail("a second file with logical-dims; write one");
  return { network: network[0], system: system[0], logical: logical[0], physical };
}

/** The fabric of the files of ns-3, with collectives in the dimensions of the logical topology. */
async function overNs3(
  physical: readonly SourceFile[],
  logical: SourceFile | undefined,
  system: SourceFile | undefined,
  network: SourceFile | undefined,
): Promise<Imported> {
  network?.fail("is for the analytical back ends, and there are files of ns-3; leave one of them out");
  if (logical === undefined)
    return physical[0]!.fail('name the logical topology, too, a file such as { "logical-dims": ["8", "2"] }');
  const { ranks, sections, notes } = await ns3.read(physical, undefined);
  if (ranks === 0) physical[0]!.fail("name the physical topology, too: the file of ns-3 with nodes and links");
  const dimensions = await readLogical(logical, ranks);
  const settings = system ? await readSystem(system, dimensions.length) : NO_SYSTEM;
  const { endpointDelayNs } = settings;
  const { workload: own, ...rest } = sections!;
  if ((own as { kind: string }).kind === "flows")
    logical.fail("the files of ns-3 name flows, too; leave out the flow file, or import these as ns3");
  const workload = workloadOf(system ?? logical, { dimensions, isFabric: true }, settings);
  const nic = endpointDelayNs > 0 && { nic: { latency: `${endpointDelayNs / 2}ns` } };
  const told = notes.filter((note) => !note.startsWith("the workload is"));
  return { ranks, sections: { ...rest, ...nic, workload }, notes: [...told, ...notesOf(settings)] };
}

function npusOf(dimensions: readonly Dimension[]): number {
  return dimensions.reduce((product, { npus }) => product * npus, 1);
}

function notesOf({ unread, activeChunks, splits }: AstraSystem): string[] {
  return [
    ...(unread.length === 0 ? [] : [`keys that are not read: ${listOf(unread)}`]),
    ...(activeChunks > 1 && splits > 1 ? ["a phase has one part at a time: active-chunks-per-dimension is 1"] : []),
    "the workload is an all-reduce of 64 MiB; write your own",
  ];
}
