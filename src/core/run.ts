/** One run of the core: write the plan, advance, read the outcome. */
import type { Outcome } from "../plan/outcome.js";
import type { RunPlan } from "../plan/plan.js";
import { CapacityError, CoreTrapError } from "./errors.js";
import { type CoreInstance, instantiateCore } from "./instance.js";
import { PolicyId, Run, Status, TrapCode } from "./layout.js";
import { readDigest, readOutcome } from "./read.js";
import { planSizes, type Sizes } from "./sizes.js";
import { type HoldingPort, readHoldingPorts } from "./stuck.js";
import { planTiming, type Timing } from "./timing.js";
import { writeFabric } from "./write-fabric.js";
import { writeFlows } from "./write-flows.js";

const POLICY = {
  ecmp: PolicyId.Ecmp,
  "ecmp-qp": PolicyId.EcmpQp,
  spray: PolicyId.Spray,
  "round-robin": PolicyId.RoundRobin,
  adaptive: PolicyId.Adaptive,
  pinned: PolicyId.Pinned,
} as const;

/** All ones: no time limit. */
const FOREVER_PS = 2 ** 62;

/** Depths of queues are compared modulo 2^32 quanta, which must last for seconds. */
const LEAST_QUANTUM_SHIFT = 10;

export interface CoreProgress {
  readonly nowPs: number;
  readonly packetHops: number;
  readonly chunksDelivered: number;
}

export interface EngineFigures {
  readonly windows: number;
  readonly fastSteps: number;
  readonly exactSteps: number;
  readonly memoryBytes: number;
  readonly peakPacketPoolBytes: number;
  readonly windowPs: number;
}

/** A run in progress. */
export class CoreRun {
  #status: number = Status.Running;

  private constructor(
    readonly plan: RunPlan,
    private readonly core: CoreInstance,
    private readonly timing: Timing,
  ) {}

  /**
   * Lays a plan out in a fresh core.
   * @throws CapacityError where the plan exceeds what the core can represent or hold.
   */
  static async start(plan: RunPlan, module?: WebAssembly.Module): Promise<CoreRun> {
    if (plan.routing.quantumShift < LEAST_QUANTUM_SHIFT) {
      throw new CapacityError(
        "the quantum of adaptive routing is too fine: use at least the bytes that a link carries in 1 ns",
      );
    }
    const timing = planTiming(plan);
    const sizes = planSizes(plan, timing);
    const core = await instantiateCore(module);
    writeHeader(core, plan, timing, sizes);
    guard(core, plan, () => core.exports.plan());
    const at = core.header;
    const regions = Object.fromEntries(REGIONS.map((name) => [name, core.memory.get(at, Run[name])])) as Record<
      (typeof REGIONS)[number],
      number
    >;
    writeFabric(core.memory, plan, timing, regions);
    writeFlows(core.memory, plan, sizes, regions);
    guard(core, plan, () => core.exports.begin());
    return new CoreRun(plan, core, timing);
  }

  /** Simulates about `hops` more packet-hops. Returns false when the run has ended. */
  advance(hops: number): boolean {
    if (this.#status !== Status.Running) return false;
    guard(this.core, this.plan, () => {
      this.#status = this.core.exports.advance(hops);
    });
    return this.#status === Status.Running;
  }

  progress(): CoreProgress {
    const { memory, header } = this.core;
    return {
      nowPs: memory.get(header, Run.nowPs),
      packetHops: memory.get(header, Run.hops),
      chunksDelivered: memory.get(header, Run.chunksDelivered),
    };
  }

  /**
   * What happened so far; `cancelled` when the run has not ended.
   * @throws CoreTrapError when packets got lost in the books of a run that came to rest.
   */
  outcome(): Outcome {
    const outcome = readOutcome(this.core, this.plan, this.#status);
    // A time limit may have cut packets off that were still on their way.
    const cameToRest =
      this.#status === Status.Quiet && this.progress().nowPs + this.timing.windowPs <= this.plan.timeLimitPs;
    if (cameToRest && outcome.status === "finished") checkConservation(outcome);
    return outcome;
  }

  /** Hash over every delivery and every counter, 16 hex digits. */
  digest(outcome: Outcome): string {
    return readDigest(this.core, outcome);
  }

  /** Ports that hold packets; for the diagnosis of a run that could not finish. */
  holdingPorts(): HoldingPort[] {
    return readHoldingPorts(this.core, this.plan);
  }

  figures(): EngineFigures {
    const { memory, header } = this.core;
    return {
      windows: memory.get(header, Run.windows),
      fastSteps: memory.get(header, Run.fastSteps),
      exactSteps: memory.get(header, Run.exactSteps),
      memoryBytes: memory.memory.buffer.byteLength,
      peakPacketPoolBytes: memory.get(header, Run.chunksPeak) * 256,
      windowPs: this.timing.windowPs,
    };
  }
}

/** When nothing is left to happen, every packet that was sent has been received or dropped. */
function checkConservation({ totals, endPs }: Outcome): void {
  const sent = totals.dataSent + totals.acksSent;
  const received = totals.dataDelivered + totals.droppedOrdering + totals.acksReceived;
  const dropped = totals.droppedCongestion + totals.droppedCrc;
  if (sent === received + dropped) return;
  throw new CoreTrapError(
    `${sent} packets were sent, but ${received} received and ${dropped} dropped; this is a fault of heddle, please report it with the scenario`,
    endPs,
    "the whole fabric",
  );
}

const REGIONS = [
  "devices",
  "ports",
  "portExtras",
  "switches",
  "groups",
  "routes",
  "nics",
  "senders",
  "receivers",
  "connections",
  "sendLists",
  "starts",
  "upstreams",
  "dependents",
  "hazards",
  "bitmaps",
  "ticks",
  "packetMaps",
] as const;

function writeHeader(core: CoreInstance, plan: RunPlan, timing: Timing, sizes: Sizes): void {
  const { fabric, flows, wire, transport, flowControl } = plan;
  const values: Partial<Record<keyof typeof Run, number>> = {
    deviceCount: fabric.deviceCount,
    portCount: fabric.peerPort.length,
    switchCount: fabric.switches.length,
    nicCount: fabric.nics.count,
    flowCount: flows.count,
    groupCount: sizes.groupCount,
    routeBytes: sizes.routeBytes,
    dependencyCount: sizes.dependencyCount,
    hazardBytes: sizes.hazardBytes,
    bitmapBytes: sizes.bitmapBytes,
    tickBytes: sizes.tickBytes,
    packetMapBytes: sizes.packetMapBytes,
    slots: timing.slots,
    scratchEntries: sizes.scratchEntries,
    windowPs: timing.windowPs,
    seed: plan.seed,
    headerBytes: wire.headerBytes,
    gapBytes: wire.gapBytes,
    ackWireBytes: wire.ackBytes + wire.gapBytes,
    pauseWireBytes: wire.pauseBytes + wire.gapBytes,
    ackInControlClass: wire.ackClass === "control" ? 1 : 0,
    floorSerialization: wire.serialization === "floor" ? 1 : 0,
    releaseAtStart: flowControl.release === "start" ? 1 : 0,
    policy: POLICY[plan.routing.policy],
    quantumShift: plan.routing.quantumShift,
    ecnEnabled: plan.ecn === null ? 0 : 1,
    selective: transport.recovery === "selective" ? 1 : 0,
    windowPackets: transport.windowPackets,
    ackEvery: transport.ackEvery,
    retryLimit: transport.retryLimit,
    reorderPackets: transport.reorderPackets,
    dropAlphaNum: flowControl.dropAlphaNum,
    dropAlphaDen: flowControl.dropAlphaDen,
    rtoPs: transport.rtoPs,
    reductionDelayPs: plan.reductionDelayPs,
    timeLimitPs: Math.min(plan.timeLimitPs, FOREVER_PS),
  };
  for (const [name, value] of Object.entries(values))
    core.memory.set(core.header, Run[name as keyof typeof Run], value);
}

/** Runs a call into the core and turns a trap into a typed error. */
function guard(core: CoreInstance, plan: RunPlan, call: () => void): void {
  try {
    call();
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    const { memory, header } = core;
    const code = memory.get(header, Run.trapCode);
    if (code === TrapCode.OutOfMemory) {
      const gigabytes = (memory.memory.buffer.byteLength / 2 ** 30).toFixed(1);
      throw new CapacityError(
        `the run needs more than the 4 GiB that the core can address (${gigabytes} GiB are in use): lower the number of GPUs, flows or the size of queues`,
        { cause },
      );
    }
    const nowPs = memory.get(header, Run.nowPs);
    const device = plan.fabric.deviceName(memory.get(header, Run.trapDevice));
    const reason = Object.entries(TrapCode).find(([, value]) => value === code)?.[0] ?? "unknown";
    throw new CoreTrapError(
      `the core stopped at ${nowPs / 1000} ns in ${device} (${reason}: ${cause.message}); this is a fault of heddle, please report it with the scenario`,
      nowPs,
      device,
      { cause },
    );
  }
}
