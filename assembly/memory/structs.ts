/**
 * Every record that the core and TypeScript share, stated once: the build reads the field offsets of these classes and the values of these
 * enums and writes them to `src/engine/core/layout.ts`. Sizes are multiples of 8 so that arrays of records stay aligned.
 *
 * Every field has a role, by which fast-forward tells whether two states are alike and moves one of them ahead in time (docs/FAST-FORWARD.md). A field
 * with the wrong role makes results wrong, one without a role fails the build.
 */

/** Does not change while a run lasts: a parameter, a size, a place in memory. */
type Fixed<T> = T;
/** Who, which, how many, how much: the same in states that are alike. Numbers of random draws too, so that states between draws are not. */
type Same<T> = T;
/** A time: as far from now in states that are alike. 0 and all ones are no times. */
type Instant<T> = T;
/** A time as long as it lies ahead; when it was does not matter. */
type Until<T> = T;
/** The number of a packet, counted from the first unacknowledged one of its flow; what lies before that does not matter. */
type Packet<T> = T;
/** Counts for the result alone. */
type Total<T> = T;
/** Kept for the result alone, and changed by no repetition of what has happened: a maximum, a time that comes once. */
type Result<T> = T;
/** Follows from other fields, or may lag behind what is: found anew after a jump. */
type Derived<T> = T;
/** Where a list, a heap or a bitmap is: not the place matters, but what is there. */
type List<T> = T;
/** What is left of something that is used up; it does not matter until nothing is left, so what a period takes of it bounds a jump. */
type Budget<T> = T;
/** How far something is, which fast-forward compares by rules of its own. */
type Course<T> = T;

export enum DeviceKind {
  Hosts = 0,
  Switch = 1,
}

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

/** What a custom routing policy did wrong. */
export enum PolicyFault {
  None = 0,
  /** It answered with an index that no candidate has. */
  Index = 1,
  /** It asked for a candidate, word or parameter that is not there. */
  Asked = 2,
  /** It threw. */
  Thrown = 3,
  /** Asked again, it answered otherwise. */
  Impure = 4,
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
  /** A packet would arrive in the window in which it was sent, or beyond the horizon of the inboxes. */
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

/** The run's header: parameters and sizes from TypeScript, addresses of the regions from `plan()`, and the course of the run. */
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
  /** Bytes of the per-NIC bitmaps of sendable QPs, and of the per-device bitmaps of active ports. */
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
  /** Data classes: 1 to 8. Ports, what they need seldom, clocks and credit are there once for each. */
  classCount: Fixed<u32> = 0;
  /** `custom`: words of state of each switch, and what tells its policy and parameters from others. */
  stateWords: Fixed<u32> = 0;
  policyIdentity: Fixed<u32> = 0;
  /** Flows that each flow stands for in the digest, and their numbers (u32), flow by flow; 0 where each stands for itself. */
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
  dropAlphaNum: Fixed<u32> = 0;
  dropAlphaDen: Fixed<u32> = 0;
  /** Whether what does not fit is cut to its header instead of dropped, and which packet that happens to. */
  trim: Fixed<u32> = 0;
  victim: Fixed<u32> = 0;
  /** Records of parameters of congestion control: one, or one for each link class. */
  controlCount: Fixed<u32> = 0;
  /** A `ControlId`. */
  congestionControl: Fixed<u32> = 0;
  /** Bytes of a QP's congestion control record; 0 without. */
  congestionBytes: Fixed<u32> = 0;
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
  /** Accounted bytes of a block of link credit, and wire bytes of a credit update; 0 where no link is on credit. */
  creditBlockBytes: Fixed<u32> = 0;
  creditWireBytes: Fixed<u32> = 0;
  /** Addresses that share advertised queues. */
  groupDivisor: Fixed<u32> = 0;
  /** Queues from so many quanta on are advertised; at least 1. */
  noticeQuanta: Fixed<u32> = 0;
  /** How often at most to one port for one group. */
  noticeIntervalPs: Fixed<u64> = 0;
  /** Retransmission timeout at first, and at most; the same where it is fixed. */
  rtoPs: Fixed<u64> = 0;
  mostRtoPs: Fixed<u64> = 0;
  /** REPS draws no new entropy values for so long after a timeout. */
  freezePs: Fixed<u64> = 0;
  /** Watchdog: time until a paused port storms, and without a pause until it is restored. */
  detectPs: Fixed<u64> = 0;
  restorePs: Fixed<u64> = 0;
  /** A pause of a QP that is longer begins a flowlet. */
  flowletGapPs: Fixed<u64> = 0;
  /** A receiver tells a QP's sender of marks at most once in this time; 0 for never. */
  cnpIntervalPs: Fixed<u64> = 0;
  reductionDelayPs: Fixed<u64> = 0;
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
  /** By port: `LinkCredit`. */
  credits: Fixed<u32> = 0;
  /** Where there are several data classes: `DataClass` by class; u8 by QP; `ClassQueue` by class, then port; `NicClass` by NIC, then class. */
  dataClasses: Fixed<u32> = 0;
  flowClasses: Fixed<u32> = 0;
  classQueues: Fixed<u32> = 0;
  nicClasses: Fixed<u32> = 0;
  /** u32 by segment of the pool: where its tags are. */
  tagTable: Fixed<u32> = 0;
  /** u64 of every 64 devices and window slot: a bit for each that has something to do then. */
  wakes: Fixed<u32> = 0;
  /** Address of the first `Thread`, and how many have ever taken part: each may have left packets in its inboxes. */
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

  // Fast-forward.
  /** Address of the `Sender` whose acknowledgements are watched; 0 for none. */
  watched: Course<u32> = 0;
  /** `Sample`s of it, a ring; how many were ever taken, and how many to take before the first thread returns. */
  samples: Fixed<u32> = 0;
  sampleCount: Course<u32> = 0;
  samplesWanted: Course<u32> = 0;
  /** Periods that are to be skipped at the end of the one that is being simulated. */
  repetitions: Course<u32> = 0;
  /** u32 by flow: how many chunks a repetition delivers; 0 before it is needed. */
  chunkSteps: Fixed<u32> = 0;
  /** Jumps ahead, and what they skipped. */
  jumps: Course<u32> = 0;
  padding6: u32 = 0;
  periodPs: Course<u64> = 0;
  skippedPs: Course<u64> = 0;
  skippedHops: Course<u64> = 0;

  // Memory behind the regions, handed out under `poolLock`.
  /** First address that is not taken. */
  top: Course<u64> = 0;
  /** What is left of the segment that chunks come from. */
  fresh: Course<u32> = 0;
  freshEnd: Course<u32> = 0;
  /** Chains of free chunks that some thread had too many of: the first chunk of the first chain. */
  chains: Course<u32> = 0;
  /** Chunks handed out at least once. */
  chunksTaken: Course<u32> = 0;
}

/** What threads wait for each other with. Every field that is written often has a cache line of its own. */
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
  /** Threads that are through with this window, the first one aside; `ABANDONED` or more when one of them trapped. */
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

/** One thread's counters and the places of what it alone writes. The sums over all threads are those of the run. */
@unmanaged
export class Thread {
  hops: Total<u64> = 0;
  dataHops: Total<u64> = 0;
  dataSent: Total<u64> = 0;
  retransmitted: Total<u64> = 0;
  dataDelivered: Total<u64> = 0;
  acksSent: Total<u64> = 0;
  acksReceived: Total<u64> = 0;
  nacksSent: Total<u64> = 0;
  timeouts: Total<u64> = 0;
  droppedCongestion: Total<u64> = 0;
  droppedCrc: Total<u64> = 0;
  droppedOrdering: Total<u64> = 0;
  pausesSent: Total<u64> = 0;
  resumesSent: Total<u64> = 0;
  ecnMarked: Total<u64> = 0;
  cnpsSent: Total<u64> = 0;
  cnpsReceived: Total<u64> = 0;
  /** Data packets cut to their headers, and those headers received. */
  trimmed: Total<u64> = 0;
  trimmedReceived: Total<u64> = 0;
  replays: Total<u64> = 0;
  pullsSent: Total<u64> = 0;
  pullsReceived: Total<u64> = 0;
  droppedLinkDown: Total<u64> = 0;
  /** Data packets that came while an earlier one was missing. */
  outOfOrder: Total<u64> = 0;
  refreshesSent: Total<u64> = 0;
  pausesLapsed: Total<u64> = 0;
  storms: Total<u64> = 0;
  droppedWatchdog: Total<u64> = 0;
  creditUpdatesSent: Total<u64> = 0;
  noticesSent: Total<u64> = 0;
  noticesReceived: Total<u64> = 0;
  chunksDelivered: Total<u64> = 0;
  flowsAcked: Total<u64> = 0;
  /** Sum of the hashes of its deliveries; the order of summation does not matter. */
  deliveryHash: Course<u64> = 0;
  /** Time of its last delivery or acknowledgement. */
  endPs: Course<u64> = 0;
  /** Device-windows stepped with the event-exact switch step, and with the fast one. */
  exactSteps: Result<u64> = 0;
  fastSteps: Result<u64> = 0;
  /** The first QP that failed here, by time, then number. */
  failedAtPs: Course<u64> = 0;
  failedFlow: Course<u32> = 0;
  /** What failed: FAILED_QP, FAILED_POLICY (arena.ts). */
  failed: Course<u32> = 0;
  /** The device that it steps. */
  device: Derived<u32> = 0;
  /** It is inside a custom routing policy: a trap is the policy's. */
  deciding: Derived<u32> = 0;
  /** Set when the time limit cut an arrival off that this thread had gathered. */
  cutOff: Derived<u32> = 0;

  // Free chunks of the pool.
  free: Derived<u32> = 0;
  freeCount: Derived<u32> = 0;
  spare: Derived<u32> = 0;
  spareCount: Derived<u32> = 0;
  fresh: Derived<u32> = 0;
  freshEnd: Derived<u32> = 0;

  /** Sum of the hashes of the deliveries of periods that are to be skipped. */
  repeatedHash: Course<u64> = 0;

  // Places.
  /** Inboxes that it fills, by window slot and device. */
  boxes: Fixed<u32> = 0;
  /** u32 by window slot: it woke a device for then. */
  marks: Fixed<u32> = 0;
  scratch: Fixed<u32> = 0;
  /** u32 numbers of the 64-device words, in the order in which it looks for work. */
  visits: Fixed<u32> = 0;

  // The window barrier.
  /** Windows that it was asked to join; written by the first thread. All ones: leave. */
  turn: Derived<u32> = 0;
  asleep: Derived<u32> = 0;
  padding2: u64 = 0;
  padding3: u64 = 0;
  padding4: u64 = 0;
  padding5: u64 = 0;
  padding6: u64 = 0;
}

/** A switch or a group of hosts. Its ports are consecutive. */
@unmanaged
export class Device {
  /** Address of its first `Port`. */
  ports: Fixed<u32> = 0;
  portCount: Fixed<u32> = 0;
  kind: Fixed<u32> = 0;
  /** Address of its `Switch`, or of its first `Nic`. */
  body: Fixed<u32> = 0;
  /** Bitmap of ports that hold queued packets (switch), or of NICs that have work (hosts). */
  active: Derived<u32> = 0;
  activeWords: Fixed<u32> = 0;
  /** Earliest wake-up that lies beyond the inbox horizon; all ones for none. */
  wakeAtPs: Derived<u64> = 0;
}

/**
 * What every packet of a port touches: one cache line.
 *
 *     0  busyUntilPs        8  queuedPs          16 dataHead   20 dataTail   24 controlHead   28 heldBytes
 *    32  heldAccount  34 paused  35 flags        36 psPerByte  40 peer       44 delayPs       48 chargedBytes
 *    52  backlogMark       56  txBytes
 */
@unmanaged
export class Port {
  /** End of the last transmission that was started; before any, -1. */
  busyUntilPs: Until<i64> = 0;
  /** Serialization of everything queued, all classes. */
  queuedPs: Same<u64> = 0;
  /** First and last record of the data queue, and first of the control queue; 0 when empty. */
  dataHead: List<u32> = 0;
  dataTail: List<u32> = 0;
  controlHead: List<u32> = 0;
  /** Accounted bytes of the packet in transmission that are still charged (release at the end). */
  heldBytes: Same<u32> = 0;
  /** Whose account they are on: local port and data class (link/lanes.ts). */
  heldAccount: Same<u16> = 0;
  /** The data class of this egress may not start: a `Hold`. */
  paused: Same<u8> = 0;
  /** `PortFlag`s. */
  flags: Fixed<u8> = 0;
  /** Serialization of one byte in ps: the numerator of psPerByte / psPerByteDen, in lowest terms. */
  psPerByte: Fixed<u32> = 0;
  /** The peer: its device (21 bits) above its local port in its place in an inbox key (11 bits). */
  peer: Fixed<u32> = 0;
  /** From the end of a packet's transmission to its effect at the peer. */
  delayPs: Fixed<u32> = 0;
  /** Lossless switch: bytes charged to this ingress outside headroom. Lossy: data bytes at this egress. */
  chargedBytes: Same<u32> = 0;
  /** Largest backlog so far, in units of 1024 ps: most packets need not look further. */
  backlogMark: Result<u32> = 0;
  txBytes: Total<u64> = 0;
}

export enum PortFlag {
  /** Frames can be lost on the way: by bit errors, or because the link goes down. */
  Lossy = 1,
  /** psPerByteDen is not 1. */
  Fractional = 2,
  /** Lost frames are repeated on the link. */
  Retries = 4,
  /** The data class is sent on credit. */
  OnCredit = 8,
  /** What arrives comes on credit. */
  GivesCredit = 16,
  /** Data packets are marked when their transmission starts. */
  MarksAtStart = 32,
  /** `PortExtra.farPs` is not 0. */
  Far = 64,
}

/** Why packets of the data class may not start at a port. */
export enum Hold {
  None = 0,
  /** The peer has paused it. */
  Paused = 1,
  /** The one in turn has too little credit, and no update has come since. */
  Credit = 2,
}

/** How ports choose between several data classes. */
@unmanaged
export class DataClass {
  /** Wire bytes that it may send in a turn. */
  turnBytes: Fixed<u32> = 0;
  /** A bit for each class of its priority. */
  peers: Fixed<u32> = 0;
}

/** The queue of one of several data classes at a port. */
@unmanaged
export class ClassQueue {
  /** Serialization of what is queued. */
  queuedPs: Same<u64> = 0;
  /** Wire bytes that it may still send in its turn; below 0 what it has sent too much. */
  balance: Same<i32> = 0;
  /** Of the first class of a priority: the one of them that has the turn. */
  turn: Same<u32> = 0;
}

/** QPs of one of several data classes that send from a NIC. */
@unmanaged
export class NicClass {
  /** In the NIC's send list: the first, and one past the last. */
  first: Fixed<u32> = 0;
  end: Fixed<u32> = 0;
  /** The one served last; `end - 1` at first. */
  lastServed: Same<u32> = 0;
  padding0: u32 = 0;
}

/** What a port needs seldom. */
@unmanaged
export class PortExtra {
  psPerByteDen: Fixed<u32> = 0;
  controlTail: List<u32> = 0;
  /** From the end of the transmission of a pause frame, or credit update, to its effect at the peer. */
  pauseDelayPs: Fixed<u32> = 0;
  /** As an ingress: bytes in headroom. */
  headroomUsed: Same<u32> = 0;
  /** This ingress has told its peer to pause. */
  pausing: Same<u32> = 0;
  /** Pause and resume frames that wait for the port, which alternate; or the one credit update. */
  framesWaiting: Same<u32> = 0;
  firstFrameIsPause: Same<u32> = 0;
  /** Most accounted bytes that can arrive here in one window. */
  windowBytes: Fixed<u32> = 0;
  maxBacklogPs: Result<u64> = 0;
  reserveBytes: Fixed<u32> = 0;
  headroomBytes: Fixed<u32> = 0;
  /** Static XOFF above the reserve; all ones selects the dynamic threshold. */
  xoffBytes: Fixed<u32> = 0;
  alphaShift: Fixed<u32> = 0;
  resumeOffsetBytes: Fixed<u32> = 0;
  ecnDraws: Same<u32> = 0;
  ecnKminPs: Fixed<f64> = 0;
  ecnKmaxPs: Fixed<f64> = 0;
  ecnSlope: Fixed<f64> = 0;
  /** Hazard left until the next lost frame, in units of 2^-58. */
  lossBudget: Budget<u64> = 0;
  lossDraws: Same<u32> = 0;
  /** From the end of a lost frame to its repetition. */
  retryPs: Fixed<u32> = 0;
  victimDraws: Same<u32> = 0;
  /** Address of the hazard (u64, units of 2^-58) by wire bytes; 0 where there is none. */
  hazard: Fixed<u32> = 0;
  pausedSincePs: Instant<u64> = 0;
  pausedPs: Total<u64> = 0;
  longestPausePs: Result<u64> = 0;
  ecnMarked: Total<u64> = 0;
  droppedCrc: Total<u64> = 0;
  droppedCongestion: Total<u64> = 0;
  pausesSent: Total<u64> = 0;
  /** The direction goes down then; all ones for never. */
  downAtPs: Fixed<u64> = 0;
  droppedLinkDown: Total<u64> = 0;
  /** End of the transmission during which packets found no room here, and how many did. */
  contestEndPs: Until<u64> = 0;
  contenders: Same<u32> = 0;
  /** As an egress of a lossy switch: most bytes that its queue may hold; all ones where tail drop decides alone. */
  queueLimitBytes: Fixed<u32> = 0;
  /** One-way delay of the medium beyond what `Port.delayPs`, `pauseDelayPs` and `retryPs` hold. */
  farPs: Fixed<u64> = 0;
}

/** When pauses end or are gone on with, and what a watchdog knows of them. All ones for never. */
@unmanaged
export class PauseClock {
  /** As an egress: how long a pause lasts, and when the one that is on lapses. */
  lastsPs: Fixed<u64> = 0;
  lapsesAtPs: Instant<u64> = 0;
  /** As an ingress: from one pause frame to the next, and when that is due. */
  refreshPs: Fixed<u64> = 0;
  refreshAtPs: Instant<u64> = 0;
  /** Watchdog: when the port storms, and when it is restored. */
  stormAtPs: Instant<u64> = 0;
  restoreAtPs: Instant<u64> = 0;
  droppedWatchdog: Total<u64> = 0;
  storming: Same<u32> = 0;
  /** While it storms: its peer wants it paused. */
  peerPauses: Same<u32> = 0;
}

/** Of a port in runs with links on credit. Blocks are counted since the beginning. */
@unmanaged
export class LinkCredit {
  /** As a sender: blocks sent, and how many may have been. */
  sentBlocks: Course<u64> = 0;
  limitBlocks: Course<u64> = 0;
  /** As a receiver: the same for the peer, and what it was told of that. */
  allowedBlocks: Course<u64> = 0;
  toldBlocks: Course<u64> = 0;
  /** Least blocks that an update tells of. */
  updateBlocks: Fixed<u32> = 0;
  padding0: u32 = 0;
  waitingSincePs: Instant<u64> = 0;
  waitPs: Total<u64> = 0;
  longestWaitPs: Result<u64> = 0;
}


@unmanaged
export class Switch {
  /** Destination table (u16 group by address), or 0 for address arithmetic. */
  table: Fixed<u32> = 0;
  low: Fixed<u32> = 0;
  /** high - low: addresses below this switch. */
  span: Fixed<u32> = 0;
  downBase: Fixed<u32> = 0;
  downWidth: Fixed<u32> = 0;
  /** Address of the group of candidates that lead up, and of the first group that leads down (or of the table's). */
  upGroup: Fixed<u32> = 0;
  groups: Fixed<u32> = 0;
  pinDivisor: Fixed<u32> = 0;
  /** Queue depths of the ports in quanta, for policies that look at them; 0 when another policy is in force. */
  ticks: Fixed<u32> = 0;
  lossless: Fixed<u32> = 0;
  hashKey: Fixed<u32> = 0;
  sprayKey: Fixed<u32> = 0;
  sprayDraws: Same<u32> = 0;
  tieKey: Fixed<u32> = 0;
  tieDraws: Same<u32> = 0;
  /** Data classes of egress ports that are held, or that storm. */
  pausedPorts: Same<u32> = 0;
  /** Data classes of ingress ports that are paused at the peer. */
  pausingPorts: Same<u32> = 0;
  framesWaiting: Same<u32> = 0;
  /** The smallest static threshold plus reserve of the ports, and the largest alpha shift. */
  leastXoffBytes: Fixed<u32> = 0;
  /** Of a lossy switch: the lowest limit of its egress queues. */
  leastQueueBytes: Fixed<u32> = 0;
  largestShift: Fixed<u32> = 0;
  /** A link that leaves here repeats what is lost on it: when a port will be free is known only once a packet has started. */
  retries: Fixed<u32> = 0;
  /** Its table of `Flowlet` entries. */
  flowlets: Fixed<u32> = 0;
  /** Its ports have receive buffers: what arrives comes on credit. */
  credited: Fixed<u32> = 0;
  /** It gives credit or needs some, which every transmission may change: no window is uneventful. */
  alwaysExact: Fixed<u32> = 0;
  /** A watchdog looks after its ports. */
  guarded: Fixed<u32> = 0;
  /** What `pinned` takes (u16 place in the group by address); 0 for arithmetic with `pinDivisor`. */
  pins: Fixed<u32> = 0;
  /** Its `RemoteQueue`s, a row of its ports for each entry, and the bytes of a row; 0 where switches do not advertise. */
  remotes: Fixed<u32> = 0;
  remoteRowBytes: Fixed<u32> = 0;
  /** ceil(2^40 / stride): exact for addresses and strides of up to 20 bits; addresses have 19. */
  strideReciprocal: Fixed<u64> = 0;
  bufferBytes: Fixed<u64> = 0;
  /** Buffer without headroom and reserve. */
  sharedPool: Fixed<i64> = 0;
  /** All charged bytes. In the fast step it may lag behind by packets whose transmission has ended. */
  usedBytes: Same<i64> = 0;
}

/** Where the last packets of some QPs went. */
@unmanaged
export class Flowlet {
  lastPs: Instant<u64> = 0;
  /** Of the candidate, plus one; 0 where no packet has come yet. */
  place: Same<u32> = 0;
  padding0: u32 = 0;
}

/** What a port of a switch knows of queues behind it for one group of destinations, and tells of those before it. */
@unmanaged
export class RemoteQueue {
  /** The quantum in which the queue that was advertised will be empty. */
  emptyAt: Course<u64> = 0;
  /** No notice is sent sooner. */
  nextNoticePs: Until<u64> = 0;
  /** The group that was advertised, plus one; 0 for none. */
  group: Same<u32> = 0;
  padding0: u32 = 0;
}

/** A decision as a custom policy outside of the core sees it, and what its thread remembers of such policies. */
@unmanaged
export class PolicyCall {
  /** Candidates: consecutive local ports from `first`, or those at the address `list`. */
  count: Derived<u32> = 0;
  first: Derived<u32> = 0;
  list: Derived<u32> = 0;
  switchNumber: Derived<u32> = 0;
  qp: Derived<u32> = 0;
  connection: Derived<u32> = 0;
  destination: Derived<u32> = 0;
  backward: Derived<u32> = 0;
  /** Addresses of the words of the switch, and of the group. */
  switchWords: Derived<u32> = 0;
  groupWords: Derived<u32> = 0;
  hashKey: Derived<u32> = 0;
  drawKey: Derived<u32> = 0;
  /** Draws that the switch has taken; the policy takes more. */
  draws: Derived<u32> = 0;
  /** A `PolicyFault` of this call. */
  fault: Derived<u32> = 0;
  nowPs: Derived<f64> = 0;
  /** The thread's earliest failure, a `PolicyFault`; when and where it was, what was answered, and bytes of the message. */
  failure: Derived<u32> = 0;
  failedSwitch: Derived<u32> = 0;
  failedAtPs: Derived<f64> = 0;
  failedIndex: Derived<u32> = 0;
  textBytes: Derived<u32> = 0;
  /** Calls, those whose time was taken, and that time. */
  calls: Derived<f64> = 0;
  timedCalls: Derived<f64> = 0;
  timedNs: Derived<f64> = 0;
}

/** Candidate next hops. */
@unmanaged
export class Group {
  first: Fixed<u32> = 0;
  count: Fixed<u32> = 0;
  /** Address of the list of local ports (u32), or 0 when they are consecutive from `first`. */
  list: Fixed<u32> = 0;
  /** `round-robin`. */
  turn: Course<u32> = 0;
}


@unmanaged
export class Nic {
  /** Address of its `Port`. */
  port: Fixed<u32> = 0;
  device: Fixed<u32> = 0;
  latencyPs: Fixed<u32> = 0;
  /** Its `Stall`; 0 for none. */
  stall: Fixed<u32> = 0;
  /** QPs that send from here (u32 flow numbers, ascending), and the bitmap of the sendable ones. */
  sendList: Fixed<u32> = 0;
  sendCount: Fixed<u32> = 0;
  sendable: List<u32> = 0;
  sendableCount: Same<u32> = 0;
  /** Index in the send list of the QP served last; `sendCount - 1` at first. */
  lastServed: Same<u32> = 0;
  /** Flow starts in order of time, up to `endStarts`: the next to start, and the next whose first chunks become sendable. */
  nextStart: Same<u32> = 0;
  nextFirstPost: Same<u32> = 0;
  endStarts: Fixed<u32> = 0;
  /** Posts that wait for their time: a queue of `Post` records. */
  postHead: List<u32> = 0;
  postTail: List<u32> = 0;
  postCount: Same<u32> = 0;
  /** Bit of this NIC in its device's bitmap. */
  index: Fixed<u32> = 0;
  /** Heap of the QPs that wait for the time of their next packet (`Paced`), and their number. */
  paced: List<u32> = 0;
  pacedCount: Same<u32> = 0;
  /** No later than the earliest retransmission deadline of its QPs. */
  timerAtPs: Derived<u64> = 0;
  /** The earliest of start, post, what pauses need (host/pauses.ts), timer, paced QP and grant. */
  nextEventPs: Derived<u64> = 0;
}

export enum StallState {
  Before = 0,
  Stalled = 1,
  Over = 2,
}

/** A time in which a NIC takes no packets of the data class. All ones for never. */
@unmanaged
export class Stall {
  fromPs: Fixed<u64> = 0;
  untilPs: Fixed<u64> = 0;
  /** From one pause frame to the next, and when that is due. */
  refreshPs: Fixed<u64> = 0;
  refreshAtPs: Instant<u64> = 0;
  /** The port falls free then, and a frame waits for it. */
  frameAtPs: Instant<u64> = 0;
  /** A `StallState`. */
  state: Same<u32> = 0;
  /** Address of the `Nic`. */
  nic: Fixed<u32> = 0;
  /** Packets that have come meanwhile: first and last record, and their number. */
  heldHead: List<u32> = 0;
  heldTail: List<u32> = 0;
  heldCount: Same<u32> = 0;
  /** Accounted bytes of these, and how many there may be. */
  heldBytes: Same<u32> = 0;
  bufferBytes: Fixed<u32> = 0;
  padding0: u32 = 0;
}

/** A QP that waits for the time of its next packet. */
@unmanaged
export class Paced {
  timePs: Instant<u64> = 0;
  /** Place of the QP among those of its NIC: breaks ties. */
  index: Same<u32> = 0;
  flow: Same<u32> = 0;
}


@unmanaged
export class Start {
  timePs: Fixed<u64> = 0;
  flow: Fixed<u32> = 0;
  /** Chunks that were allowed when the flow started. */
  chunks: Same<u32> = 0;
}

/** Chunks of a flow that become sendable at a time. */
@unmanaged
export class Post {
  timePs: Instant<u64> = 0;
  flow: Same<u32> = 0;
  chunks: Same<u32> = 0;
}

/** The sending half of a QP; belongs to the source's device. */
@unmanaged
export class Sender {
  /** Packet to send next, first unacknowledged, posted so far, one past the highest ever sent. */
  next: Packet<u32> = 0;
  acked: Course<u32> = 0;
  posted: Course<u32> = 0;
  highest: Packet<u32> = 0;
  packetsPerChunk: Fixed<u32> = 0;
  /** Packets left in the chunk that `next` is in, itself included. */
  leftInChunk: Derived<u32> = 0;
  /** Payload of all packets but a chunk's last, and of that. */
  payloadBytes: Fixed<u32> = 0;
  lastPayloadBytes: Fixed<u32> = 0;
  totalPackets: Fixed<u32> = 0;
  nic: Fixed<u32> = 0;
  index: Fixed<u32> = 0;
  destination: Fixed<u32> = 0;
  /** Its congestion control record. */
  congestion: Fixed<u32> = 0;
  retries: Same<u32> = 0;
  chunks: Fixed<u32> = 0;
  /** Chunks posted or about to be. */
  scheduled: Course<u32> = 0;
  upstreams: Fixed<u32> = 0;
  upstreamCount: Fixed<u32> = 0;
  started: Same<u32> = 0;
  /** Selective: packets held by the receiver, packets to resend (bitmaps of `mapBits` bits), how many of the latter. */
  held: List<u32> = 0;
  resend: List<u32> = 0;
  resendCount: Same<u32> = 0;
  highestHeld: Packet<u32> = 0;
  scanned: Packet<u32> = 0;
  /** Selective: how many packets past the first unacknowledged one the receiver is known to hold. */
  heldCount: Same<u32> = 0;
  padding0: u32 = 0;
  /** Retransmission deadline; 0 when off. */
  deadlinePs: Instant<u64> = 0;
  startPs: Fixed<u64> = 0;
  ackedPs: Result<u64> = 0;
}

/** The receiving half of a QP; belongs to the destination's device. */
@unmanaged
export class Receiver {
  expected: Packet<u32> = 0;
  leftInChunk: Derived<u32> = 0;
  packetsPerChunk: Fixed<u32> = 0;
  unanswered: Same<u32> = 0;
  /** A NACK for the packet expected now was sent. */
  nacked: Same<u16> = 0;
  /** A packet with a congestion mark has come since the last answer. */
  marked: Same<u16> = 0;
  delivered: Course<u32> = 0;
  chunks: Fixed<u32> = 0;
  /** Address of the sender: where ACKs go. */
  source: Fixed<u32> = 0;
  /** Selective: packets placed (bitmap), how many at or beyond `expected`. */
  placed: List<u32> = 0;
  placedCount: Same<u32> = 0;
  dependents: Fixed<u32> = 0;
  dependentCount: Fixed<u32> = 0;
  finishPs: Result<u64> = 0;
  /** No congestion notification before. */
  nextCnpPs: Until<u64> = 0;
}

/** What travels with a packet where a policy needs it; ACKs bring it back. Room for `Run.telemetryHops` of `Hop` follows. */
@unmanaged
export class Tag {
  /** Start of the data packet's first transmission. */
  sentPs: Instant<u64> = 0;
  /** What switches hash where the sender sprays. */
  entropy: Same<u32> = 0;
  /** Switch ports that have written into it. */
  hopCount: Same<u32> = 0;
}

/** Of a QP that sprays: which entropy values it uses. The penalties of `bitmap` follow, a byte for each value. */
@unmanaged
export class Spraying {
  /** Stream of random draws, and how many were taken. */
  key: Fixed<u32> = 0;
  draws: Same<u32> = 0;
  /** Oblivious: place in the round, and the round's order. */
  position: Same<u32> = 0;
  multiplier: Same<u32> = 0;
  offset: Same<u32> = 0;
  /** REPS: the entry written next, how many were written at all, a bit for each that was not used again, and uses while frozen. */
  head: Same<u32> = 0;
  filled: Same<u32> = 0;
  fresh: Same<u32> = 0;
  reused: Same<u32> = 0;
  padding0: u32 = 0;
  frozenUntilPs: Until<u64> = 0;
  /** Eight u16. */
  entries0: Same<u64> = 0;
  entries1: Same<u64> = 0;
}

/** The tag where receivers grant credit. All in quanta since the QP's beginning. */
@unmanaged
export class CreditTag extends Tag {
  /** What the sender has spent, this packet included. */
  spent: Course<u64> = 0;
  /** What it would have spent once everything posted has been sent. */
  wanted: Course<u64> = 0;
  /** What it had been granted; on the way back, what the receiver has granted. */
  granted: Course<u64> = 0;
}

/** What a switch port says of itself at the start of a data packet's transmission. */
@unmanaged
export class Hop {
  timePs: Instant<u64> = 0;
  /** Time that all it had transmitted before took. */
  busyPs: Course<f64> = 0;
  /** Serialization of what is queued behind the packet; at most all ones. */
  queuedPs: Same<u32> = 0;
  /** Global number of the port. */
  port: Same<u32> = 0;
}

/** What every congestion control policy keeps of a QP; its own state follows. */
@unmanaged
export class Congestion {
  /** Payload bytes that may be under way. */
  windowBytes: Same<f64> = 0;
  /** Payload of a full packet. */
  packetBytes: Fixed<f64> = 0;
  /** Serialization of one byte on the NIC's link: the line rate. */
  linePsPerByte: Fixed<f64> = 0;
  /** The next packet starts no sooner. */
  nextSendPs: Until<u64> = 0;
  /** It waits for that time, in its NIC's heap. */
  paced: Same<u32> = 0;
  /** Address of the parameters that hold at the rate of its NIC. */
  parameters: Fixed<u32> = 0;
}

/** The table of parameters: from one record to the next, whatever the policy. */
export enum ControlTable {
  RecordBytes = 256,
}

/** Rates are in bytes per picosecond. */
@unmanaged
export class Dcqcn extends Congestion {
  currentRate: Same<f64> = 0;
  targetRate: Same<f64> = 0;
  alpha: Same<f64> = 0;
  /** When alpha decays and when the rate increases next; all ones before the first notification. */
  alphaAtPs: Instant<u64> = 0;
  increaseAtPs: Instant<u64> = 0;
  /** Expiries of the timer and of the byte counter since the last decrease. */
  timerStage: Same<u32> = 0;
  byteStage: Same<u32> = 0;
  sentBytes: Same<f64> = 0;
  /** No decrease before; where notifications are counted by the period, the next decrease, all ones while none is due. */
  nextDecreasePs: Instant<u64> = 0;
  /** The first notification, at which the periods of decreases begin. */
  firstPs: Instant<u64> = 0;
  /** Notified since alpha's timer went off. */
  alphaNotified: Same<u64> = 0;
}


@unmanaged
export class DcqcnParameters {
  /** Weight of a notification in alpha. */
  gain: Fixed<f64> = 0;
  initialAlpha: Fixed<f64> = 0;
  alphaPeriodPs: Fixed<u64> = 0;
  decreaseIntervalPs: Fixed<u64> = 0;
  timerPs: Fixed<u64> = 0;
  /** Bytes between increases; 0 switches the counter off. */
  byteCounterBytes: Fixed<f64> = 0;
  /** Expiries up to which increases are fast recovery. */
  fastRecovery: Fixed<u32> = 0;
  /** 1: a decrease makes the rate so far the target. 0: only the first in a row does. */
  clampTarget: Fixed<u32> = 0;
  /** 1: what came in a period counts once, at its end. */
  periodic: Fixed<u64> = 0;
  additiveRate: Fixed<f64> = 0;
  hyperRate: Fixed<f64> = 0;
  leastRate: Fixed<f64> = 0;
}


@unmanaged
export class Swift extends Congestion {
  /** The last round trip. */
  delayPs: Same<f64> = 0;
  /** No decrease before. */
  nextDecreasePs: Until<u64> = 0;
}


@unmanaged
export class SwiftParameters {
  /** Round trip aimed at by a large window. */
  baseTargetPs: Fixed<f64> = 0;
  /** What a small window adds to it: scale / sqrt(window in packets) + offset, from 0 to range. */
  flowScalePs: Fixed<f64> = 0;
  flowOffsetPs: Fixed<f64> = 0;
  flowRangePs: Fixed<f64> = 0;
  /** Packets that the window gains in a round trip. */
  additiveIncrease: Fixed<f64> = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  beta: Fixed<f64> = 0;
  mostDecrease: Fixed<f64> = 0;
  /** In packets. */
  leastWindow: Fixed<f64> = 0;
  firstWindow: Fixed<f64> = 0;
  mostWindow: Fixed<f64> = 0;
}


@unmanaged
export class Nscc extends Congestion {
  /** Moving average of the queueing delay. */
  averagePs: Same<f64> = 0;
  /** Increase that is due, in bytes times bytes of window, and payload acknowledged since the last one was made. */
  increase: Same<f64> = 0;
  sinceBytes: Same<f64> = 0;
  adjustedAtPs: Instant<u64> = 0;
  nextDecreasePs: Until<u64> = 0;
  /** Payload acknowledged with hardly any queue in a row. */
  clearBytes: Same<f64> = 0;
  /** Quick adapt: end of the period, payload acknowledged in it, and whether a packet was lost. */
  periodEndPs: Instant<u64> = 0;
  achievedBytes: Same<f64> = 0;
  /** Bytes under way at the last quick adapt, whose marks say nothing new, and how many of them were acknowledged. */
  staleBytes: Same<f64> = 0;
  ignoredBytes: Same<f64> = 0;
  lost: Same<u32> = 0;
  padding1: u32 = 0;
}


@unmanaged
export class NsccParameters {
  baseRttPs: Fixed<f64> = 0;
  /** Queueing delay aimed at. */
  targetPs: Fixed<f64> = 0;
  /** Below this a queue counts as none. */
  clearPs: Fixed<f64> = 0;
  mostWindowBytes: Fixed<f64> = 0;
  /** Proportional increase per byte and ps below the target, fair increase per byte, in bytes of window. */
  proportional: Fixed<f64> = 0;
  fair: Fixed<f64> = 0;
  /** Share of the acknowledged bytes that the window gains while there is no queue. */
  fastShare: Fixed<f64> = 0;
  /** Bytes that the window gains in each adjustment period. */
  eta: Fixed<f64> = 0;
  adjustBytes: Fixed<f64> = 0;
  adjustPeriodPs: Fixed<u64> = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  gamma: Fixed<f64> = 0;
  mostDecrease: Fixed<f64> = 0;
  delayGain: Fixed<f64> = 0;
  /** Quick adapt: queueing delay that triggers it, and the largest achieved share of the window at which it acts. */
  adaptDelayPs: Fixed<f64> = 0;
  adaptShare: Fixed<f64> = 0;
}

/** `Run.telemetryHops` of `Hop` follow: what the ports of the path said last. */
@unmanaged
export class Hpcc extends Congestion {
  /** The window that it is reckoned from for a round trip, in bytes. */
  referenceBytes: Same<f64> = 0;
  /** Bytes per picosecond. */
  rate: Same<f64> = 0;
  /** Bytes under way relative to what the path holds without a queue. */
  inflight: Same<f64> = 0;
  /** Additive increases since the last multiplicative one. */
  stage: Same<u32> = 0;
  /** An answer that acknowledges more than this ends a round trip. */
  roundEnd: Packet<u32> = 0;
  hopCount: Same<u32> = 0;
  /** An answer has come. */
  started: Same<u32> = 0;
}


@unmanaged
export class HpccParameters {
  /** Round trip on an empty network. */
  baseRttPs: Fixed<f64> = 0;
  /** The share of a link's rate that is aimed at. */
  utilisation: Fixed<f64> = 0;
  /** Additive increases in a row. */
  maxStage: Fixed<u32> = 0;
  padding0: u32 = 0;
  /** What a round trip adds to the window, as a share of the window at line rate. */
  additiveShare: Fixed<f64> = 0;
  /** Bytes per picosecond. */
  leastRate: Fixed<f64> = 0;
}

/** `windowBytes` is 0 while the QP has no credit, and without limit while it has. */
@unmanaged
export class Rccc extends Congestion {
  /** Wire bytes sent so far, and what was forfeited. */
  spentBytes: Course<u64> = 0;
  /** In quanta since the QP's beginning. */
  granted: Course<u64> = 0;
  /** Of that, credit that nobody granted; it ends when the receiver is heard first. */
  speculative: Fixed<u64> = 0;
  /** More is never asked for beyond what was spent. */
  mostWantedBytes: Fixed<u64> = 0;
}


@unmanaged
export class RcccParameters {
  /** Round trip on an empty network. */
  baseRttPs: Fixed<f64> = 0;
  /** What a sender may have unasked, and what a receiver has under way, in baseRttPs of the line rate. */
  speculativeShare: Fixed<f64> = 0;
  underWayShare: Fixed<f64> = 0;
}

/** How a NIC grants credit to the QPs that send to it. */
@unmanaged
export class Granter {
  /** When it grants next; all ones while it has nobody or nothing to grant. */
  turnPs: Instant<u64> = 0;
  /** Its grants so far take its link until then. */
  paidPs: Until<u64> = 0;
  /** Packets that were sent unasked may take it until then. */
  bookedPs: Until<u64> = 0;
  /** Of these, in quanta, and how much of it makes grants wait. */
  stillToCome: Same<u64> = 0;
  mostUnderWay: Fixed<u64> = 0;
  /** Granted to a QP beyond what it wants, at most. */
  spare: Fixed<u64> = 0;
  quantumPs: Fixed<f64> = 0;
  /** Queues of QPs, first and last as number + 1: those that want credit, and those that may get some to spare. */
  wantingFirst: Same<u32> = 0;
  wantingLast: Same<u32> = 0;
  sparingFirst: Same<u32> = 0;
  sparingLast: Same<u32> = 0;
}

/** The credit of a QP as its receiver sees it, in quanta since the QP's beginning. */
@unmanaged
export class Grant {
  spent: Course<u64> = 0;
  wanted: Course<u64> = 0;
  granted: Course<u64> = 0;
  /** The sender's speculative credit, once a packet of the QP was heard of. */
  unasked: Course<u64> = 0;
  /** The QP behind it in either queue, as number + 1, and whether it is in that queue. */
  wantingNext: Same<u32> = 0;
  sparingNext: Same<u32> = 0;
  isWanting: Same<u32> = 0;
  isSparing: Same<u32> = 0;
  /** Whether a packet of the QP was heard of. */
  isHeard: Same<u32> = 0;
  padding0: u32 = 0;
}

/** What a watched sender looked like at the end of a window. */
@unmanaged
export class Sample {
  /** Of its retransmission timer: a fixed time after the last packet or answer that started it. */
  deadlinePs: Same<u64> = 0;
  acked: Same<u32> = 0;
  padding0: u32 = 0;
}

/** A flow that the owner waits for. */
@unmanaged
export class Upstream {
  flow: Fixed<u32> = 0;
  lag: Fixed<i32> = 0;
}
