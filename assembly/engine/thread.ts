/** The threads of a run: instances of this module on one shared memory, each with a `Thread` record. */
import { FULL, needsFull } from "../features";
import { loadSprayingParameters } from "../spraying/registry";
import { loadClockParameters } from "../switch/clock";
import { startEnds } from "../switch/ends";
import { loadCongestionParameters } from "../congestion/registry";
import { loadGranterParameters } from "../host/granter";
import { loadHostParameters } from "../host/parameters";
import { loadStallParameters } from "../host/stall";
import { loadCreditParameters } from "../link/credit";
import { loadClassParameters } from "../link/lanes";
import { loadMarkingParameters } from "../link/marking";
import { loadLinkParameters } from "../link/transmit";
import { loadPacketParameters } from "../link/packet";
import { loadTelemetryParameters } from "../link/telemetry";
import { allocate, become, own, run, trap } from "../memory/arena";
import { loadPool } from "../memory/chunks";
import { MOST_THREADS } from "../memory/plan";
import { Thread, TrapCode } from "../memory/structs";
import { loadTagParameters } from "../memory/tags";
import { loadRoutingParameters } from "../routing/route";
import { startFastStep } from "../switch/fast";
import { BOX_BYTES, startInboxes } from "./inbox";
import { joinBarrier } from "./barrier";
import { carved, carveFrom } from "./scratch";
import { loadParameters } from "./state";
import { startWakes, wordCount } from "./wake";

const THREAD_BYTES: u32 = offsetof<Thread>();


@inline
export function threadAt(number: u32): Thread {
  return changetype<Thread>(run.threads + number * THREAD_BYTES);
}

/** Gives the run the memory for one more thread and returns its number. Called by the first thread, between windows. */
export function addThread(): u32 {
  const number = run.threadCount;
  if (number == MOST_THREADS) return number;
  const thread = threadAt(number);
  carveFrom(0);
  placeScratch();
  thread.scratch = allocate(carved());
  thread.boxes = allocate(<u64>BOX_BYTES * run.slots * run.deviceCount);
  thread.marks = allocate(4 * run.slots);
  thread.visits = allocate(4 * wordCount());
  run.threadCount = number + 1;
  attach(0);
  return number;
}

/** Makes this instance one thread of the run whose memory it has. */
export function attach(number: u32): void {
  if (!FULL && needsFull()) trap(TrapCode.LeanCore);
  become(threadAt(number));
  loadParameters();
  loadPacketParameters();
  loadTagParameters();
  loadLinkParameters();
  loadClassParameters();
  loadCreditParameters();
  loadTelemetryParameters();
  loadMarkingParameters();
  loadClockParameters();
  loadRoutingParameters();
  loadHostParameters();
  loadStallParameters();
  loadGranterParameters();
  loadCongestionParameters();
  loadSprayingParameters();
  carveFrom(own.scratch);
  placeScratch();
  startWakes();
  loadPool();
  joinBarrier();
}

function placeScratch(): void {
  startInboxes();
  startEnds();
  startFastStep();
}
