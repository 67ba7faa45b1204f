/** What a file is by its beginning, for messages to those who named another format. */

interface Kind {
  /** The format that reads it; left out where none does. A scenario counts as one. */
  readonly format?: string;
  /** After "looks like". */
  readonly what: string;
  /** What to do with it, where it is no format. */
  readonly advice?: string;
  readonly isLike: (head: string) => boolean;
}

const isWith =
  (...patterns: readonly RegExp[]) =>
  (head: string) =>
    patterns.every((pattern) => pattern.test(head));

/** The first one that fits is taken. Patterns look for what no other format has. */
const KINDS: readonly Kind[] = [
  { format: "goal", what: "GOAL text", isLike: isWith(/^\s*num_ranks\s+\d/m) },
  { format: "simai", what: "a workload of SimAI", isLike: isWith(/^\s*HYBRID_TRANSFORMER/) },
  {
    format: "htsim",
    what: "a connection matrix of htsim",
    isLike: isWith(/^\s*Nodes\s+\d+\s*$/m, /^\s*Connections\s+\d+\s*$/m),
  },
  {
    format: "htsim-topo",
    what: "a topology of htsim",
    isLike: isWith(/^\s*nodes\s+\d+\s*$/im, /^\s*tiers\s+\d\s*$/im),
  },
  {
    format: "ns3",
    what: "a configuration of HPCC or SimAI for ns-3",
    isLike: isWith(/^\s*(ENABLE_QCN|CC_MODE|PACKET_PAYLOAD_SIZE|KMAX_MAP|TOPOLOGY_FILE)\s+\S/m),
  },
  {
    format: "ns3",
    what: "a topology of HPCC or SimAI for ns-3",
    isLike: isWith(/^\s*\d+(\s+\d+){2,4}(\s+[A-Za-z]\w*)?\s*$/m, /^\s*\d+\s+\d+\s+[\d.]+[GM]bps\s+[\d.]+[mun]?s\s/m),
  },
  {
    format: "ns3",
    what: "a list of flows of HPCC for ns-3",
    isLike: isWith(/^\s*\d+\s*\n\s*\d+(\s+\d+){4}\s+\d+(\.\d+)?\s*$/m),
  },
  { format: "msccl", what: "an algorithm of MSCCL", isLike: isWith(/^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)*<algo\s/) },
  {
    format: "nccl-graph",
    what: "a graph file of NCCL",
    isLike: isWith(/^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)*<graphs[\s>]/),
  },
  {
    format: "nccl-topology",
    what: "a topology file of NCCL",
    isLike: isWith(/^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)*<system[\s>]/),
  },
  { format: "graphml", what: "GraphML", isLike: isWith(/<graphml[\s>]/) },
  {
    format: "dot",
    what: "a graph of Graphviz",
    isLike: isWith(/^\s*(\/\/.*\n\s*|\/\*[^*]*\*\/\s*)*(strict\s+)?(di)?graph\b[^{:]*\{/i),
  },
  {
    format: "msccl",
    what: "a plan of MSCCL++",
    isLike: isWith(/^\s*\{/, /"(threadblocks|input_chunks|reuse_resources)"/),
  },
  {
    format: "astra-sim",
    what: "a system file of ASTRA-sim",
    isLike: isWith(/^\s*\{/, /"(scheduling-policy|[a-z-]+-implementation|preferred-dataset-splits|logical-dims)"/),
  },
  { format: "astra-sim", what: "a network file of ASTRA-sim", isLike: isWith(/^\s*npus_count\s*:/m) },
  {
    format: "scenario",
    what: "a scenario of heddle",
    advice: "heddle run takes it as it is",
    isLike: isWith(/(^|[\s{,"])version"?\s*:/, /(^|[\s{,"])(topology|workload|jobs)"?\s*:/),
  },
  {
    what: "a trace of PyTorch's profiler",
    advice: "Chakra's converter makes .et files of it, which the format chakra reads",
    isLike: isWith(/^\s*\{/, /"(traceEvents|deviceProperties)"/),
  },
  {
    format: "networkx",
    what: "a node-link graph of NetworkX",
    isLike: isWith(/^\s*\{/, /"(nodes|links|edges)"\s*:/, /"(multigraph|directed|source|id)"\s*:/),
  },
  {
    what: "a list of cables",
    advice: "heddle topo SCENARIO --check compares it with a fabric",
    isLike: isWith(/^\s*switch\s*,\s*port\s*,\s*neighbou?r/im),
  },
  {
    what: "rows of NCCL's tuner",
    advice: "name it as tuner of a collective",
    isLike: isWith(/^\s*(allreduce|allgather|reducescatter|broadcast|reduce)\s*,\s*\d+\s*,\s*\d+\s*,\s*[a-z]/im),
  },
  {
    what: "a list of flows",
    advice: "name it in workload: { kind: flows, file: … }",
    isLike: isWith(/^\s*(\w+\s*,\s*)*(src|source)\s*,(\s*\w+\s*,)*\s*(dst|destination)\b/i),
  },
];

/** Records of Chakra: a length, and a message that begins with a short text, the version. */
function isChakra(bytes: Uint8Array): boolean {
  const [length = 0, tag, textLength = 0] = bytes;
  return (
    tag === 0x0a && length < 0x80 && textLength < 0x20 && textLength + 2 <= length && bytes.length > textLength + 2
  );
}

function kindOf(head: Uint8Array): Kind | undefined {
  if (isChakra(head)) return { format: "chakra", what: "an execution trace of Chakra", isLike: () => true };
  const text = new TextDecoder("utf-8").decode(head).replace(/^\uFEFF/, "");
  return KINDS.find(({ isLike }) => isLike(text));
}

/** Whether a file that begins so looks like one of the format. */
export function isOfFormat(head: Uint8Array, format: string): boolean {
  return kindOf(head)?.format === format;
}

/**
 * What the beginning of a file looks like.
 * @param formats those that it may be
 * @returns a sentence for a message; undefined where it is of these formats, or not known
 */
export function otherFormat(head: Uint8Array, formats: readonly string[]): string | undefined {
  const kind = kindOf(head);
  if (kind === undefined || (kind.format !== undefined && formats.includes(kind.format))) return undefined;
  return `looks like ${kind.what}; ${kind.advice ?? `heddle import ${kind.format} reads it`}`;
}
