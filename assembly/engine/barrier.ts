/**
 * How the threads of a run wait for each other, once per window. The first thread asks each of the
 * others to join a window by writing its `turn`. It waits until all have arrived at the window's
 * end. A thread that waits spins for a while, since windows are short, then sleeps.
 *
 * Sleeping is left to the host's Atomics.wait: memory.atomic.wait32 loses wake-ups in V8's baseline
 * compiler.
 */
import { control, own, run, trap } from "../memory/arena";
import { Control, TrapCode } from "../memory/structs/run";
import { Thread } from "../memory/structs/thread";
import { activeThreads, threadAt } from "./state";

/**
 * Sleeps while the u32 at `address` is `value`, at most `timeoutMs` (below 0: forever). May return
 * at any time.
 */
@external("env", "wait")
declare function wait(address: u32, value: u32, timeoutMs: f64): void;

/** Wakes whoever sleeps at `address`. */
@external("env", "notify")
declare function notify(address: u32): void;

/** `turn` of a thread that is to leave. */
const LEAVE: u32 = u32.MAX_VALUE;
const LAST_TURN: u32 = LEAVE >> 1;
/** What is added to `arrived` when a thread trapped. */
const ABANDONED: u32 = 1 << 16;
/** Looks before a thread goes to sleep: some tens of microseconds. */
const SPINS: u32 = 10_000;
/**
 * The first thread looks up from its sleep this often, so that the host hears of a thread that
 * died.
 */
const PATIENCE_MS: f64 = 250;


@inline
function turnOf(thread: Thread): u32 {
  return changetype<u32>(thread) + offsetof<Thread>("turn");
}


@inline
function sleepOf(thread: Thread): u32 {
  return changetype<u32>(thread) + offsetof<Thread>("asleep");
}


@inline
function arrivedAddress(): u32 {
  return changetype<u32>(control) + offsetof<Control>("arrived");
}


@inline
function asleepAddress(): u32 {
  return changetype<u32>(control) + offsetof<Control>("asleep");
}

/** The first thread: asks the other active ones to join the window that is ready. */
export function callOthers(): void {
  atomic.store<u32>(arrivedAddress(), 0);
  for (let i: u32 = 1; i < activeThreads; i++) {
    const thread = threadAt(i);
    call(thread, (atomic.load<u32>(turnOf(thread)) + 1) & LAST_TURN);
  }
}

/** The first thread: tells the others that there is nothing more to do. */
export function dismissOthers(): void {
  for (let i: u32 = 1; i < run.threadCount; i++) call(threadAt(i), LEAVE);
}

function call(thread: Thread, turn: u32): void {
  atomic.store<u32>(turnOf(thread), turn);
  if (atomic.load<u32>(sleepOf(thread)) != 0) notify(turnOf(thread));
}

/**
 * The first thread: waits for the others. False if they take so long that the host should have a
 * look.
 */
export function awaitOthers(): bool {
  const expected = activeThreads - 1;
  for (let i: u32 = 0; i < SPINS; i++) {
    if (atomic.load<u32>(arrivedAddress()) >= expected) return haveArrived();
  }
  atomic.store<u32>(asleepAddress(), 1);
  // Every arrival ends a sleep.
  for (let i: u32 = 0; i < expected; i++) {
    const seen = atomic.load<u32>(arrivedAddress());
    if (seen < expected) wait(arrivedAddress(), seen, PATIENCE_MS);
  }
  atomic.store<u32>(asleepAddress(), 0);
  return atomic.load<u32>(arrivedAddress()) >= expected && haveArrived();
}

/** @throws when one of them did so by trapping. */
function haveArrived(): bool {
  if (atomic.load<u32>(arrivedAddress()) >= ABANDONED) trap(TrapCode.Abandoned);
  return true;
}

/** Another thread: tells that it is through. */
export function arriveAtBarrier(): void {
  atomic.add<u32>(arrivedAddress(), 1);
  if (atomic.load<u32>(asleepAddress()) != 0) notify(arrivedAddress());
}

/** The turn that this thread has taken last. */
let taken: u32 = 0;

/**
 * Another thread: takes up where its record was left. To be called before the first thread may call
 * it.
 */
export function joinBarrier(): void {
  taken = own.turn;
}

/** Another thread: waits for its next turn. False when it is to leave. */
export function awaitTurn(): bool {
  const address = turnOf(own);
  let turn = taken;
  for (let i: u32 = 0; turn == taken && i < SPINS; i++) turn = atomic.load<u32>(address);
  if (turn == taken) {
    atomic.store<u32>(sleepOf(own), 1);
    while ((turn = atomic.load<u32>(address)) == taken) wait(address, taken, -1);
    atomic.store<u32>(sleepOf(own), 0);
  }
  taken = turn;
  return turn != LEAVE;
}
