import type { Collective, ScheduleOperation } from "../../src/build/collective/schedule.js";

/** Which ranks' values are summed in a part of a rank's buffer: bit r for rank r. */
export type Contributions = bigint;

/** A chunk that a flow has sent; of a member, what it contributes. */
type Sent = (Contributions | undefined)[];

/**
 * Carries out a schedule with operations on buffers, without a network: one step at a time, which
 * one by `pick`. A member's chunk is delivered when all members have sent theirs. Throws where a
 * value would be added twice, or the schedule gets stuck.
 * @returns Buffers of all ranks at the end.
 */
export function executeOperations(
  { schedule, parts, cargo }: Collective,
  ranks: number,
  pick: (n: number) => number,
): Contributions[][] {
  const buffers = Array.from({ length: ranks }, (_, rank) => new Array<Contributions>(parts).fill(1n << BigInt(rank)));
  const sent = Array.from({ length: schedule.count }, (): Sent[] => []);
  const delivered = new Uint32Array(schedule.count);
  const { list, contributes, receives } = schedule.operations!;
  const operationOf: (ScheduleOperation | undefined)[] = new Array(schedule.count).fill(undefined);
  for (const operation of list) operationOf.fill(operation, operation.first, operation.first + operation.members);

  const isAllowed = (flow: number) => {
    const chunk = sent[flow]!.length;
    if (chunk === schedule.chunks[flow]) return false;
    for (let i = schedule.upFirst[flow]!; i < schedule.upFirst[flow + 1]!; i++) {
      const upstream = schedule.upFlow[i]!;
      const needed = Math.min(chunk - schedule.upLag[i]!, schedule.chunks[upstream]! - 1);
      if (needed >= 0 && delivered[upstream]! <= needed) return false;
    }
    return true;
  };
  const membersOf = ({ first, members }: ScheduleOperation) => Array.from({ length: members }, (_, i) => first + i);
  const isArriving = (flow: number) => {
    const operation = operationOf[flow];
    if (delivered[flow]! >= sent[flow]!.length) return false;
    return operation === undefined || membersOf(operation).every((member) => sent[member]!.length > delivered[flow]!);
  };
  const send = (flow: number) => {
    const { first, count } = cargo(flow, sent[flow]!.length) as { first: number; count: number };
    const gives = operationOf[flow] === undefined || contributes[flow] === 1;
    sent[flow]!.push(gives ? buffers[schedule.src[flow]!]!.slice(first, first + count) : []);
  };
  const add = (a: Contributions, b: Contributions) => {
    if ((a & b) !== 0n) throw new Error("a value is added twice");
    return a | b;
  };
  const deliver = (flow: number) => {
    const chunk = delivered[flow]!++;
    const { first, count, reduces } = cargo(flow, chunk) as { first: number; count: number; reduces: boolean };
    const operation = operationOf[flow];
    if (operation !== undefined && receives[flow] === 0) return;
    // What is added to what a receiver has leaves out what it has sent itself.
    const from = operation === undefined ? [flow] : membersOf(operation).filter((it) => !reduces || it !== flow);
    const buffer = buffers[schedule.dst[flow]!]!;
    for (let i = 0; i < count; i++) {
      const value = from.reduce((sum, member) => add(sum, sent[member]![chunk]![i] ?? 0n), 0n);
      buffer[first + i] = reduces ? add(buffer[first + i]!, value) : value;
    }
  };

  /** The first step that is possible from a place on, in cyclic order: a flow sends, or is delivered. */
  const stepFrom = (place: number) => {
    for (let i = 0; i < 2 * schedule.count; i++) {
      const at = (place + i) % (2 * schedule.count);
      const flow = at >> 1;
      if (at % 2 === 0 ? isAllowed(flow) : isArriving(flow)) return () => (at % 2 === 0 ? send(flow) : deliver(flow));
    }
    return undefined;
  };
  for (let step = stepFrom(0); step !== undefined; step = stepFrom(pick(2 * schedule.count))) step();
  if (!schedule.chunks.every((chunks, flow) => delivered[flow] === chunks)) throw new Error("the schedule got stuck");
  return buffers;
}
