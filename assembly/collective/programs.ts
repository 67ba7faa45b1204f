/**
 * The programs that ranks run (docs/MODEL.md §11). Everything that a program of a rank knows
 * belongs to the rank's device, so it acts within that device's windows.
 */
import { NEVER } from "../engine/state";
import {
  Instruction,
  InstructionKind,
  Member,
  ProgramHost,
  ProgramRank,
  ProgramStream,
  StreamState,
} from "../memory/structs/program";
import { goOnAt, programHostAt, streamAt } from "../nic/program-flows";
import { postOwn } from "./executor";
import { goOnInGraph, goOnInLane } from "./graphs";
import { reach } from "./operations";
import { countTime, durationOf, endProgram, recordEnd } from "./program-times";

const STEP: u32 = offsetof<Instruction>();
const FIRST_LOOP: u32 = offsetof<ProgramStream>("loop0");

/** When a program of the device goes on next by itself. */
@inline
export function nextProgramPs(device: u32): u64 {
  return programHostAt(device).nextPs;
}

/** Lets the streams of the device go on that do so at `nowPs`, which is `nextProgramPs`. */
export function playPrograms(device: u32, nowPs: u64): void {
  const host = programHostAt(device);
  host.nextPs = NEVER;
  let nextPs = NEVER;
  for (let i: u32 = 0; i < host.rankCount; i++) {
    const rank = rankAt(host, i);
    for (let index: u32 = 0; index < rank.streamCount; index++) {
      const stream = streamAt(rank, index);
      if (stream.untilPs == nowPs) {
        stream.untilPs = NEVER;
        if (rank.graph != 0) goOnInLane(rank, index, nowPs);
        else goOn(rank, index, nowPs);
      }
    }
    for (let index: u32 = 0; index < rank.streamCount; index++) nextPs = min(nextPs, streamAt(rank, index).untilPs);
  }
  host.nextPs = min(host.nextPs, nextPs);
}


@inline
function rankAt(host: ProgramHost, index: u32): ProgramRank {
  return changetype<ProgramRank>(host.ranks + index * offsetof<ProgramRank>());
}

/**
 * Nothing is left that an operation waits for, by a delivery or an answer at `nowPs`: its stream
 * goes on, now or when the last transmission has ended.
 */
export function endOperation(member: Member, nowPs: u64): void {
  const rank = changetype<ProgramRank>(member.rank);
  if (member.sentPs > nowPs) goOnAt(rank, streamAt(rank, member.stream), member.sentPs);
  else if (rank.graph != 0) goOnInGraph(member, nowPs);
  else goOn(rank, member.stream, nowPs);
}

/** What the stream has halted for has come. */
function goOn(rank: ProgramRank, index: u32, nowPs: u64): void {
  countTime(rank, nowPs);
  rank.ready |= 1 << index;
  while (rank.ready != 0) {
    const first = <u32>ctz(rank.ready);
    rank.ready &= rank.ready - 1;
    execute(rank, first, nowPs);
  }
  if (rank.running == 0) endProgram(rank, nowPs);
}

/** Executes a ready stream until it halts. */
function execute(rank: ProgramRank, index: u32, nowPs: u64): void {
  const stream = streamAt(rank, index);
  if (stream.state == StreamState.Computing) rank.computing--;
  if (stream.state == StreamState.Computing || stream.state == StreamState.Operation) {
    recordEnd(rank, index, stream.label, stream.sincePs, nowPs);
  }
  stream.state = StreamState.Ready;
  let halted = false;
  while (!halted) {
    const instruction = changetype<Instruction>(stream.next);
    stream.next += STEP;
    halted = perform(rank, index, instruction, nowPs);
  }
}

/** Returns whether the stream halts. */
function perform(rank: ProgramRank, index: u32, instruction: Instruction, nowPs: u64): bool {
  const stream = streamAt(rank, index);
  switch (instruction.kind) {
    case InstructionKind.Compute:
      return compute(rank, index, instruction, nowPs);
    case InstructionKind.Operation:
      return operate(rank, index, instruction, nowPs);
    case InstructionKind.Signal:
      signal(rank, instruction.operand);
      return false;
    case InstructionKind.Wait:
      return wait(rank, stream, instruction.operand);
    case InstructionKind.Loop:
      store<u32>(loopOf(stream, instruction), instruction.count);
      return false;
    case InstructionKind.Repeat: {
      const counter = loopOf(stream, instruction);
      const left = load<u32>(counter) - 1;
      store<u32>(counter, left);
      if (left != 0) stream.next = instruction.operand;
      return false;
    }
    default:
      stream.state = StreamState.Ended;
      rank.running--;
      return true;
  }
}


@inline
function loopOf(stream: ProgramStream, instruction: Instruction): u32 {
  return changetype<u32>(stream) + FIRST_LOOP + instruction.depth * 4;
}

function compute(rank: ProgramRank, index: u32, instruction: Instruction, nowPs: u64): bool {
  const stream = streamAt(rank, index);
  const durationPs = durationOf(rank, index, instruction.durationPs);
  if (durationPs == 0) {
    recordEnd(rank, index, instruction.label, nowPs, nowPs);
    return false;
  }
  begin(stream, StreamState.Computing, instruction, nowPs);
  rank.computing++;
  goOnAt(rank, stream, nowPs + durationPs);
  return true;
}

function operate(rank: ProgramRank, index: u32, instruction: Instruction, nowPs: u64): bool {
  const member = changetype<Member>(load<u32>(rank.slots + instruction.operand * 4));
  const stream = streamAt(rank, index);
  begin(stream, StreamState.Operation, instruction, nowPs);
  reach(member, index, instruction.count);
  const isAwaited = member.left != 0;
  postOwn(member, nowPs);
  if (isAwaited) return true;
  stream.state = StreamState.Ready;
  recordEnd(rank, index, instruction.label, nowPs, nowPs);
  return false;
}

function begin(stream: ProgramStream, state: StreamState, instruction: Instruction, nowPs: u64): void {
  stream.state = state;
  stream.sincePs = nowPs;
  stream.label = instruction.label;
  stream.operand = instruction.operand;
}

function signal(rank: ProgramRank, number: u32): void {
  const count = rank.signals + number * 4;
  store<u32>(count, load<u32>(count) + 1);
  for (let index: u32 = 0; index < rank.streamCount; index++) {
    const stream = streamAt(rank, index);
    if (stream.state == StreamState.Waiting && stream.operand == number) rank.ready |= 1 << index;
  }
}

function wait(rank: ProgramRank, stream: ProgramStream, number: u32): bool {
  const at = rank.signals + number * 4;
  const count = load<u32>(at);
  if (count != 0) {
    store<u32>(at, count - 1);
    return false;
  }
  stream.state = StreamState.Waiting;
  stream.operand = number;
  stream.next -= STEP;
  return true;
}
