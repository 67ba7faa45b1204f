/**
 * The threads of a run: instances of this module on one shared memory, each with a `Thread` record.
 */
import { loadCongestionParameters } from "../congestion/registry";
import { joinBarrier } from "../engine/barrier";
import { BOX_BYTES, startInboxes } from "../engine/inbox";
import { loadHostParameters } from "../engine/queue-pairs";
import { carved, carveFrom } from "../engine/scratch";
import { loadParameters, threadAt } from "../engine/state";
import { markWords, startWakes, wordCount } from "../engine/wake";
import { loadWatchParameters } from "../engine/watch";
import { allocate, become, own, run, trap } from "../memory/arena";
import { loadPool } from "../memory/chunks";
import { LabelTotal } from "../memory/structs/program";
import { MAX_THREADS } from "../memory/structs/limits";
import { FULL, needsFull } from "../memory/features";
import { TrapCode } from "../memory/structs/run";
import { loadCnpParameters, loadGranterParameters, loadStallParameters } from "../nic/agenda";
import { loadProgramParameters } from "../nic/program-flows";
import { loadPacketParameters } from "../packet/packet";
import { loadTagParameters } from "../packet/tags";
import { loadClockParameters } from "../port/clock";
import { loadCreditParameters } from "../port/credit";
import { startLevels } from "../port/depths";
import { loadClassParameters } from "../port/lanes";
import { loadMarkingParameters } from "../port/marking";
import { loadLinkParameters } from "../port/port";
import { loadTelemetryParameters } from "../port/telemetry";
import { loadReductionParameters } from "../reduction/members";
import { loadDetourParameters } from "../routing/detour";
import { loadRoutingParameters } from "../routing/route";
import { loadSprayingParameters } from "../spraying/registry";
import { startEnds } from "../switch/ends";
import { startEntangledStep } from "../switch/entangled";
import { startFastStep } from "../switch/fast";
import { startLedger } from "../switch/ledger";
import { startPlainStep } from "../switch/plain";

/**
 * Gives the run the memory for one more thread and returns its number. Called by the first thread,
 * between windows.
 */
export function addThread(): u32 {
  const number = run.threadCount;
  if (number == MAX_THREADS) return number;
  const thread = threadAt(number);
  carveFrom(0);
  placeScratch();
  thread.scratch = allocate(carved());
  thread.boxes = allocate(<u64>BOX_BYTES * run.slots * run.deviceCount);
  thread.marks = allocate(8 * markWords());
  thread.visits = allocate(4 * wordCount());
  if (FULL) thread.labelTotals = run.labelTotals + number * run.labelCount * offsetof<LabelTotal>();
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
  loadDetourParameters();
  loadReductionParameters();
  loadHostParameters();
  loadStallParameters();
  loadProgramParameters();
  loadGranterParameters();
  loadCnpParameters();
  loadCongestionParameters();
  loadSprayingParameters();
  loadWatchParameters();
  carveFrom(own.scratch);
  placeScratch();
  startWakes();
  loadPool();
  joinBarrier();
}

function placeScratch(): void {
  startInboxes();
  startLevels();
  startEnds();
  startFastStep();
  startLedger();
  startEntangledStep();
  startPlainStep();
}
