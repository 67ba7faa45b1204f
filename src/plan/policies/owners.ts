/**
 * Whose each field of a plan is: of a row, or of the model that every run has. A field that is
 * added to a plan does not compile until it stands here. So each field has a row that says whether
 * it may be accelerated.
 */
import type { Fabric, LinkClass, NicTable, RangeRouting, SwitchSpec, TableRouting } from "../fabric.js";
import type { FlowGraph } from "../flows.js";
import type { FlowControl, PortBuffers, RoutingParams, RunPlan, Transport, WireFormat } from "../plan.js";
import type { MechanismName } from "./mechanisms.js";

/**
 * `model`: every run has it. `parts`: a record whose own fields stand here. `routing`, `control`,
 * `recovery` and `flow-control`: the rows of the policies that the plan names. Else the row of a
 * mechanism.
 */
export type Owner = "model" | "parts" | "routing" | "control" | "recovery" | "flow-control" | MechanismName;

type OwnersOf<T> = { readonly [Field in keyof T]-?: Owner };

interface Records {
  readonly plan: RunPlan;
  readonly wire: WireFormat;
  readonly transport: Transport;
  readonly routing: RoutingParams;
  readonly flowControl: FlowControl;
  readonly ports: PortBuffers;
  readonly flows: FlowGraph;
  readonly fabric: Fabric;
  readonly linkClass: LinkClass;
  readonly switch: SwitchSpec;
  readonly rangeRouting: RangeRouting;
  readonly tableRouting: TableRouting;
  readonly nics: NicTable;
}

export const OWNERS: { readonly [Name in keyof Records]: OwnersOf<Records[Name]> } = {
  plan: {
    seed: "model",
    fabric: "parts",
    flows: "parts",
    wire: "parts",
    transport: "parts",
    routing: "parts",
    flowControl: "parts",
    dataClasses: "data-classes",
    ecn: "marking",
    hazards: "frame-loss",
    programs: "programs",
    nicLatencyPs: "model",
    reduction: "reduction",
    messageOverheadPs: "message-overhead",
    stalls: "nic-stall",
    // What it says of links and NICs stands in their classes and in `stalls`.
    timeline: "model",
    changes: "changes",
    timeLimitPs: "model",
  },
  wire: {
    headerBytes: "model",
    gapBytes: "model",
    ackBytes: "model",
    pauseBytes: "model",
    ackClass: "model",
    serialization: "model",
  },
  transport: {
    recovery: "recovery",
    windowPackets: "model",
    ackEvery: "model",
    ackMarked: "ack-marked",
    rtoPs: "model",
    mostRtoPs: "adaptive-timeout",
    retryLimit: "model",
    reorderPackets: "recovery",
    lostResends: "recovery",
    quietPs: "recovery",
    congestionControl: "control",
    controlByClass: "control",
  },
  routing: {
    policy: "routing",
    quantumShift: "routing",
    entropies: "routing",
    freezePs: "routing",
    flowletGapPs: "routing",
    flowletEntries: "routing",
    groupDivisor: "routing",
    remoteEntries: "routing",
    noticeQuanta: "routing",
    noticeIntervalPs: "routing",
    custom: "routing",
    ugal: "routing",
  },
  flowControl: {
    lossless: "flow-control",
    lossyBytes: "class-rules",
    heedless: "pfc-off",
    release: "model",
    pauseResponsePs: "flow-control",
    ports: "parts",
    pauses: "pause-quanta",
    watchdog: "watchdog",
    trim: "trimming",
    victim: "flow-control",
    dropAlphaNum: "flow-control",
    dropAlphaDen: "flow-control",
    credit: "flow-control",
  },
  ports: {
    reserveBytes: "flow-control",
    headroomBytes: "flow-control",
    xoffBytes: "flow-control",
    alphaShift: "flow-control",
    resumeOffsetBytes: "flow-control",
    queueLimitBytes: "flow-control",
  },
  flows: {
    count: "model",
    jobOf: "model",
    srcNic: "model",
    dstNic: "model",
    chunkBytes: "model",
    chunks: "model",
    startPs: "model",
    connection: "model",
    delayPs: "model",
    dataClass: "data-classes",
    upFirst: "model",
    upFlow: "model",
    upLag: "model",
    addresses: "model",
  },
  fabric: {
    deviceCount: "model",
    firstPort: "model",
    peerPort: "model",
    portClass: "model",
    linkClasses: "parts",
    switches: "parts",
    nics: "parts",
    rankCount: "model",
    deviceName: "model",
    rankName: "model",
    relayOf: "model",
    waysOf: "model",
    detours: "routing",
  },
  linkClass: {
    level: "model",
    rateBps: "model",
    propagationPs: "model",
    fecPs: "model",
    mtuBytes: "model",
    loss: "frame-loss",
    retries: "link-retry",
    downAtPs: "link-down",
    marksNothing: "marking",
  },
  switch: {
    device: "model",
    name: "model",
    level: "model",
    latencyPs: "model",
    bufferBytes: "model",
    routing: "parts",
  },
  rangeRouting: {
    kind: "model",
    low: "model",
    high: "model",
    stride: "model",
    downBase: "model",
    downWidth: "model",
    upBase: "model",
    upCount: "model",
    pinDivisor: "routing",
  },
  tableRouting: {
    kind: "model",
    groups: "model",
    groupOf: "model",
    pinDivisor: "routing",
    pins: "routing",
  },
  nics: {
    count: "model",
    port: "model",
    rank: "model",
    address: "model",
    isScaleUp: "model",
  },
};
