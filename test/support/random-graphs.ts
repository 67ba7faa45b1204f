import { NO_GATE, NODE_ENDS, NodeKind, type ProgramGraph } from "../../src/plan/program-graph.js";
import type { Instruction, Role } from "../../src/plan/programs.js";

interface Node {
  readonly kind: number;
  readonly durationPs: number;
  readonly operand: number;
  readonly ends: number;
  readonly gate: number;
  readonly label: number;
}

/** Numbers that follow from a seed. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * A role as a graph: the steps of its streams as nodes, of which most wait for the one before, some
 * for others, and some for nothing. Operations have their stream's lane, or an exclusive gate of
 * their communicator.
 */
export function asGraph(role: Role, seed: number): Role {
  const random = numbersOf(seed);
  const lanes = role.streams.length;
  const usesLane = Array.from({ length: role.slotCount }, () => random(2) === 0);
  const firstSignal = lanes + role.slotCount;
  const nodes: Node[] = [];
  const waits: { readonly later: number; readonly earlier: number; readonly onStart: boolean }[] = [];
  role.streams.forEach(({ instructions }, lane) => {
    let last = -1;
    for (const step of flat(instructions)) {
      nodes.push(nodeOf(step, lane, { lanes, firstSignal, usesLane }));
      const number = nodes.length - 1;
      if (last >= 0 && random(6) > 0) waits.push({ later: number, earlier: last, onStart: random(5) === 0 });
      if (number > 0 && random(4) === 0) {
        waits.push({ later: number, earlier: random(number), onStart: random(2) === 0 });
      }
      last = number;
    }
  });
  const order = nodes.map((_, n) => n);
  if (random(3) === 0) for (let i = order.length - 1; i > 0; i--) swap(order, i, random(i + 1));
  const gates = firstSignal + role.signalCount;
  return {
    ...role,
    streams: role.streams.map(({ name }) => ({ name, instructions: [] })),
    signalCount: gates,
    signals: Array.from({ length: role.signalCount }, (_, s) => `signal ${s}`),
    graph: { ...columns(nodes, waits, order), exclusive: role.slotCount },
  };
}

function flat(instructions: readonly Instruction[]): Instruction[] {
  return instructions.flatMap((each) =>
    each.kind === "loop" ? Array.from({ length: each.count }, () => flat(each.body)).flat() : [each],
  );
}

interface Gates {
  readonly lanes: number;
  readonly firstSignal: number;
  readonly usesLane: readonly boolean[];
}

function nodeOf(step: Instruction, lane: number, { lanes, firstSignal, usesLane }: Gates): Node {
  const none = { durationPs: 0, operand: 0, ends: 0, gate: NO_GATE, label: 0 };
  switch (step.kind) {
    case "compute":
      return { ...none, kind: NodeKind.compute, durationPs: step.durationPs, gate: lane, label: step.label };
    case "operation": {
      const hasLane = usesLane[step.slot]!;
      const ends = step.ends === "sent" && !hasLane ? "acked" : step.ends;
      const gate = hasLane ? lane : lanes + step.slot;
      const { slot: operand, label } = step;
      return { ...none, kind: NodeKind.operation, operand, ends: NODE_ENDS.indexOf(ends), gate, label };
    }
    case "signal":
      return { ...none, kind: NodeKind.signal, operand: firstSignal + step.signal };
    case "wait":
      return { ...none, kind: NodeKind.wait, gate: firstSignal + step.signal };
    case "loop":
      throw new Error("a loop has been unrolled");
  }
}

function columns(
  nodes: readonly Node[],
  waits: readonly { readonly later: number; readonly earlier: number; readonly onStart: boolean }[],
  order: readonly number[],
): Omit<ProgramGraph, "exclusive"> {
  const placed: Node[] = new Array(nodes.length);
  nodes.forEach((node, n) => {
    placed[order[n]!] = node;
  });
  const sorted = waits
    .map(({ later, earlier, onStart }) => ({ later: order[later]!, earlier: order[earlier]!, onStart }))
    .sort((a, b) => a.later - b.later);
  const waitFirst = new Uint32Array(nodes.length + 1);
  for (const { later } of sorted) waitFirst[later + 1]! += 1;
  for (let n = 0; n < nodes.length; n++) waitFirst[n + 1]! += waitFirst[n]!;
  return {
    count: nodes.length,
    kind: Uint8Array.from(placed, ({ kind }) => kind),
    durationPs: Float64Array.from(placed, ({ durationPs }) => durationPs),
    operand: Uint32Array.from(placed, ({ operand }) => operand),
    ends: Uint8Array.from(placed, ({ ends }) => ends),
    gate: Uint32Array.from(placed, ({ gate }) => gate),
    label: Uint32Array.from(placed, ({ label }) => label),
    waitFirst,
    waitNode: Uint32Array.from(sorted, ({ earlier }) => earlier),
    waitStart: Uint8Array.from(sorted, ({ onStart }) => (onStart ? 1 : 0)),
  };
}

function swap(list: number[], a: number, b: number): void {
  [list[a], list[b]] = [list[b]!, list[a]!];
}
