/** Writes the graphs of roles into the core's memory. */
import type { ProgramGraph } from "../../plan/program-graph.js";
import type { Programs, Role } from "../../plan/programs.js";
import { GRAPH_BYTES, GRAPHNODE_BYTES, Graph, GraphNode, MEMBER_BYTES, Member, ProgramRank, Run } from "./layout.js";
import type { CoreMemory } from "./memory.js";

type At = (field: (typeof Run)[keyof typeof Run]) => number;
const NONE = 0xffffffff;

/** Sizes by the fields of the core's `Run` record. */
export function graphHeader({ roles, ranks }: Programs): Partial<Record<keyof typeof Run, number>> {
  const sum = (of: (role: Role, graph: ProgramGraph) => number) =>
    roles.reduce((total, role) => (role.graph === undefined ? total : total + of(role, role.graph)), 0);
  return {
    graphCount: sum(() => 1),
    graphNodeCount: sum((_, { count }) => count),
    graphDependentCount: sum((_, { waitNode }) => waitNode.length),
    graphGateCount: sum(({ signalCount }) => signalCount),
    graphWords: ranks.role.reduce((total, role) => total + wordsOf(roles[role]!), 0),
  };
}

/** Bytes of what `graphHeader` says. */
export function graphBytes(sizes: Readonly<Record<keyof typeof Run, number>>): number {
  return (
    sizes.graphCount * GRAPH_BYTES +
    sizes.graphNodeCount * GRAPHNODE_BYTES +
    4 * (sizes.graphDependentCount + sizes.graphGateCount + sizes.graphWords)
  );
}

/**
 * Words that a rank keeps: by node what it waits for, those that are due, and those at their gates;
 * by gate the number of the latter.
 */
function wordsOf({ graph, signalCount }: Role): number {
  return graph === undefined ? 0 : 3 * graph.count + signalCount;
}

/** Writes the graphs. @returns their addresses by role; 0 for a role without one */
export function writeGraphs(memory: CoreMemory, roles: readonly Role[], at: At): number[] {
  let record = at(Run.graphs);
  let nodes = at(Run.graphNodes);
  let dependents = at(Run.graphDependents);
  let gates = at(Run.graphGates);
  return roles.map(({ graph, streams, signalCount }) => {
    if (graph === undefined) return 0;
    const own = record;
    record += GRAPH_BYTES;
    memory.set(own, Graph.nodes, nodes);
    memory.set(own, Graph.nodeCount, graph.count);
    memory.set(own, Graph.exclusive, streams.length + graph.exclusive);
    memory.set(own, Graph.heapFirst, gates);
    writeHeaps(memory, graph, signalCount, gates);
    gates += 4 * signalCount;
    writeNodes(memory, graph, nodes, dependents);
    nodes += graph.count * GRAPHNODE_BYTES;
    dependents += 4 * graph.waitNode.length;
    return own;
  });
}

/** Each gate has room for all of its nodes. */
function writeHeaps(memory: CoreMemory, { count, gate }: ProgramGraph, gates: number, at: number): void {
  const sizes = new Uint32Array(gates);
  for (let n = 0; n < count; n++) if (gate[n] !== NONE) sizes[gate[n]!]!++;
  let first = 0;
  sizes.forEach((size, number) => {
    memory.setU32(at + 4 * number, first);
    first += size;
  });
}

function writeNodes(memory: CoreMemory, graph: ProgramGraph, first: number, dependents: number): void {
  const { count, waitFirst, waitNode, waitStart } = graph;
  const onStart = new Uint32Array(count);
  const onEnd = new Uint32Array(count);
  for (let i = 0; i < waitNode.length; i++) (waitStart[i] === 1 ? onStart : onEnd)[waitNode[i]!]!++;
  const nextStart = new Uint32Array(count);
  const nextEnd = new Uint32Array(count);
  let place = 0;
  for (let n = 0; n < count; n++) {
    const node = first + n * GRAPHNODE_BYTES;
    memory.set(node, GraphNode.durationPs, graph.durationPs[n]!);
    memory.set(node, GraphNode.kind, graph.kind[n]!);
    memory.set(node, GraphNode.operand, graph.operand[n]!);
    memory.set(node, GraphNode.ends, graph.ends[n]!);
    memory.set(node, GraphNode.gate, graph.gate[n]!);
    memory.set(node, GraphNode.label, graph.label[n]!);
    memory.set(node, GraphNode.waits, waitFirst[n + 1]! - waitFirst[n]!);
    memory.set(node, GraphNode.dependents, dependents + 4 * place);
    memory.set(node, GraphNode.onStart, onStart[n]!);
    memory.set(node, GraphNode.onEnd, onEnd[n]!);
    nextStart[n] = place;
    nextEnd[n] = place + onStart[n]!;
    place += onStart[n]! + onEnd[n]!;
  }
  for (let n = 0; n < count; n++) {
    for (let i = waitFirst[n]!; i < waitFirst[n + 1]!; i++) {
      const next = waitStart[i] === 1 ? nextStart : nextEnd;
      memory.setU32(dependents + 4 * next[waitNode[i]!]!++, n);
    }
  }
}

/** What a rank keeps of the graph of its role. @returns the words that it takes */
export function writeGraphRank(
  memory: CoreMemory,
  { record, graph, words }: { readonly record: number; readonly graph: number; readonly words: number },
  role: Role,
): number {
  if (role.graph === undefined) return 0;
  const { count } = role.graph;
  memory.set(record, ProgramRank.graph, graph);
  memory.set(record, ProgramRank.waits, words);
  memory.set(record, ProgramRank.due, words + 4 * count);
  memory.set(record, ProgramRank.gateHeaps, words + 8 * count);
  memory.set(record, ProgramRank.gateCounts, words + 12 * count);
  memory.set(record, ProgramRank.running, count + 1);
  return wordsOf(role);
}

/** A member whose rank is in no operation. */
export function writeIdleMember(memory: CoreMemory, members: number, number: number): void {
  memory.set(members + number * MEMBER_BYTES, Member.node, NONE);
}
