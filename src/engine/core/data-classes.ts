/**
 * What the core keeps of data classes: lanes, which are the records of a port's classes, those of
 * class 0 first; and what several of them take besides.
 */
import { dropAlpha } from "../../plan/class-rules.js";
import { classOfFlow } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { CLASSQUEUE_BYTES, DATACLASS_BYTES, DataClass, NIC_BYTES, NICCLASS_BYTES, NicClass } from "./layout.js";
import type { CoreMemory } from "./memory.js";

/** Lanes of all ports. Lane `c · ports + p` is class `c` of port `p`. */
export function laneCount({ fabric, dataClasses }: RunPlan): number {
  return fabric.peerPort.length * dataClasses.length;
}

/** Global number of the port that a lane belongs to. */
export function portOfLane({ fabric }: RunPlan, lane: number): number {
  return lane % fabric.peerPort.length;
}

/** Bytes of what several classes take besides their lanes. */
export function dataClassBytes(plan: RunPlan): number {
  const { dataClasses, fabric, flows } = plan;
  const { length } = dataClasses;
  if (length === 1) return 0;
  return (
    length * (DATACLASS_BYTES + fabric.nics.count * NICCLASS_BYTES) + laneCount(plan) * CLASSQUEUE_BYTES + flows.count
  );
}

/** @param offsetOf of a NIC's record among those of all NICs */
export function writeClasses(
  memory: CoreMemory,
  plan: RunPlan,
  at: { readonly dataClasses: number; readonly flowClasses: number; readonly nicClasses: number },
  offsetOf: (nic: number) => number,
): void {
  const { dataClasses, flows, fabric } = plan;
  const { length } = dataClasses;
  dataClasses.forEach(({ priority, turnBytes }, i) => {
    const rule = at.dataClasses + i * DATACLASS_BYTES;
    memory.set(rule, DataClass.turnBytes, turnBytes);
    const peers = dataClasses.reduce((mask, other, bit) => (other.priority === priority ? mask | (1 << bit) : mask), 0);
    memory.set(rule, DataClass.peers, peers);
    const { num, den } = dropAlpha(plan, i);
    memory.set(rule, DataClass.dropAlphaNum, num);
    memory.set(rule, DataClass.dropAlphaDen, den);
  });
  if (flows.dataClass) new Uint8Array(memory.memory.buffer, at.flowClasses, flows.count).set(flows.dataClass);
  const sent = new Uint32Array(fabric.nics.count * length);
  for (let f = 0; f < flows.count; f++) sent[flows.srcNic[f]! * length + classOfFlow(flows, f)]!++;
  for (let nic = 0; nic < fabric.nics.count; nic++) {
    const records = at.nicClasses + (offsetOf(nic) / NIC_BYTES) * length * NICCLASS_BYTES;
    let first = 0;
    for (let c = 0; c < length; c++) {
      const end = first + sent[nic * length + c]!;
      memory.set(records + c * NICCLASS_BYTES, NicClass.first, first);
      memory.set(records + c * NICCLASS_BYTES, NicClass.end, end);
      memory.set(records + c * NICCLASS_BYTES, NicClass.lastServed, Math.max(first, end - 1));
      first = end;
    }
  }
}
