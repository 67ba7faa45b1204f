/** A program that is written step by step, with names in place of numbers. */
import { MAX_PROGRAM_STREAMS } from "../../plan/limits.js";
import { PlanError } from "../../plan/plan-error.js";
import type { Instruction, OperationEnd, ProgramStream, Role } from "../../plan/programs.js";

/** Collects the streams of a role. Slots and signals are numbered as they are first named. */
export class RoleBuilder {
  private readonly slots = new Map<string, number>();
  private readonly signals = new Map<string, number>();
  private readonly streams: ProgramStream[] = [];

  constructor(readonly name: string) {}

  /** Names of the slots, in order: a rank of the role binds a communicator to each. */
  get slotNames(): readonly string[] {
    return [...this.slots.keys()];
  }

  /** An operation of the communicator that a rank binds to the slot. */
  operation(slot: string, label: number, ends: OperationEnd = "delivered"): Instruction {
    return { kind: "operation", slot: numberIn(this.slots, slot), ends, label };
  }

  signal(name: string): Instruction {
    return { kind: "signal", signal: numberIn(this.signals, name) };
  }

  wait(name: string): Instruction {
    return { kind: "wait", signal: numberIn(this.signals, name) };
  }

  /** Adds a stream; the first one is the one whose waiting counts as the rank's. */
  stream(name: string, instructions: readonly Instruction[]): void {
    this.streams.push({ name, instructions });
  }

  /**
   * @throws PlanError where there are too many streams, or two of them use one slot: a rank
   * executes the operations of a communicator one after the other
   */
  build(): Role {
    const { name, streams } = this;
    if (streams.length === 0 || streams.length > MAX_PROGRAM_STREAMS) {
      throw new PlanError(`${name} has ${streams.length} streams; write 1 to ${MAX_PROGRAM_STREAMS}`, [["workload"]]);
    }
    const owner = new Map<number, string>();
    for (const { name: stream, instructions } of streams) {
      for (const slot of slotsOf(instructions)) {
        const other = owner.get(slot) ?? stream;
        if (other !== stream) {
          const what = `${this.slotNames[slot]} of ${name} is used by the streams ${other} and ${stream}`;
          throw new PlanError(`${what}; operations of one communicator belong into one stream`, [["workload"]]);
        }
        owner.set(slot, stream);
      }
    }
    return {
      name,
      streams,
      signalCount: this.signals.size,
      signals: [...this.signals.keys()],
      slotCount: this.slots.size,
    };
  }
}

export function compute(durationPs: number, label: number): Instruction {
  return { kind: "compute", durationPs, label };
}

/** A body that is executed `count` times; nothing where there is none, or it is empty. */
export function loop(count: number, body: readonly Instruction[]): Instruction[] {
  return count < 1 || body.length === 0 ? [] : [{ kind: "loop", count, body }];
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

function slotsOf(instructions: readonly Instruction[]): Set<number> {
  const slots = new Set<number>();
  for (const instruction of instructions) {
    if (instruction.kind === "operation") slots.add(instruction.slot);
    else if (instruction.kind === "loop") for (const slot of slotsOf(instruction.body)) slots.add(slot);
  }
  return slots;
}
