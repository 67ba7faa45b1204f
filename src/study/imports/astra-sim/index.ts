/** ASTRA-sim's descriptions of systems: docs/IMPORTS-FABRICS.md has what is read. */
import { listOf } from "../../../util/list-of.js";
import type { Imported, ImportFormat } from "../common/format.js";
import { fabricOf } from "./fabric.js";
import { readNetwork } from "./network.js";
import { NO_SYSTEM, readSystem } from "./system.js";
import { workloadOf } from "./workload.js";

export const astraSim: ImportFormat = {
  sentence: "network.yml of ASTRA-sim's analytical back ends, and its system.json.",
  async read(files): Promise<Imported> {
    const isNetwork = (name: string) => /\.ya?ml$/i.test(name);
    const [network, secondNetwork] = files.filter(({ name }) => isNetwork(name));
    const [system, secondSystem] = files.filter(({ name }) => !isNetwork(name));
    if (network === undefined) return files[0]!.fail("name the network file, too: network.yml");
    (secondNetwork ?? secondSystem)?.fail("write one network file, .yml, and at most one system file, .json");
    const dimensions = await readNetwork(network);
    const settings = system ? await readSystem(system, dimensions.length) : NO_SYSTEM;
    const { unread, activeChunks, splits, endpointDelayNs } = settings;
    const workload = workloadOf(system ?? network, dimensions, settings);
    return {
      ranks: dimensions.reduce((product, { npus }) => product * npus, 1),
      sections: { ...fabricOf(network, dimensions, endpointDelayNs), workload },
      notes: [
        ...(unread.length === 0 ? [] : [`keys that are not read: ${listOf(unread)}`]),
        ...(activeChunks > 1 && splits > 1 ? ["a phase has one part at a time: active-chunks-per-dimension is 1"] : []),
        "the workload is an all-reduce of 64 MiB; write your own",
      ],
    };
  },
};
