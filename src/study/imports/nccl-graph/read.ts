/** Graphs of NCCL (`NCCL_GRAPH_DUMP_FILE`): what it chose in one node. */
import type { SourceFile } from "../common/source.js";
import { readXml, type XmlElement } from "../common/xml.js";

const LARGEST_FILE = 2 ** 26;
const MOST_CHANNELS = 1024;

/** By the number of the pattern. */
export const PATTERNS: Readonly<Record<number, string>> = {
  1: "balanced tree",
  2: "split tree",
  3: "tree",
  4: "ring",
  5: "NVLS",
  6: "CollNet direct",
};

export interface Graph {
  readonly pattern: number;
  /** GPUs of each channel in their order, by place among those of the node. */
  readonly channels: readonly (readonly number[])[];
  readonly line: number;
  readonly column: number;
}

export interface NodeGraphs {
  readonly file: SourceFile;
  /** GPUs of the node. */
  readonly gpus: number;
  readonly graphs: readonly Graph[];
  /** Whether a channel names NICs. */
  readonly namesNics: boolean;
}

const PARENTS: Readonly<Record<string, readonly string[]>> = {
  graph: ["graphs"],
  channel: ["graph"],
  gpu: ["channel"],
  net: ["channel"],
  nvs: ["channel"],
};

/** @throws ScenarioError with the place of the first fault */
export async function readGraphs(file: SourceFile): Promise<NodeGraphs> {
  const graphs: { element: XmlElement; pattern: number; channels: { element: XmlElement; gpus: number[] }[] }[] = [];
  let namesNics = false;
  let hasRoot = false;
  await readXml(file, LARGEST_FILE, {
    open(element, parents) {
      const { name } = element;
      if (name === "graphs" && parents.length === 0) {
        element.whole("version", 1, 1, 1);
        hasRoot = true;
        return;
      }
      if (!Object.hasOwn(PARENTS, name))
        element.fail("no element of NCCL's graphs; known: graphs, graph, channel, gpu, net");
      if (!PARENTS[name]!.includes(parents.at(-1)?.name ?? ""))
        element.fail(`belongs into <${PARENTS[name]!.join("> or <")}>`);
      if (name === "graph") graphs.push({ element, pattern: element.whole("pattern", 1, 6), channels: [] });
      else if (name === "channel") {
        const { channels } = graphs.at(-1)!;
        if (channels.length >= MOST_CHANNELS) element.fail(`more than ${MOST_CHANNELS} channels`);
        channels.push({ element, gpus: [] });
      } else if (name === "net") namesNics = true;
      else if (name === "gpu") {
        const { gpus } = graphs.at(-1)!.channels.at(-1)!;
        const number =
          element.text("rank") === undefined ? element.whole("dev", 0, 4095) : element.whole("rank", 0, 2 ** 20);
        if (gpus.includes(number)) element.fail(`gpu ${number} is in this channel already`);
        gpus.push(number);
      }
    },
  });
  if (!hasRoot) file.fail("there is no <graphs>");
  const known = placesOf(graphs.flatMap(({ channels }) => channels.map(({ gpus }) => gpus)));
  const all = graphs.map(({ element, pattern, channels }): Graph => {
    const wanted = element.whole("nchannels", 0, MOST_CHANNELS, channels.length);
    if (wanted !== channels.length) element.fail(`nchannels is ${wanted}, and there are ${channels.length}`);
    const placed = channels.map(({ element: channel, gpus }) => {
      if (gpus.length !== known.size) channel.fail(`has ${gpus.length} GPUs of the ${known.size} that the graphs have`);
      return gpus.map((gpu) => known.get(gpu)!);
    });
    return { pattern, channels: placed, line: element.line, column: element.column };
  });
  return { file, gpus: known.size, graphs: all, namesNics };
}

/** Numbers of GPUs, ascending, to places. */
function placesOf(channels: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const numbers = [...new Set(channels.flat())].sort((a, b) => a - b);
  return new Map(numbers.map((number, place) => [number, place]));
}
