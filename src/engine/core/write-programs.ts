/** Writes programs into the core's memory: roles, ranks, and their places in communicators. */
import type { RunPlan } from "../../plan/plan.js";
import {
  chunksPerOperation,
  flowEnds,
  type Programs,
  programFlows,
  type Role,
  type Instruction as Step,
} from "../../plan/programs.js";
import { writeGraphRank, writeGraphs, writeIdleMember } from "./graphs.js";
import type { CoreInstance } from "./instance.js";
import {
  DEVICE_BYTES,
  Device,
  type Field,
  INSTRUCTION_BYTES,
  Instruction,
  InstructionKind,
  MEMBER_BYTES,
  Member,
  OperationEnd,
  PROGRAMFLOW_BYTES,
  PROGRAMHOST_BYTES,
  PROGRAMRANK_BYTES,
  PROGRAMSTREAM_BYTES,
  ProgramFlow,
  ProgramHost,
  ProgramRank,
  ProgramStream,
  Run,
  TIMELINE_BYTES,
  TIMELINEENTRY_BYTES,
  Timeline,
} from "./layout.js";
import type { CoreMemory } from "./memory.js";

const ENDS = { delivered: OperationEnd.Delivered, sent: OperationEnd.Sent, acked: OperationEnd.Acked } as const;
const NOBODY = 0xffffffff;

/** Where a role lies: the first instruction of each stream, and its table of signallers. */
interface PlacedRole {
  readonly streams: readonly number[];
  readonly signallers: number;
}

export function writePrograms({ memory, header }: CoreInstance, plan: RunPlan, programs: Programs): void {
  const at = (field: (typeof Run)[keyof typeof Run]) => memory.get(header, field);
  const roles = writeRoles(memory, programs.roles, at(Run.instructions), at(Run.signallers));
  const deviceOf = devicesOf(plan);
  const graphs = writeGraphs(memory, programs.roles, at);
  writeRanks(memory, programs, { at, roles, graphs, deviceOf, order: ranksByDevice(programs, deviceOf) });
  writeFlows(memory, plan, programs, at);
  writeHosts(memory, plan, programs, deviceOf, at);
}

type At = (field: (typeof Run)[keyof typeof Run]) => number;

function writeRoles(memory: CoreMemory, roles: readonly Role[], first: number, signallers: number): PlacedRole[] {
  let next = first;
  let table = signallers;
  return roles.map(({ streams, signalCount, graph }) => {
    const placed = streams.map(({ instructions }) => {
      const start = next;
      next = writeSteps(memory, instructions, next, 0);
      memory.set(next, Instruction.kind, InstructionKind.Stop);
      next += INSTRUCTION_BYTES;
      return start;
    });
    const own = table;
    for (let signal = 0; signal < signalCount && graph === undefined; signal++) {
      const stream = streams.findIndex(({ instructions }) => signals(instructions, signal));
      memory.setU32(table, stream < 0 ? NOBODY : stream);
      table += 4;
    }
    return { streams: placed, signallers: own };
  });
}

function signals(steps: readonly Step[], signal: number): boolean {
  return steps.some((step) =>
    step.kind === "loop" ? signals(step.body, signal) : step.kind === "signal" && step.signal === signal,
  );
}

/** @returns the address behind what was written */
function writeSteps(memory: CoreMemory, steps: readonly Step[], first: number, depth: number): number {
  let at = first;
  for (const step of steps) {
    switch (step.kind) {
      case "compute":
        memory.set(at, Instruction.kind, InstructionKind.Compute);
        memory.set(at, Instruction.durationPs, step.durationPs);
        memory.set(at, Instruction.label, step.label);
        break;
      case "operation":
        memory.set(at, Instruction.kind, InstructionKind.Operation);
        memory.set(at, Instruction.operand, step.slot);
        memory.set(at, Instruction.count, ENDS[step.ends]);
        memory.set(at, Instruction.label, step.label);
        break;
      case "signal":
      case "wait":
        memory.set(at, Instruction.kind, step.kind === "signal" ? InstructionKind.Signal : InstructionKind.Wait);
        memory.set(at, Instruction.operand, step.signal);
        break;
      case "loop": {
        memory.set(at, Instruction.kind, InstructionKind.Loop);
        memory.set(at, Instruction.count, step.count);
        memory.set(at, Instruction.depth, depth);
        const body = at + INSTRUCTION_BYTES;
        at = writeSteps(memory, step.body, body, depth + 1);
        memory.set(at, Instruction.kind, InstructionKind.Repeat);
        memory.set(at, Instruction.operand, body);
        memory.set(at, Instruction.depth, depth);
        break;
      }
    }
    at += INSTRUCTION_BYTES;
  }
  return at;
}

/** By rank of the fabric: the device that it is on. */
function devicesOf({ fabric }: RunPlan): Uint32Array {
  const { nics, firstPort, deviceCount, rankCount } = fabric;
  const ofPort = new Uint32Array(firstPort[deviceCount]!);
  for (let d = 0; d < deviceCount; d++) ofPort.fill(d, firstPort[d], firstPort[d + 1]);
  const devices = new Uint32Array(rankCount);
  for (let nic = nics.count - 1; nic >= 0; nic--) devices[nics.rank[nic]!] = ofPort[nics.port[nic]!]!;
  return devices;
}

/** Program ranks by device, then number: those of a device lie behind each other. */
function ranksByDevice({ ranks }: Programs, deviceOf: Uint32Array): Uint32Array {
  const device = (rank: number) => deviceOf[ranks.rank[rank]!]!;
  return Uint32Array.from({ length: ranks.count }, (_, rank) => rank).sort((a, b) => device(a) - device(b) || a - b);
}

interface Ranks {
  readonly at: At;
  readonly roles: readonly PlacedRole[];
  /** Addresses by role. */
  readonly graphs: readonly number[];
  readonly deviceOf: Uint32Array;
  readonly order: Uint32Array;
}

function writeRanks(memory: CoreMemory, programs: Programs, { at, roles, graphs, deviceOf, order }: Ranks): void {
  const { ranks } = programs;
  const recorded = new Map(programs.recorded.map((rank, i) => [rank, i]));
  const placeOf = new Uint32Array(ranks.count);
  order.forEach((rank, place) => {
    placeOf[rank] = place;
  });
  let stream = 0;
  let signals = at(Run.signals);
  let words = at(Run.graphStates);
  for (let r = 0; r < ranks.count; r++) {
    const role = programs.roles[ranks.role[r]!]!;
    const placed = roles[ranks.role[r]!]!;
    const record = at(Run.programRanks) + placeOf[r]! * PROGRAMRANK_BYTES;
    const host = at(Run.programHosts) + deviceOf[ranks.rank[r]!]! * PROGRAMHOST_BYTES;
    memory.set(record, ProgramRank.host, host);
    memory.set(record, ProgramRank.streams, at(Run.programStreams) + stream * PROGRAMSTREAM_BYTES);
    memory.set(record, ProgramRank.streamCount, role.streams.length);
    memory.set(record, ProgramRank.firstStream, stream);
    memory.set(record, ProgramRank.slots, at(Run.programSlots) + 4 * ranks.slotFirst[r]!);
    memory.set(record, ProgramRank.signals, signals);
    memory.set(record, ProgramRank.signallers, placed.signallers);
    memory.set(record, ProgramRank.running, role.streams.length);
    memory.set(record, ProgramRank.computeFactor, ranks.computeFactor[r]!);
    memory.set(record, ProgramRank.jitter, ranks.jitter[r]!);
    memory.set(record, ProgramRank.countedPs, ranks.startPs[r]!);
    const place = recorded.get(r);
    if (place !== undefined) writeTimeline(memory, record, place, programs, at);
    words += 4 * writeGraphRank(memory, { record, graph: graphs[ranks.role[r]!]!, words }, role);
    placed.streams.forEach((next, s) => {
      const streamAt = at(Run.programStreams) + stream++ * PROGRAMSTREAM_BYTES;
      // A graph starts as a whole, with its first lane.
      if (s === 0 || role.graph === undefined) memory.set(streamAt, ProgramStream.untilPs, ranks.startPs[r]!);
      else memory.setNever(streamAt, ProgramStream.untilPs);
      memory.set(streamAt, ProgramStream.next, next);
    });
    signals += 4 * role.signalCount;
    for (let i = ranks.slotFirst[r]!; i < ranks.slotFirst[r + 1]!; i++) {
      const member = at(Run.members) + i * MEMBER_BYTES;
      memory.set(member, Member.rank, record);
      if (role.graph !== undefined) writeIdleMember(memory, at(Run.members), i);
      memory.setU32(at(Run.programSlots) + 4 * i, member);
    }
  }
}

function writeTimeline(memory: CoreMemory, rank: number, place: number, { recordLimit }: Programs, at: At): void {
  const timeline = at(Run.timelines) + place * TIMELINE_BYTES;
  memory.set(rank, ProgramRank.timeline, timeline);
  memory.set(timeline, Timeline.entries, at(Run.timelineEntries) + place * recordLimit * TIMELINEENTRY_BYTES);
  memory.set(timeline, Timeline.limit, recordLimit);
}

/** Flows of communicators, and the lists of those that start and end at each member. */
function writeFlows(memory: CoreMemory, { flows, fabric }: RunPlan, programs: Programs, at: At): void {
  const [first] = programFlows(programs);
  const { source, destination } = flowEnds(programs, fabric, flows);
  const perOperation = chunksPerOperation(programs, flows);
  const records = at(Run.programFlows);
  for (let f = 0; f < flows.count; f++) memory.setNever(records + f * PROGRAMFLOW_BYTES, ProgramFlow.startPs);
  perOperation.forEach((chunks, i) => {
    const record = records + (first + i) * PROGRAMFLOW_BYTES;
    memory.set(record, ProgramFlow.source, at(Run.members) + source[i]! * MEMBER_BYTES);
    memory.set(record, ProgramFlow.destination, at(Run.members) + destination[i]! * MEMBER_BYTES);
    memory.set(record, ProgramFlow.chunksPerOperation, chunks);
  });
  const slotCount = programs.ranks.slots.length;
  const lists = { memory, members: at(Run.members), slotCount, first };
  const behind = writeLists(lists, source, at(Run.memberFlows), { list: Member.leaving, length: Member.leavingCount });
  writeLists(lists, destination, behind, { list: Member.arriving, length: Member.arrivingCount });
}

interface Lists {
  readonly memory: CoreMemory;
  readonly members: number;
  readonly slotCount: number;
  /** Flow of the first entry of a column. */
  readonly first: number;
}

/** For each member the flows that have it in the column, ascending. @returns the address behind */
function writeLists(
  { memory, members, slotCount, first }: Lists,
  column: Uint32Array,
  list: number,
  fields: { readonly list: Field; readonly length: Field },
): number {
  const counts = new Uint32Array(slotCount);
  for (const slot of column) counts[slot]!++;
  const next = new Float64Array(slotCount);
  let at = list;
  counts.forEach((count, slot) => {
    memory.set(members + slot * MEMBER_BYTES, fields.list, at);
    memory.set(members + slot * MEMBER_BYTES, fields.length, count);
    next[slot] = at;
    at += 4 * count;
  });
  column.forEach((slot, i) => {
    memory.setU32(next[slot]!, first + i);
    next[slot]! += 4;
  });
  return at;
}

/** Hosts by device, and when each is stepped first. */
function writeHosts(memory: CoreMemory, { fabric }: RunPlan, { ranks }: Programs, deviceOf: Uint32Array, at: At): void {
  const counts = new Uint32Array(fabric.deviceCount);
  const nextPs = new Float64Array(fabric.deviceCount).fill(Number.POSITIVE_INFINITY);
  for (let r = 0; r < ranks.count; r++) {
    const device = deviceOf[ranks.rank[r]!]!;
    counts[device]!++;
    nextPs[device] = Math.min(nextPs[device]!, ranks.startPs[r]!);
  }
  let first = at(Run.programRanks);
  for (let d = 0; d < fabric.deviceCount; d++) {
    const host = at(Run.programHosts) + d * PROGRAMHOST_BYTES;
    memory.set(host, ProgramHost.device, d);
    memory.set(host, ProgramHost.ranks, first);
    memory.set(host, ProgramHost.rankCount, counts[d]!);
    memory.setTime(host, ProgramHost.nextPs, nextPs[d]!);
    first += counts[d]! * PROGRAMRANK_BYTES;
    const device = at(Run.devices) + d * DEVICE_BYTES;
    if (nextPs[d]! < memory.get(device, Device.wakeAtPs)) memory.set(device, Device.wakeAtPs, nextPs[d]!);
  }
}
