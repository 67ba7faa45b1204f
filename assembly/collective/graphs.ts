/**
 * Programs that are graphs (docs/MODEL.md §11). Nodes that are ready lie in the heap of those that
 * are due, or in that of their gate while it is shut. A gate with a count keeps as many of its
 * nodes among those that are due, as long as it has them.
 */
import { Graph, GraphNode, Member, NodeKind, OperationEnd, ProgramRank, StreamState } from "../memory/structs/program";
import { heapPop, heapPush } from "../memory/heap";
import { goOnAt, streamAt } from "../nic/program-flows";
import { postOwn } from "./executor";
import { reach } from "./operations";
import { countTime, durationOf, endProgram, recordEnd } from "./program-times";

const NONE: u32 = u32.MAX_VALUE;


@inline
function nodeAt(rank: ProgramRank, index: u32): GraphNode {
  return changetype<GraphNode>(changetype<Graph>(rank.graph).nodes + index * offsetof<GraphNode>());
}

/** A lane goes on by itself: the program starts, a computation ends, or what was sent has left. */
export function goOnInLane(rank: ProgramRank, lane: u32, nowPs: u64): void {
  countTime(rank, nowPs);
  const stream = streamAt(rank, lane);
  if (stream.state == StreamState.Computing) {
    rank.computing--;
    stream.state = StreamState.Ready;
    const index = stream.operand;
    recordEnd(rank, lane, stream.label, stream.sincePs, nowPs);
    endNode(rank, nodeAt(rank, index));
  } else if (stream.state == StreamState.Operation) {
    const node = nodeAt(rank, stream.operand);
    endOperationOf(rank, node, changetype<Member>(load<u32>(rank.slots + node.operand * 4)), nowPs);
  } else {
    start(rank);
  }
  beginDue(rank, nowPs);
}

/** The operation under way of a member has ended. */
export function goOnInGraph(member: Member, nowPs: u64): void {
  const rank = changetype<ProgramRank>(member.rank);
  countTime(rank, nowPs);
  endOperationOf(rank, nodeAt(rank, member.node), member, nowPs);
  beginDue(rank, nowPs);
}

function start(rank: ProgramRank): void {
  const graph = changetype<Graph>(rank.graph);
  for (let gate: u32 = 0; gate < graph.exclusive; gate++) store<u32>(rank.signals + gate * 4, 1);
  for (let index: u32 = 0; index < graph.nodeCount; index++) {
    const waits = nodeAt(rank, index).waits;
    store<u32>(rank.waits + index * 4, waits);
    if (waits == 0) heapPush(rank.due, rank.dueCount++, index);
  }
  rank.running--;
}

/** Begins the lowest node that may begin, until there is none. */
function beginDue(rank: ProgramRank, nowPs: u64): void {
  while (rank.dueCount != 0) {
    const index = heapPop(rank.due, rank.dueCount--);
    const node = nodeAt(rank, index);
    if (node.gate == NONE || passes(rank, node.gate, index)) begin(rank, index, node, nowPs);
  }
  if (rank.running == 0) endProgram(rank, nowPs);
}

/** Whether a node takes 1 from its gate; else it waits there. */
function passes(rank: ProgramRank, gate: u32, index: u32): bool {
  const at = rank.signals + gate * 4;
  const count = load<u32>(at);
  if (count != 0) {
    store<u32>(at, count - 1);
    return true;
  }
  const waiting = rank.gateCounts + gate * 4;
  const length = load<u32>(waiting);
  heapPush(heapOf(rank, gate), length, index);
  store<u32>(waiting, length + 1);
  return false;
}

/** Adds 1 to the count of a gate; the lowest node that waits there is due. */
function open(rank: ProgramRank, gate: u32): void {
  const at = rank.signals + gate * 4;
  store<u32>(at, load<u32>(at) + 1);
  const waiting = rank.gateCounts + gate * 4;
  const length = load<u32>(waiting);
  if (length == 0) return;
  const index = heapPop(heapOf(rank, gate), length);
  store<u32>(waiting, length - 1);
  heapPush(rank.due, rank.dueCount++, index);
}


@inline
function heapOf(rank: ProgramRank, gate: u32): u32 {
  return rank.gateHeaps + load<u32>(changetype<Graph>(rank.graph).heapFirst + gate * 4) * 4;
}

function begin(rank: ProgramRank, index: u32, node: GraphNode, nowPs: u64): void {
  release(rank, node.dependents, node.onStart);
  switch (node.kind) {
    case NodeKind.Compute:
      compute(rank, index, node, nowPs);
      return;
    case NodeKind.Operation:
      operate(rank, index, node, nowPs);
      return;
    case NodeKind.Signal:
      open(rank, node.operand);
      endNode(rank, node);
      return;
    default:
      endNode(rank, node);
  }
}

function compute(rank: ProgramRank, index: u32, node: GraphNode, nowPs: u64): void {
  const durationPs = durationOf(rank, node.gate, node.durationPs);
  if (durationPs == 0) {
    recordEnd(rank, node.gate, node.label, nowPs, nowPs);
    endNode(rank, node);
    return;
  }
  occupy(rank, index, node, StreamState.Computing, nowPs);
  rank.computing++;
  goOnAt(rank, streamAt(rank, node.gate), nowPs + durationPs);
}

function occupy(rank: ProgramRank, index: u32, node: GraphNode, state: StreamState, nowPs: u64): void {
  const stream = streamAt(rank, node.gate);
  stream.state = state;
  stream.sincePs = nowPs;
  stream.label = node.label;
  stream.operand = index;
}

function operate(rank: ProgramRank, index: u32, node: GraphNode, nowPs: u64): void {
  const member = changetype<Member>(load<u32>(rank.slots + node.operand * 4));
  member.sincePs = nowPs;
  member.node = index;
  if (node.gate < rank.streamCount) occupy(rank, index, node, StreamState.Operation, nowPs);
  reach(member, node.gate, <OperationEnd>node.ends);
  const isAwaited = member.left != 0;
  if (isAwaited) append(rank, member);
  postOwn(member, nowPs);
  if (isAwaited) return;
  if (node.gate < rank.streamCount) streamAt(rank, node.gate).state = StreamState.Ready;
  member.node = NONE;
  recordEnd(rank, streamOf(rank, node), node.label, nowPs, nowPs);
  endNode(rank, node);
}

function endOperationOf(rank: ProgramRank, node: GraphNode, member: Member, nowPs: u64): void {
  remove(rank, member);
  member.node = NONE;
  if (node.gate < rank.streamCount) streamAt(rank, node.gate).state = StreamState.Ready;
  recordEnd(rank, streamOf(rank, node), node.label, member.sincePs, nowPs);
  endNode(rank, node);
}

/** What results take for its stream: its lane, or the number of lanes where it has none. */
@inline
function streamOf(rank: ProgramRank, node: GraphNode): u32 {
  return min(node.gate, rank.streamCount);
}

/** Gives back what the node took from an exclusive gate, and tells those that wait for its end. */
function endNode(rank: ProgramRank, node: GraphNode): void {
  rank.running--;
  if (node.gate < changetype<Graph>(rank.graph).exclusive) open(rank, node.gate);
  release(rank, node.dependents + node.onStart * 4, node.onEnd);
}

/** What a list of nodes waits for has come once. */
function release(rank: ProgramRank, list: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const index = load<u32>(list + i * 4);
    const at = rank.waits + index * 4;
    const left = load<u32>(at) - 1;
    store<u32>(at, left);
    if (left == 0) heapPush(rank.due, rank.dueCount++, index);
  }
}

/** Puts a member behind those whose operations are under way. */
function append(rank: ProgramRank, member: Member): void {
  const last = rank.lastBusy;
  member.before = last;
  member.after = 0;
  if (last == 0) rank.firstBusy = changetype<u32>(member);
  else changetype<Member>(last).after = changetype<u32>(member);
  rank.lastBusy = changetype<u32>(member);
}

function remove(rank: ProgramRank, member: Member): void {
  if (member.before == 0) rank.firstBusy = member.after;
  else changetype<Member>(member.before).after = member.after;
  if (member.after == 0) rank.lastBusy = member.before;
  else changetype<Member>(member.after).before = member.before;
}
