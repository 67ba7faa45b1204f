/** ASTRA-sim's descriptions of systems: docs/IMPORTS-FABRICS.md has what is read. */
import { formatQuantity } from "../../../scenario/types/units.js";
import { listOf } from "../../../util/list-of.js";
import type { Imported, ImportFormat } from "../common/format.js";
import { type Dimension, readNetwork } from "./network.js";
import { readSystem } from "./system.js";

export const astraSim: ImportFormat = {
  sentence: "network.yml of ASTRA-sim, with dimensions of kind Switch, and its system.json.",
  async read(files): Promise<Imported> {
    const isNetwork = (name: string) => /\.ya?ml$/i.test(name);
    const [network, secondNetwork] = files.filter(({ name }) => isNetwork(name));
    const [system, secondSystem] = files.filter(({ name }) => !isNetwork(name));
    if (network === undefined) return files[0]!.fail("name the network file, too: network.yml");
    (secondNetwork ?? secondSystem)?.fail("write one network file, .yml, and at most one system file, .json");
    const dimensions = await readNetwork(network);
    const { algorithm, unread } = system
      ? await readSystem(system, dimensions.length)
      : { algorithm: undefined, unread: [] };
    const workload = { kind: "collective", collective: "all-reduce", ...(algorithm && { algorithm }), size: "64MiB" };
    return {
      ranks: dimensions.reduce((product, { npus }) => product * npus, 1),
      sections: { ...fabricOf(dimensions), workload },
      notes: [
        ...(unread.length === 0 ? [] : [`keys that are not read: ${listOf(unread)}`]),
        "the workload is an all-reduce of 64 MiB; write your own",
      ],
    };
  },
};

/** A message takes its bytes and the latencies: no headers, and no time in switches and NICs. */
const BARE = {
  wire: { header: "0B", gap: "0B", ack: "1B" },
  switch: { latency: "0ns" },
  nic: { latency: "0ns" },
};

/**
 * One dimension is one switch. Of two, the first is the scale-up network of the nodes; the second
 * has a switch for each place in the nodes, which is a rail. An NPU's id is its place in the node
 * plus the node's number times the NPUs of a node.
 */
function fabricOf(dimensions: readonly Dimension[]): Readonly<Record<string, unknown>> {
  const [near, far] = dimensions as [Dimension, Dimension | undefined];
  const { npus } = far ?? near;
  const level = ({ rateBps, latencyNs }: Dimension) => ({
    rate: formatQuantity("rate", rateBps),
    latency: `${latencyNs}ns`,
    fecLatency: "0ns",
  });
  const network = level(far ?? near);
  const radix = Math.max(2 * npus, 4);
  const links = { access: network, fabric: { ...network } };
  if (far === undefined) {
    return { ...BARE, topology: { kind: "leaf-spine", gpus: npus, gpusPerNode: 1, radix }, links };
  }
  const gpus = near.npus * far.npus;
  const topology = { kind: "rail-optimized", gpus, gpusPerNode: near.npus, radix };
  const scaleUp = { ...level(near), cell: "mtu" };
  return { ...BARE, topology, links: { ...links, scaleUp } };
}
