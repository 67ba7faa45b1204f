/** The nodes of one rank, as they come from its file, to a graph in the order of their ids. */
import { Growing } from "../../../util/columns.js";
import type { SourceFile } from "../common/source.js";
import { cyclicNode, type RankBuilder, type TraceBuilder } from "../common/trace-builder.js";
import type { Communications } from "./communication.js";
import { type ComputeOptions, computePs } from "./compute-time.js";
import type { ProcessGroups } from "./groups.js";
import { type ChakraNode, MessageFault, NODE_TYPES, readNode } from "./node.js";
import { eachRecord } from "./records.js";

/** Labels that results tell apart; nodes of other names count by what they are. */
const MAX_LABELS = 400;
const LONGEST_LABEL = 64;

const Type = { metadata: 1, load: 2, store: 3, compute: 4, send: 5, receive: 6, collective: 7 } as const;

export interface RankReader {
  readonly trace: TraceBuilder;
  readonly communications: Communications;
  readonly groups: ProcessGroups;
  readonly compute: ComputeOptions;
  /** Counts nodes of all ranks. */
  readonly count: (file: SourceFile) => void;
}

/** What a node is to the graph, kept until all ids are known. */
class Columns {
  readonly id = new Growing(Float64Array);
  readonly at = new Growing(Float64Array);
  /** Lane of what computes; other things say by which communicator. */
  readonly lane = new Growing(Uint32Array);
  readonly durationPs = new Growing(Float64Array);
  readonly communicator = new Growing(Uint32Array);
  readonly isAcked = new Growing(Uint8Array);
  readonly label = new Growing(Uint32Array);
  readonly firstAfter = new Growing(Uint32Array);
  readonly after = new Growing(Float64Array);
}

const NONE = 0xffffffff;

/** @throws ScenarioError with the file, and the byte of the record at fault */
export async function readRank(file: SourceFile, rank: number, reader: RankReader): Promise<void> {
  const columns = new Columns();
  const builder = reader.trace.rank(rank);
  await eachRecord(file, ({ bytes, number, at }) => {
    // The first one has the version.
    if (number === 0) return;
    reader.count(file);
    try {
      add(columns, readNode(bytes), at, { ...reader, rank, builder });
    } catch (cause) {
      if (cause instanceof MessageFault) file.fail(`node at byte ${at}: ${cause.message}`);
      if (!(cause instanceof Error)) throw cause;
      if ("issues" in cause) throw cause;
      file.fail(`the record at byte ${at} is no node of a Chakra trace: ${cause.message}`);
    }
  });
  write(columns, builder, file);
  const { graph } = reader.trace.seal(rank);
  const cyclic = cyclicNode(graph);
  if (cyclic !== undefined) file.fail(`a node of rank ${rank} waits for itself, by way of its dependencies`);
}

interface RankPlace extends RankReader {
  readonly rank: number;
  readonly builder: RankBuilder;
}

function add(columns: Columns, node: ChakraNode, at: number, place: RankPlace): void {
  const { builder, trace } = place;
  columns.id.push(node.id);
  columns.at.push(at);
  const { lane, durationPs = 0, communicator = NONE, isAcked = false, label } = meaningOf(node, place);
  columns.lane.push(lane === undefined ? NONE : builder.lane(lane));
  columns.durationPs.push(durationPs);
  columns.communicator.push(communicator);
  columns.isAcked.push(isAcked ? 1 : 0);
  const name = node.name.slice(0, LONGEST_LABEL) || label;
  columns.label.push(trace.labelCount < MAX_LABELS || trace.hasLabel(name) ? trace.label(name) : trace.label(label));
  columns.firstAfter.push(columns.after.length);
  for (const other of node.after) columns.after.push(other);
}

interface NodeMeaning {
  /** Name of the lane. Left out: communication that waits for nothing but its communicator. */
  readonly lane?: string;
  readonly durationPs?: number;
  readonly communicator?: number;
  readonly isAcked?: boolean;
  readonly label: string;
}

/** Lane of what takes no time. */
const NOTHING = "none";

function meaningOf(node: ChakraNode, place: RankPlace): NodeMeaning {
  const { rank, communications, groups, compute } = place;
  switch (node.type) {
    case Type.metadata: {
      const fault = groups.readMetadata(node.inputs);
      if (fault !== undefined) throw new MessageFault(fault);
      return { lane: NOTHING, label: "metadata" };
    }
    case Type.compute: {
      const isCpu = node.attributes.get("is_cpu_op") === true;
      return { lane: isCpu ? "cpu" : "gpu", durationPs: computePs(node, compute), label: isCpu ? "cpu" : "compute" };
    }
    case Type.load:
    case Type.store:
      return { lane: "memory", durationPs: computePs(node, compute), label: "memory" };
    case Type.send:
    case Type.receive: {
      const message = communications.message(rank, node, Type.send);
      if (message === undefined) return { lane: NOTHING, label: "nothing" };
      return { communicator: message.communicator, isAcked: message.kind === "send", label: message.label };
    }
    case Type.collective: {
      const collective = communications.collective(rank, node);
      if (collective === undefined) return { lane: NOTHING, label: "nothing" };
      const { group, communicator, label } = collective;
      return { lane: `group ${group || "0"}`, communicator, label };
    }
    default:
      throw new MessageFault(`is of type ${NODE_TYPES[node.type] ?? node.type}, which is not known`);
  }
}

/** Nodes in the order of their ids, and what they wait for. */
function write(columns: Columns, builder: RankBuilder, file: SourceFile): void {
  const count = columns.id.length;
  const order = orderOf(columns, count);
  const numberOf = new Map<number, number>();
  order.forEach((entry, number) => {
    const id = columns.id.at(entry);
    if (numberOf.has(id)) file.fail(`node at byte ${columns.at.at(entry)}: there is a node ${id} already`);
    numberOf.set(id, number);
    writeNode(columns, entry, builder);
  });
  order.forEach((entry, number) => {
    const end = entry + 1 < count ? columns.firstAfter.at(entry + 1) : columns.after.length;
    for (let i = columns.firstAfter.at(entry); i < end; i++) {
      const other = numberOf.get(columns.after.at(i));
      if (other === undefined) {
        file.fail(`node at byte ${columns.at.at(entry)}: waits for node ${columns.after.at(i)}, which is not there`);
      }
      builder.after(number, other!);
    }
  });
}

function orderOf({ id }: Columns, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, entry) => entry);
  let isSorted = true;
  for (let i = 1; i < count && isSorted; i++) isSorted = id.at(i - 1) < id.at(i);
  return isSorted ? order : order.sort((a, b) => id.at(a) - id.at(b));
}

function writeNode(columns: Columns, entry: number, builder: RankBuilder): void {
  const [lane, communicator, label] = [columns.lane, columns.communicator, columns.label].map((each) => each.at(entry));
  if (communicator === NONE) builder.compute(lane!, columns.durationPs.at(entry), label!);
  else {
    const ends = columns.isAcked.at(entry) === 1 ? "acked" : "delivered";
    builder.operation(communicator!, label!, { ends, ...(lane !== NONE && { lane: lane! }) });
  }
}
