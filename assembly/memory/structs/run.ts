/** A run: its sizes, parameters, regions of memory and course. */
import { Fixed, Course, Derived } from "./roles";

export enum PolicyId {
  Ecmp = 0,
  EcmpQp = 1,
  Spray = 2,
  RoundRobin = 3,
  Adaptive = 4,
  Pinned = 5,
  Oblivious = 6,
  Reps = 7,
  Bitmap = 8,
  Flowlet = 9,
  AdaptiveRemote = 10,
  Mixed = 11,
  Custom = 12,
  Valiant = 13,
  UgalL = 14,
  UgalG = 15,
}

/** Which packet a lossy switch drops or cuts where one does not fit into a queue. */
export enum Victim {
  /** That one. */
  Arriving = 0,
  /** With even odds that one, or the one that waits last. */
  Random = 1,
  /** All that compete for the same room have the same chance. */
  Fair = 2,
}

export enum Status {
  Running = 0,
  /** No packet, post or timer is left, nor would any be without a time limit. */
  Quiet = 1,
  QpFailed = 2,
  /** The time limit has been reached, and something was left to do. */
  TimeLimit = 3,
  /** Nothing is left to do before the time that was asked for. */
  Reached = 4,
  /** A custom routing policy has failed. */
  PolicyFailed = 5,
}

/** Congestion control policies. */
export enum ControlId {
  None = 0,
  Dcqcn = 1,
  Swift = 2,
  Nscc = 3,
  Hpcc = 4,
  Rccc = 5,
}

/** Why a thread trapped; `Run.trapCode`. */
export enum TrapCode {
  None = 0,
  /**
   * A packet would arrive in the window in which it was sent, or beyond the horizon of the inboxes.
   */
  Horizon = 1,
  /** Linear memory cannot grow any more. */
  OutOfMemory = 2,
  /** More arrivals in one window than the links can carry. */
  ScratchOverflow = 3,
  /** A counter that must not go below zero did. */
  Underflow = 4,
  /** Another thread trapped. */
  Abandoned = 5,
  /** The run needs the full core. */
  LeanCore = 6,
}

/**
 * The run's header: parameters and sizes from TypeScript, addresses of the regions from `plan()`,
 * and the course of the run.
 */
@unmanaged
export class Run {
  // Sizes.
  deviceCount: Fixed<u32> = 0;
  portCount: Fixed<u32> = 0;
  switchCount: Fixed<u32> = 0;
  nicCount: Fixed<u32> = 0;
  flowCount: Fixed<u32> = 0;
  groupCount: Fixed<u32> = 0;
  /** Bytes of candidate lists and address tables. */
  routeBytes: Fixed<u32> = 0;
  dependencyCount: Fixed<u32> = 0;
  hazardBytes: Fixed<u32> = 0;
  /**
   * Bytes of the per-NIC bitmaps of sendable QPs, and of the per-device bitmaps of active ports.
   */
  bitmapBytes: Fixed<u32> = 0;
  /** Bytes of the queue depth arrays, for policies that look at them. */
  tickBytes: Fixed<u32> = 0;
  /** Bytes of the packet bitmaps of selective recovery. */
  packetMapBytes: Fixed<u32> = 0;
  /** Inbox slots, a power of two. */
  slots: Fixed<u32> = 0;
  /** Most arrivals that one device can have in one window. */
  scratchEntries: Fixed<u32> = 0;
  /** Bytes of the flowlet tables, and entries of each. */
  flowletBytes: Fixed<u32> = 0;
  flowletEntries: Fixed<u32> = 0;
  /** Ports with a `PauseClock`: all, or none in runs in which pauses do not lapse. */
  pauseClockCount: Fixed<u32> = 0;
  stallCount: Fixed<u32> = 0;
  /** A port that storms drops its data; otherwise it sends it. */
  stormsDrop: Fixed<u32> = 0;
  /** The run ends soon after the last acknowledgement: it may not come to rest by itself. */
  endsWhenAcked: Fixed<u32> = 0;
  /** Bytes of the tables of advertised queues; entries for each port. */
  remoteBytes: Fixed<u32> = 0;
  remoteEntries: Fixed<u32> = 0;
  /**
   * Data classes: 1 to 8. Ports, what they need seldom, clocks and credit are there once for each.
   */
  classCount: Fixed<u32> = 0;
  /**
   * Counts of programs: ranks (0 where there are none), streams, instructions, members of
   * communicators, flows that these list, slots and signals. Then words of tables of signallers,
   * labels, recorded ranks, and entries that each recorded rank may keep.
   */
  programRankCount: Fixed<u32> = 0;
  programStreamCount: Fixed<u32> = 0;
  instructionCount: Fixed<u32> = 0;
  memberCount: Fixed<u32> = 0;
  memberFlowCount: Fixed<u32> = 0;
  slotCount: Fixed<u32> = 0;
  signalCount: Fixed<u32> = 0;
  signallerCount: Fixed<u32> = 0;
  labelCount: Fixed<u32> = 0;
  timelineCount: Fixed<u32> = 0;
  timelineLimit: Fixed<u32> = 0;
  /** Whether an operation waits for packets to be sent. */
  awaitsSends: Fixed<u32> = 0;
  /**
   * Graphs of roles: nodes of all, dependents, heaps of gates, and words that ranks keep of them.
   */
  graphCount: Fixed<u32> = 0;
  graphNodeCount: Fixed<u32> = 0;
  graphDependentCount: Fixed<u32> = 0;
  graphGateCount: Fixed<u32> = 0;
  graphWords: Fixed<u32> = 0;
  /**
   * `custom`: words of state of each switch, and what tells its policy and parameters from others.
   */
  stateWords: Fixed<u32> = 0;
  policyIdentity: Fixed<u32> = 0;
  /**
   * Groups of routers that packets may go over; 0 where they do not. Hosts of each, the first
   * address that stands for one, and the lanes of a data class.
   */
  detourGroups: Fixed<u32> = 0;
  detourHosts: Fixed<u32> = 0;
  firstVia: Fixed<u32> = 0;
  lanesInFlight: Fixed<u32> = 0;
  /** By how much more may be queued on the short way. */
  biasQuanta: Fixed<u32> = 0;
  /** Bytes of the samples that routers take of their queues; 0 where they take none. */
  sampleBytes: Fixed<u32> = 0;
  /** In-network reduction: nodes of trees, their children, and `PartialSum`s; 0 without. */
  reductionNodeCount: Fixed<u32> = 0;
  reductionChildCount: Fixed<u32> = 0;
  partialSumCount: Fixed<u32> = 0;
  /** `Change`s, and `LinkState`s, one for each link class where there are changes. */
  changeCount: Fixed<u32> = 0;
  linkStateCount: Fixed<u32> = 0;
  /** Of the changes, moves of QPs; and places in the send lists of all NICs. */
  moveCount: Fixed<u32> = 0;
  sendEntries: Fixed<u32> = 0;
  /**
   * Flows that each flow stands for in the digest, and their numbers (u32), flow by flow; 0 where
   * each stands for itself.
   */
  copies: Fixed<u32> = 0;
  images: Fixed<u32> = 0;

  // Parameters.
  windowPs: Fixed<u32> = 0;
  seed: Fixed<u32> = 0;
  headerBytes: Fixed<u32> = 0;
  gapBytes: Fixed<u32> = 0;
  ackWireBytes: Fixed<u32> = 0;
  pauseWireBytes: Fixed<u32> = 0;
  ackInControlClass: Fixed<u32> = 0;
  floorSerialization: Fixed<u32> = 0;
  releaseAtStart: Fixed<u32> = 0;
  policy: Fixed<u32> = 0;
  quantumShift: Fixed<u32> = 0;
  /** Packets are marked when they are queued. */
  marksAtQueue: Fixed<u32> = 0;
  selective: Fixed<u32> = 0;
  windowPackets: Fixed<u32> = 0;
  ackEvery: Fixed<u32> = 0;
  /** Whether a packet with a mark is answered at once. */
  ackMarked: Fixed<u32> = 0;
  retryLimit: Fixed<u32> = 0;
  reorderPackets: Fixed<u32> = 0;
  /** Bytes of a QP's borders of lost resends; 0 where the timer alone finds these. */
  borderBytes: Fixed<u32> = 0;
  dropAlphaNum: Fixed<u32> = 0;
  dropAlphaDen: Fixed<u32> = 0;
  /**
   * Whether what does not fit is cut to its header instead of dropped, and which packet that
   * happens to.
   */
  trim: Fixed<u32> = 0;
  victim: Fixed<u32> = 0;
  /** Records of parameters of congestion control: one, or one for each link class. */
  controlCount: Fixed<u32> = 0;
  /** A `ControlId`. */
  congestionControl: Fixed<u32> = 0;
  /** Bytes of a QP's congestion control record; 0 without. */
  congestionBytes: Fixed<u32> = 0;
  /** 1: some NIC takes a time for each message. */
  messageOverheads: Fixed<u32> = 0;
  /** Bytes of a QP's spraying record; 0 without. */
  sprayingBytes: Fixed<u32> = 0;
  /** Entropy values: a power of two, at most 65,536. */
  entropies: Fixed<u32> = 0;
  /** Bytes of a packet's tag; 0 without. */
  tagBytes: Fixed<u32> = 0;
  /** Switch ports that a data packet's tag has room for; 0 where they do not write into it. */
  telemetryHops: Fixed<u32> = 0;
  /** Most credit that a receiver grants at once, in quanta; 0 where receivers grant none. */
  pullQuanta: Fixed<u32> = 0;
  /** Timeouts in a row after which the next is `mostRtoPs`. */
  rtoDoublings: Fixed<u32> = 0;
  /**
   * Accounted bytes of a block of link credit, and wire bytes of a credit update; 0 where no link
   * is on credit.
   */
  creditBlockBytes: Fixed<u32> = 0;
  creditWireBytes: Fixed<u32> = 0;
  /** Addresses that share advertised queues. */
  groupDivisor: Fixed<u32> = 0;
  /** Queues of this many quanta or more are advertised; at least 1. */
  noticeQuanta: Fixed<u32> = 0;
  /** How often at most to one port for one group. */
  noticeIntervalPs: Fixed<u64> = 0;
  /** The lowest `ecnKminPs` of all ports; 0 without ECN. */
  leastKminPs: Fixed<f64> = 0;
  /** Retransmission timeout at first, and at most; the same where it is fixed. */
  rtoPs: Fixed<u64> = 0;
  mostRtoPs: Fixed<u64> = 0;
  /** Nothing sent or answered for so long: all that is not held is lost; 0 for never. */
  quietPs: Fixed<u64> = 0;
  /** REPS draws no new entropy values for so long after a timeout. */
  freezePs: Fixed<u64> = 0;
  /** Watchdog: time until a paused port storms, and without a pause until it is restored. */
  detectPs: Fixed<u64> = 0;
  restorePs: Fixed<u64> = 0;
  /** How often routers take samples of their queues. */
  samplePs: Fixed<u64> = 0;
  /** A pause of a QP that is longer begins a flowlet. */
  flowletGapPs: Fixed<u64> = 0;
  /** A receiver tells a QP's sender of marks at most once in this time; 0 for never. */
  cnpIntervalPs: Fixed<u64> = 0;
  /** From the processing of a marked packet to its CNP. */
  cnpDelayPs: Fixed<u64> = 0;
  timeLimitPs: Fixed<u64> = 0;

  // Regions, set by `plan()`.
  devices: Fixed<u32> = 0;
  ports: Fixed<u32> = 0;
  portExtras: Fixed<u32> = 0;
  switches: Fixed<u32> = 0;
  groups: Fixed<u32> = 0;
  routes: Fixed<u32> = 0;
  nics: Fixed<u32> = 0;
  senders: Fixed<u32> = 0;
  /** Connection number (u32) of every flow: what switches may hash. */
  connections: Fixed<u32> = 0;
  /** Flowlet tables of the switches. */
  flowlets: Fixed<u32> = 0;
  /** By port. */
  pauseClocks: Fixed<u32> = 0;
  /** `Stall`s, by device, then port. */
  stalls: Fixed<u32> = 0;
  /** `RemoteQueue`s of the switches. */
  remotes: Fixed<u32> = 0;
  /** `PortSample`s of the routers. */
  portSamples: Fixed<u32> = 0;
  /** `custom`: words of switches, and of groups; parameters; a `PolicyCall` of each thread. */
  switchState: Fixed<u32> = 0;
  groupState: Fixed<u32> = 0;
  policyParameters: Fixed<u32> = 0;
  policyCalls: Fixed<u32> = 0;
  receivers: Fixed<u32> = 0;
  sendLists: Fixed<u32> = 0;
  starts: Fixed<u32> = 0;
  upstreams: Fixed<u32> = 0;
  dependents: Fixed<u32> = 0;
  hazards: Fixed<u32> = 0;
  bitmaps: Fixed<u32> = 0;
  ticks: Fixed<u32> = 0;
  packetMaps: Fixed<u32> = 0;
  /** By QP: its congestion control record. */
  congestion: Fixed<u32> = 0;
  /** Parameters of congestion control; the record depends on the policy. */
  controlParameters: Fixed<u32> = 0;
  /** By QP: room for an entry in its NIC's heap of paced QPs. */
  paced: Fixed<u32> = 0;
  /** By QP: its spraying record. */
  spraying: Fixed<u32> = 0;
  /** By NIC: what it grants credit by (`Granter`); by QP: what it has granted to it (`Grant`). */
  granters: Fixed<u32> = 0;
  grants: Fixed<u32> = 0;
  /** By NIC: `DueCnps`, in runs whose CNPs wait. */
  dueCnps: Fixed<u32> = 0;
  /** By port: `LinkCredit`. */
  credits: Fixed<u32> = 0;
  /**
   * Where there are several data classes: `DataClass` by class; u8 by QP; `ClassQueue` by class,
   * then port; `NicClass` by NIC, then class.
   */
  dataClasses: Fixed<u32> = 0;
  flowClasses: Fixed<u32> = 0;
  classQueues: Fixed<u32> = 0;
  nicClasses: Fixed<u32> = 0;
  /** Programs: see memory/structs/program.ts. Hosts are by device, `ProgramFlow`s by flow. */
  programHosts: Fixed<u32> = 0;
  programRanks: Fixed<u32> = 0;
  programStreams: Fixed<u32> = 0;
  instructions: Fixed<u32> = 0;
  members: Fixed<u32> = 0;
  memberFlows: Fixed<u32> = 0;
  programSlots: Fixed<u32> = 0;
  signals: Fixed<u32> = 0;
  signallers: Fixed<u32> = 0;
  programFlows: Fixed<u32> = 0;
  labelTotals: Fixed<u32> = 0;
  timelines: Fixed<u32> = 0;
  timelineEntries: Fixed<u32> = 0;
  graphs: Fixed<u32> = 0;
  graphNodes: Fixed<u32> = 0;
  graphDependents: Fixed<u32> = 0;
  graphGates: Fixed<u32> = 0;
  graphStates: Fixed<u32> = 0;
  /**
   * `ReductionMember` by QP; `ReductionUnit` by switch; `ReductionNode`s by switch; the rest by
   * node.
   */
  reductionMembers: Fixed<u32> = 0;
  reductionUnits: Fixed<u32> = 0;
  reductionNodes: Fixed<u32> = 0;
  reductionChildren: Fixed<u32> = 0;
  partialSums: Fixed<u32> = 0;
  changes: Fixed<u32> = 0;
  linkStates: Fixed<u32> = 0;
  /** u32 by segment of the pool: where its tags are. */
  tagTable: Fixed<u32> = 0;
  /** u64 of every 64 devices and window slot: a bit for each that has something to do then. */
  wakes: Fixed<u32> = 0;
  /**
   * Address of the first `Thread`, and how many have ever taken part: each may have left packets in
   * its inboxes.
   */
  threads: Fixed<u32> = 0;
  threadCount: Course<u32> = 0;
  /** Threads that share the windows from now on. */
  activeThreads: Course<u32> = 0;

  // The course of the run, written between windows.
  status: Course<u32> = 0;
  trapCode: Course<u32> = 0;
  /** QP that failed first. */
  failedFlow: Course<u32> = 0;
  /** A window is under way: other threads are still at work in it. */
  awaited: Course<u32> = 0;
  failedAtPs: Course<u64> = 0;
  /** No QP fails sooner: when to look again. */
  mayFailAtPs: Course<u64> = 0;
  nowPs: Course<u64> = 0;
  /** Last instant that is simulated: the time limit, or sooner. */
  lastPs: Course<u64> = 0;
  windowIndex: Course<u64> = 0;
  windows: Course<u64> = 0;
  /** The next window in which far wake-ups are looked for. */
  nextScan: Course<u64> = 0;
  /** Quanta at the last sweep of the queue depths. */
  sweptAt: Course<u64> = 0;
  /** First instant of window 0, modulo 2^64: fast-forward shifts windows against time. */
  originPs: Course<u64> = 0;

  /** Number of the next change, and its instant; all ones where none is left. */
  nextChange: Course<u32> = 0;
  /** The same of moves of QPs. */
  nextMove: Course<u32> = 0;
  nextChangePs: Course<u64> = 0;
  nextMovePs: Course<u64> = 0;

  // Fast-forward.
  /** Address of the `Sender` whose acknowledgements are watched; 0 for none. */
  watched: Course<u32> = 0;
  /**
   * `Sample`s of it, a ring; how many were ever taken, and how many to take before the first thread
   * returns.
   */
  samples: Fixed<u32> = 0;
  sampleCount: Course<u32> = 0;
  samplesWanted: Course<u32> = 0;
  /** Periods that are to be skipped at the end of the one that is being simulated. */
  repetitions: Course<u32> = 0;
  /** u32 by flow: how many chunks a repetition delivers; 0 before it is needed. */
  chunkSteps: Fixed<u32> = 0;
  /** Jumps ahead, and what they skipped. */
  jumps: Course<u32> = 0;
  /** u32 by QP: packets that it sent again, where that is counted; 0 where it is not. */
  resendCounts: Fixed<u32> = 0;
  periodPs: Course<u64> = 0;
  skippedPs: Course<u64> = 0;
  skippedHops: Course<u64> = 0;

  // What is recorded for the critical path.
  /** A `WatchMode`, and the records that a thread's buffer has room for. */
  watchMode: Fixed<u32> = 0;
  watchLimit: Fixed<u32> = 0;
  /**
   * `WatchItem`s by flow or port, their `WatchSlice`s, and the buffers of all threads. Where
   * deliveries are watched: the number of each flow's first chunk, and by chunk the time of its
   * delivery and the packet.
   */
  watchItems: Fixed<u32> = 0;
  watchSlices: Fixed<u32> = 0;
  watchRecords: Fixed<u32> = 0;
  /** Threads that there are buffers for. */
  watchBuffers: Fixed<u32> = 0;

  // Memory behind the regions, handed out under `poolLock`.
  /** First address that is not taken. */
  top: Course<u64> = 0;
  /** What is left of the segment that chunks come from. */
  fresh: Course<u32> = 0;
  freshEnd: Course<u32> = 0;
  /** Chains of free chunks that some thread had too many of: the first chunk of the first chain. */
  chains: Course<u32> = 0;
  /** Chunks handed out at least once, those of blocks included. */
  chunksTaken: Course<u32> = 0;
  /** Chains of free blocks. */
  blockChains: Course<u32> = 0;
  padding7: u32 = 0;
}

/**
 * What threads wait for each other with. Every field that is written often has a cache line of its
 * own.
 */
@unmanaged
export class Control {
  poolLock: Derived<u32> = 0;
  padding0: u32 = 0;
  padding1: u64 = 0;
  padding2: u64 = 0;
  padding3: u64 = 0;
  padding4: u64 = 0;
  padding5: u64 = 0;
  padding6: u64 = 0;
  padding7: u64 = 0;
  /**
   * Threads that are through with this window, the first one aside; `ABANDONED` or more when one of
   * them trapped.
   */
  arrived: Derived<u32> = 0;
  /** The first thread sleeps until they are. */
  asleep: Derived<u32> = 0;
  /** Number of the thread that trapped. */
  trapped: Derived<u32> = 0;
  padding8: u32 = 0;
  padding9: u64 = 0;
  padding10: u64 = 0;
  padding11: u64 = 0;
  padding12: u64 = 0;
  padding13: u64 = 0;
  padding14: u64 = 0;
}
