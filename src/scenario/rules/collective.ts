/** What a collective may ask of its algorithm, and of the ranks there are. */
import { millions } from "../../plan/capacity.js";
import {
  ALGORITHM_ROWS,
  type AlgorithmName,
  algorithmsWhere,
  COLLECTIVES,
  fitsTables,
  MAX_TABLES,
  tablesOf,
} from "../../plan/collectives.js";
import type { Path } from "../../util/document-path.js";
import { listOf } from "../../util/list-of.js";
import { rankCount } from "../defaults/ranks.js";
import { hasScaleUp } from "../defaults/topology.js";
import { nodeSize, writtenAlgorithm } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { readTuner } from "../tuning/tuner-file.js";
import { namesFile, unreadFile } from "../types/file-or-text.js";
import { isFileName, mostSent, readSizes } from "../types/size-matrix.js";
import { checkGroups } from "./groups.js";
import { rankResolver } from "./ranks.js";
import { type Rule, type RuleContext, ruleOfKind } from "./rule.js";

type WrittenCollective = Extract<Sections["workload"], { kind: "collective" }>;

export const collectiveRules: Rule[] = [
  ruleOfKind("collective", [], (workload, _, context) => checkAlgorithm(workload, context)),
  ruleOfKind("collective", ["topology"], (workload, { topology }, context) => {
    if (workload.ranks === undefined) checkNodes(workload, topology, context);
    else checkGroups(workload, topology, (part) => checkNodes(workload, part, context), context);
  }),
];

const at = (...steps: Path): Path => ["workload", ...steps];

function checkAlgorithm(written: WrittenCollective, context: RuleContext): void {
  const { collective, chunk, channels = 1, size } = written;
  const algorithm = writtenAlgorithm(written);
  if (written.tuner !== undefined) checkTuner(written.tuner, algorithm, context);
  if (algorithm === "auto") {
    checkData(written, context);
    const fixed = (["chunk", "channels"] as const).filter((field) => (written[field] ?? null) !== null);
    for (const field of fixed) {
      context.fail([at(field)], `${field} with algorithm auto, which chooses; leave it out, or name the algorithm`);
    }
    return;
  }
  const row = ALGORITHM_ROWS[algorithm];
  const { algorithms } = COLLECTIVES[collective];
  if (!algorithms.includes(algorithm)) {
    context.fail(
      [at("algorithm"), at("collective")],
      `${algorithm} does no ${collective}; write algorithm: ${listOf(algorithms, "or")}`,
    );
    return;
  }
  checkData(written, context);
  checkProtocol(algorithm, written, context);
  if (chunk !== null && !row.takesChunk) {
    const others = algorithmsWhere(collective, ({ takesChunk }) => takesChunk);
    context.fail([at("chunk")], `${algorithm} does not take a chunk; leave it out${orElse(others)}`);
  }
  if (chunk !== null && size !== undefined && chunk > size)
    context.fail([at("chunk"), at("size")], "the chunk is larger than the size; write at most the size");
  if (channels > 1 && !row.takesChannels) {
    const others = algorithmsWhere(collective, ({ takesChannels }) => takesChannels);
    context.fail([at("channels")], `${algorithm} does not take channels; leave them out${orElse(others)}`);
  }
}

function checkTuner(tuner: string, algorithm: AlgorithmName | "auto", context: RuleContext): void {
  if (algorithm !== "auto") {
    context.fail([at("tuner")], "a tuner where the algorithm is named; write algorithm: auto, or leave it out");
    return;
  }
  if (namesFile(tuner)) {
    context.fail([at("tuner")], unreadFile(tuner));
    return;
  }
  const rows = readTuner(tuner);
  if (typeof rows === "string") context.fail([at("tuner")], rows);
}

/** Algorithms of NCCL that have one protocol. */
function checkProtocol(algorithm: AlgorithmName, { protocol }: WrittenCollective, context: RuleContext): void {
  if (protocol !== "ll" && protocol !== "ll128") return;
  if (algorithm !== "nvls" && algorithm !== "nvls-tree" && algorithm !== "pat") return;
  context.fail([at("protocol")], `${algorithm} has no protocol ${protocol}; write protocol: simple, or none`);
}

function orElse(algorithms: string): string {
  return algorithms === "" ? "" : `, or write algorithm: ${algorithms}`;
}

/** What is moved: a size, or sizes; from or to a root. */
function checkData({ collective, size, sizes, root, chunk }: WrittenCollective, context: RuleContext): void {
  const row = COLLECTIVES[collective];
  if (root !== undefined && !row.takesRoot) {
    context.fail([at("root")], `${a(collective)} has no root; leave it out`);
  }
  if (!row.hasSize) {
    if (size !== undefined) context.fail([at("size")], `${a(collective)} moves no data; leave the size out`);
    if (chunk !== null) context.fail([at("chunk")], `${a(collective)} moves no data; leave the chunk out`);
  }
  if (sizes !== undefined && !row.takesSizes) {
    context.fail([at("sizes")], `${a(collective)} has equal sizes; write one size, e.g. size: 1MiB`);
  } else if (sizes !== undefined && size !== undefined) {
    context.fail([at("size")], "a size and sizes at once; leave one out");
  } else if (sizes === undefined && size === undefined && row.hasSize) {
    const other = row.takesSizes ? ", or sizes: matrix.csv for unequal ones" : "";
    context.fail([at("size")], `missing; write the bytes of each rank's buffer, e.g. size: 256MiB${other}`);
  }
}

function a(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

/** The matrix of sizes against the ranks there are. */
function checkSizes(
  { collective, sizes }: WrittenCollective,
  topology: Sections["topology"],
  context: RuleContext,
): void {
  if (sizes === undefined || !COLLECTIVES[collective].takesSizes) return;
  if (isFileName(sizes)) {
    context.fail([at("sizes")], unreadFile(sizes));
    return;
  }
  const ranks = rankCount(topology);
  const matrix = readSizes(sizes);
  if (typeof matrix === "string") context.fail([at("sizes")], matrix);
  else if (matrix.ranks !== ranks) {
    context.fail([at("sizes")], `a matrix for ${matrix.ranks} ranks, and there are ${ranks}; write ${ranks} rows`);
  } else if (ranks > 1 && mostSent(matrix) === 0) {
    context.fail([at("sizes")], "no rank has anything for another; write a size that is not 0");
  }
}

/** Flow graphs that grow with the square of the ranks: refused before they are built. */
function checkTables(written: WrittenCollective, topology: Sections["topology"], context: RuleContext): void {
  const { collective } = written;
  const algorithm = writtenAlgorithm(written);
  const [ranks, size] = [rankCount(topology), nodeSize(topology)];
  const fits = (name: AlgorithmName) => fitsTables(tablesOf(name, collective, ranks, size));
  // auto chooses among those that fit.
  if (algorithm === "auto" || fits(algorithm)) return;
  const { flows, dependencies } = tablesOf(algorithm, collective, ranks, size);
  const others = COLLECTIVES[collective].algorithms.filter(
    (name) => fits(name) && (hasScaleUp(topology) || !ALGORITHM_ROWS[name].needsScaleUp),
  );
  context.fail(
    [at("algorithm"), at("collective"), at()],
    `${algorithm} makes ${millions(flows)} flows with ${millions(dependencies)} dependencies of ${ranks} ranks, more than ${millions(MAX_TABLES.flows)} and ${millions(MAX_TABLES.dependencies)}; write algorithm: ${listOf(others, "or")}`,
  );
}

function checkNodes(written: WrittenCollective, topology: Sections["topology"], context: RuleContext): void {
  const { collective, channels = 1, root } = written;
  const algorithm = writtenAlgorithm(written);
  if (root !== undefined) rankResolver(topology, context)(root, at("root"));
  checkSizes(written, topology, context);
  checkTables(written, topology, context);
  const gpusPerNode = nodeSize(topology);
  if (algorithm !== "auto" && ALGORITHM_ROWS[algorithm].needsScaleUp && !hasScaleUp(topology)) {
    const other = COLLECTIVES[collective].algorithms.find((name) => !ALGORITHM_ROWS[name].needsScaleUp);
    context.fail(
      [at("algorithm")],
      `${algorithm} needs nodes of several GPUs with a scale-up network; write algorithm: ${other}`,
    );
  }
  if (algorithm !== "auto") checkReduction(algorithm, topology, context);
  if (channels > gpusPerNode) {
    context.fail(
      [at("channels")],
      `a node has ${gpusPerNode} NICs, one per GPU; write channels from 1 to ${gpusPerNode}`,
    );
  }
}

/** Algorithms that reduce in switches are for one node, or for several. */
function checkReduction(algorithm: AlgorithmName, topology: Sections["topology"], context: RuleContext): void {
  const { nodes, reducesIn } = ALGORITHM_ROWS[algorithm];
  if (reducesIn === undefined || (reducesIn === "scale-up" && !hasScaleUp(topology))) return;
  const count = rankCount(topology) / nodeSize(topology);
  if (nodes === "one" && count > 1) {
    context.fail(
      [at("algorithm")],
      `${algorithm} reduces in the NVSwitch of one node, and there are ${count} nodes; write algorithm: nvls-tree or sharp`,
    );
  } else if (hasScaleUp(topology) && count === 1 && nodes !== "one") {
    context.fail([at("algorithm")], `${algorithm} is for several nodes, and there is one; write algorithm: nvls`);
  }
}
