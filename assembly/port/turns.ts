/**
 * Which of several data classes is next at a port: of the highest priority that could send, by
 * surplus round robin. The class that has the turn goes on until its balance is used up; what it
 * takes beyond that it has less the next time.
 */
import { run } from "../memory/arena";
import { DataClass, Port } from "../memory/structs/port";
import { classCount, laneAt, queueOf } from "./lanes";

/** The rules of a data class, where there are several. */
@inline
export function ruleOf(dataClass: u32): DataClass {
  return changetype<DataClass>(run.dataClasses + dataClass * offsetof<DataClass>());
}

/** Every class has a turn ahead of it: the last of its priority had one. */
export function startTurns(): void {
  if (run.classCount == 1) return;
  for (let i: u32 = 0; i < run.portCount; i++) {
    const port = changetype<Port>(run.ports + i * offsetof<Port>());
    for (let c: u32 = 0; c < run.classCount; c++) queueOf(laneAt(port, c)).turn = 31 - clz(ruleOf(c).peers);
  }
}

/** Data classes that have a packet and are not held, as a mask. */
export function ableClasses(port: Port): u32 {
  let able: u32 = 0;
  for (let c: u32 = 0; c < classCount; c++) {
    const lane = laneAt(port, c);
    if (lane.dataHead != 0 && !lane.paused) able |= 1 << c;
  }
  return able;
}

/** The class to send of, among those of the mask: there is one at least. */
export function chooseClass(port: Port, able: u32): u32 {
  const first = ctz(able);
  const peers = ruleOf(first).peers;
  const turn = turnOf(port, peers);
  const among = able & peers;
  if (((among >> turn) & 1) != 0 && queueOf(laneAt(port, turn)).balance > 0) return turn;
  const after = among & ~((2 << turn) - 1);
  return after != 0 ? ctz(after) : ctz(among);
}

/** A packet of the class starts. */
export function takeTurn(port: Port, dataClass: u32, wire: u32): void {
  const rule = ruleOf(dataClass);
  const peers = rule.peers;
  const queue = queueOf(laneAt(port, dataClass));
  const turn = turnOf(port, peers);
  if (turn != dataClass || queue.balance <= 0) {
    const before = queueOf(laneAt(port, turn));
    before.balance = min(before.balance, 0);
    queue.balance = min(queue.balance, 0) + <i32>rule.turnBytes;
    queueOf(laneAt(port, ctz(peers))).turn = dataClass;
  }
  queue.balance -= <i32>wire;
}

/** The class of a priority that has the turn: kept with the first of them. */
@inline
function turnOf(port: Port, peers: u32): u32 {
  return queueOf(laneAt(port, ctz(peers))).turn;
}
