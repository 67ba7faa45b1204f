/** Graphs of NCCL (`NCCL_GRAPH_DUMP_FILE`): what it chose in one node. */
import type { SourceFile } from "../common/source.js";
import { readXml, type XmlElement } from "../common/xml.js";

const LARGEST_FILE = 2 ** 26;
const MAX_CHANNELS = 1024;
const MAX_DEVICES = 4096;

/** By the number of the pattern. */
export const PATTERNS: Readonly<Record<number, string>> = {
  1: "balanced tree",
  2: "split tree",
  3: "tree",
  4: "ring",
  5: "NVLS",
  6: "CollNet direct",
};

export interface GraphChannel {
  /** In their order, by place among those of the node. */
  readonly gpus: readonly number[];
  /** Numbers of the NICs of the first GPU, and of all others. */
  readonly nets?: readonly [number, number] | undefined;
}

export interface Graph {
  readonly pattern: number;
  /** 2: nodes of odd number take the channels of a pair the other way round, in rings. */
  readonly crossNic: number;
  /** How far GPUs may be from their NICs, e.g. PXN; "" where it is not said. */
  readonly typeInter: string;
  readonly channels: readonly GraphChannel[];
  readonly line: number;
  readonly column: number;
}

export interface NodeGraphs {
  readonly file: SourceFile;
  /** GPUs of the node. */
  readonly gpus: number;
  readonly graphs: readonly Graph[];
}

/** Patterns whose channels have all GPUs of the node: those of NVLS name the first one only. */
const LAST_WHOLE = 4;

/** A channel as it stands in the file. */
interface ReadChannel {
  readonly element: XmlElement;
  readonly gpus: number[];
  readonly nets: number[];
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
  const graphs: { element: XmlElement; pattern: number; channels: ReadChannel[] }[] = [];
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
        if (channels.length >= MAX_CHANNELS) element.fail(`more than ${MAX_CHANNELS} channels`);
        channels.push({ element, gpus: [], nets: [] });
      } else if (name === "net") addNet(element, graphs.at(-1)!.channels.at(-1)!);
      else if (name === "gpu") addGpu(element, graphs.at(-1)!.channels.at(-1)!);
    },
  });
  if (!hasRoot) file.fail("there is no <graphs>");
  const known = placesOf(graphs.flatMap(({ channels }) => channels.map(({ gpus }) => gpus)));
  const all = graphs.map(({ element, pattern, channels }): Graph => {
    const wanted = element.whole("nchannels", 0, MAX_CHANNELS, channels.length);
    if (wanted !== channels.length) element.fail(`nchannels is ${wanted}, and there are ${channels.length}`);
    return {
      pattern,
      crossNic: element.whole("crossnic", 0, 2, 0),
      typeInter: element.text("typeinter") ?? "",
      channels: channels.map((channel) => channelOf(channel, pattern, known)),
      line: element.line,
      column: element.column,
    };
  });
  return { file, gpus: known.size, graphs: all };
}

function addGpu(element: XmlElement, { gpus }: ReadChannel): void {
  const number = element.text("rank") === undefined ? deviceOf(element) : element.whole("rank", 0, 2 ** 20);
  if (gpus.includes(number)) element.fail(`gpu ${number} is in this channel already`);
  gpus.push(number);
}

function addNet(element: XmlElement, { nets }: ReadChannel): void {
  if (nets.length === 2) element.fail("a channel has two <net>: where it comes in, and where it goes out");
  nets.push(deviceOf(element));
}

/** Newer versions of NCCL write these numbers hexadecimal, with the host in the highest byte. */
function deviceOf(element: XmlElement): number {
  const text = element.needed("dev");
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return element.whole("dev", 0, MAX_DEVICES - 1);
  const host = Number(BigInt(text) >> 56n);
  const number = Number(BigInt(text) & (2n ** 56n - 1n));
  if (host > 0 && element.name === "net") element.fail("a NIC of another host of an NVLink domain; these are not read");
  if (number >= MAX_DEVICES) element.fail(`dev is ${text}; write a number below ${MAX_DEVICES}`);
  return host * MAX_DEVICES + number;
}

function channelOf(
  { element, gpus, nets }: ReadChannel,
  pattern: number,
  known: ReadonlyMap<number, number>,
): GraphChannel {
  if (pattern <= LAST_WHOLE && gpus.length !== known.size)
    element.fail(`has ${gpus.length} GPUs of the ${known.size} that the graphs have`);
  if (nets.length === 1) element.fail("has one <net>; a channel has two: where it comes in, and where it goes out");
  const [into, out] = nets;
  const places = gpus.map((gpu) => known.get(gpu)!);
  return { gpus: places, nets: into === undefined ? undefined : [into, out!] };
}

/** Numbers of GPUs, ascending, to places. */
function placesOf(channels: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const numbers = [...new Set(channels.flat())].sort((a, b) => a - b);
  return new Map(numbers.map((number, place) => [number, place]));
}
