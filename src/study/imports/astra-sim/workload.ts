/** An all-reduce as ASTRA-sim does it: phases of dimensions, and parts that follow one another. */
import type { AlgorithmName } from "../../../plan/collectives.js";
import type { SourceFile } from "../common/source.js";
import { groupsOf } from "./fabric.js";
import type { Dimension } from "./network.js";
import { ALL_REDUCE, type AstraSystem, show } from "./system.js";

type Workload = Readonly<Record<string, unknown>>;
type Phased = "all-reduce" | "reduce-scatter" | "all-gather";

/** What an implementation is here, by what it does in a phase. */
const IMPLEMENTATIONS: Readonly<Record<string, Readonly<Partial<Record<Phased, AlgorithmName>>>>> = {
  ring: { "all-reduce": "ring", "reduce-scatter": "ring", "all-gather": "ring" },
  direct: { "all-reduce": "direct", "reduce-scatter": "direct", "all-gather": "direct" },
  halvingDoubling: {
    "all-reduce": "halving-doubling",
    "reduce-scatter": "halving-doubling",
    "all-gather": "recursive-doubling",
  },
  doubleBinaryTree: { "all-reduce": "double-binary-tree" },
};

const SIZE_MIB = 64;
const SIZE_BYTES = SIZE_MIB * 2 ** 20;

/** A ring of more NPUs links neighbours only. */
const ALL_LINKED = 3;

interface Phase {
  readonly collective: Phased;
  readonly dimension: number;
  readonly algorithm: AlgorithmName;
  /** Share of the buffer that is left for it: one by this. */
  readonly divisor: number;
}

/** Dimensions of NPUs. */
interface Network {
  readonly dimensions: readonly Dimension[];
  /** They lie on a fabric where any NPU reaches any other; else there are no other links. */
  readonly isFabric: boolean;
}

export function workloadOf(file: SourceFile, network: Network, system: AstraSystem): Workload {
  const { dimensions } = network;
  const names = namesOf(file, dimensions, system);
  if (names === null) return { ...plain(), algorithm: flattened(file, network, system) };
  const phases = phasesOf(dimensions, system).map((phase): Phase => {
    return { ...phase, algorithm: algorithmOf(file, names, dimensions, phase) };
  });
  if (system.splits === 1 && phases.length === 1) return { ...plain(), algorithm: phases[0]!.algorithm };
  return isHierarchicalRing(network, names, system)
    ? { ...plain(), algorithm: "hierarchical-ring" }
    : program(dimensions, phases, system);
}

function plain(): Workload {
  return { kind: "collective", collective: "all-reduce", size: `${SIZE_MIB}MiB` };
}

/** Implementation by dimension; null where one is over all dimensions at once. */
function namesOf(file: SourceFile, dimensions: readonly Dimension[], { implementations }: AstraSystem) {
  const names = implementations ?? dimensions.map(({ kind }) => (kind === "FullyConnected" ? "direct" : "ring"));
  if (!names.some((name) => name.startsWith("one"))) return names;
  if (names.every((name) => name === names[0])) return null;
  return file.fail(
    `${ALL_REDUCE} is ${show(names)}; what begins with "one" is over all dimensions, so write it for all`,
  );
}

/** `oneRing` and the like. */
function flattened(
  file: SourceFile,
  { dimensions, isFabric }: Network,
  { implementations }: AstraSystem,
): AlgorithmName {
  const [name] = implementations!;
  const own = name!.charAt(3).toLowerCase() + name!.slice(4);
  if (dimensions.length === 1) return algorithmOf(file, [own], dimensions, { collective: "all-reduce", dimension: 0 });
  const algorithm = Object.hasOwn(IMPLEMENTATIONS, own) ? IMPLEMENTATIONS[own]!["all-reduce"] : undefined;
  if (algorithm === undefined) return unknown(file, name!);
  if (isFabric || (dimensions.length === 2 && dimensions.every(({ kind }) => kind === "Switch"))) return algorithm;
  return file.fail(`${ALL_REDUCE} is ${name}, over all dimensions; NPUs here have links within a dimension only`);
}

function algorithmOf(
  file: SourceFile,
  names: readonly string[],
  dimensions: readonly Dimension[],
  { collective, dimension }: Pick<Phase, "collective" | "dimension">,
): AlgorithmName {
  const name = names[dimension]!;
  if (!Object.hasOwn(IMPLEMENTATIONS, name)) return unknown(file, name);
  const { kind, npus } = dimensions[dimension]!;
  if (kind === "Ring" && npus > ALL_LINKED && name !== "ring") {
    file.fail(`${ALL_REDUCE}[${dimension}] is ${name}; NPUs of a Ring do not forward for others: write ring`);
  }
  const algorithm = IMPLEMENTATIONS[name]![collective];
  if (algorithm !== undefined) return algorithm;
  return file.fail(`${ALL_REDUCE}[${dimension}] is ${name}; it does no ${collective}, which this dimension needs`);
}

function unknown(file: SourceFile, name: string): never {
  const isWindow = /^(one)?[dD]irect\d+$/.test(name);
  const more = isWindow ? " (a direct one has no window here: leave out the number)" : "";
  return file.fail(
    `${ALL_REDUCE} has ${show(name)}${more}; these are read: ${Object.keys(IMPLEMENTATIONS).join(", ")}`,
  );
}

/** By the order that `collective-optimization` says; algorithms are not known yet. */
function phasesOf(dimensions: readonly Dimension[], { isBandwidthAware }: AstraSystem): Omit<Phase, "algorithm">[] {
  const last = dimensions.length - 1;
  if (!isBandwidthAware) return dimensions.map((_, dimension) => ({ collective: "all-reduce", dimension, divisor: 1 }));
  const divisors = dimensions.map((_, d) => dimensions.slice(0, d).reduce((product, { npus }) => product * npus, 1));
  const inner = (collective: Phased) =>
    dimensions.slice(0, last).map((_, dimension) => ({ collective, dimension, divisor: divisors[dimension]! }));
  return [
    ...inner("reduce-scatter"),
    { collective: "all-reduce", dimension: last, divisor: divisors[last]! },
    ...inner("all-gather").reverse(),
  ];
}

/** On a fabric from a file there are no nodes, which this algorithm needs. */
function isHierarchicalRing({ dimensions, isFabric }: Network, names: readonly string[], system: AstraSystem): boolean {
  if (isFabric) return false;
  const areRings = dimensions.length === 2 && names.every((name) => name === "ring");
  return (
    areRings && system.splits === 1 && system.isBandwidthAware && dimensions.every(({ kind }) => kind === "Switch")
  );
}

/**
 * A stream for each phase. Each part of the buffer goes from phase to phase, and a phase has one
 * part at a time.
 */
function program(dimensions: readonly Dimension[], phases: readonly Phase[], { splits }: AstraSystem): Workload {
  const partBytes = Math.max(1, Math.floor(SIZE_BYTES / splits));
  const named = phases.map((phase) => ({ ...phase, name: `${phase.collective}-${phase.dimension}` }));
  const communicators = named.map(({ name, collective, algorithm, dimension, divisor }) => ({
    ...{ name, collective, algorithm },
    size: `${Math.ceil(partBytes / divisor)}B`,
    ranks: groupsOf(dimensions, dimension),
  }));
  const streams = named.map(({ name }, p) => {
    const steps = [
      ...(p > 0 ? [{ wait: named[p - 1]!.name }] : []),
      { collective: name },
      ...(p < named.length - 1 ? [{ signal: name }] : []),
    ];
    return { name, do: splits > 1 ? [{ repeat: splits, do: steps }] : steps };
  });
  return { kind: "program", communicators, roles: [{ name: "npu", streams }] };
}
