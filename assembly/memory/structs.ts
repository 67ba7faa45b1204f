/**
 * Every record that the core and TypeScript share, stated once: the build reads the field offsets of these classes and the values of these
 * enums and writes them to `src/core/layout.ts`. Sizes are multiples of 8 so that arrays of records stay aligned.
 */

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

/** What becomes of a packet that a lossy switch has no room for. */
export enum Trim {
  /** It is dropped. */
  Off = 0,
  /** It is cut to its header. */
  Arriving = 1,
  /** It, or the packet that waits last, is cut. */
  Random = 2,
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
}

/** The run's header: parameters and sizes from TypeScript, addresses of the regions from `plan()`, and the course of the run. */
@unmanaged
export class Run {
  // Sizes.
  deviceCount: u32 = 0;
  portCount: u32 = 0;
  switchCount: u32 = 0;
  nicCount: u32 = 0;
  flowCount: u32 = 0;
  groupCount: u32 = 0;
  /** Bytes of candidate lists and address tables. */
  routeBytes: u32 = 0;
  dependencyCount: u32 = 0;
  hazardBytes: u32 = 0;
  /** Bytes of the per-NIC bitmaps of sendable QPs, and of the per-device bitmaps of active ports. */
  bitmapBytes: u32 = 0;
  /** Bytes of the queue depth arrays, for policies that look at them. */
  tickBytes: u32 = 0;
  /** Bytes of the packet bitmaps of selective recovery. */
  packetMapBytes: u32 = 0;
  /** Inbox slots, a power of two. */
  slots: u32 = 0;
  /** Most arrivals that one device can have in one window. */
  scratchEntries: u32 = 0;
  /** Bytes of the flowlet tables, and entries of each. */
  flowletBytes: u32 = 0;
  flowletEntries: u32 = 0;
  /** Ports with a `PauseClock`: all, or none in runs in which pauses do not lapse. */
  pauseClockCount: u32 = 0;
  stallCount: u32 = 0;
  /** A port that storms drops its data; otherwise it sends it. */
  stormsDrop: u32 = 0;
  /** The run ends soon after the last acknowledgement: it may not come to rest by itself. */
  endsWhenAcked: u32 = 0;
  /** Bytes of the tables of advertised queues; entries for each port. */
  remoteBytes: u32 = 0;
  remoteEntries: u32 = 0;
  padding4: u32 = 0;
  /** `custom`: words of state of each switch, and what tells its policy and parameters from others. */
  stateWords: u32 = 0;
  policyIdentity: u32 = 0;

  // Parameters.
  windowPs: u32 = 0;
  seed: u32 = 0;
  headerBytes: u32 = 0;
  gapBytes: u32 = 0;
  ackWireBytes: u32 = 0;
  pauseWireBytes: u32 = 0;
  ackInControlClass: u32 = 0;
  floorSerialization: u32 = 0;
  releaseAtStart: u32 = 0;
  policy: u32 = 0;
  quantumShift: u32 = 0;
  /** Packets are marked when they are queued. */
  marksAtQueue: u32 = 0;
  selective: u32 = 0;
  windowPackets: u32 = 0;
  ackEvery: u32 = 0;
  retryLimit: u32 = 0;
  reorderPackets: u32 = 0;
  dropAlphaNum: u32 = 0;
  dropAlphaDen: u32 = 0;
  /** A lossy switch cuts what it cannot hold down to the header. */
  trim: u32 = 0;
  padding0: u32 = 0;
  /** A `ControlId`. */
  congestionControl: u32 = 0;
  /** Bytes of a QP's congestion control record; 0 without. */
  congestionBytes: u32 = 0;
  /** Bytes of a QP's spraying record; 0 without. */
  sprayingBytes: u32 = 0;
  /** Entropy values: a power of two, at most 65,536. */
  entropies: u32 = 0;
  /** Bytes of a packet's tag; 0 without. */
  tagBytes: u32 = 0;
  /** Switch ports that a data packet's tag has room for; 0 where they do not write into it. */
  telemetryHops: u32 = 0;
  /** Most credit that a receiver grants at once, in quanta; 0 where receivers grant none. */
  pullQuanta: u32 = 0;
  /** Timeouts in a row after which the next is `mostRtoPs`. */
  rtoDoublings: u32 = 0;
  /** Accounted bytes of a block of link credit, and wire bytes of a credit update; 0 where no link is on credit. */
  creditBlockBytes: u32 = 0;
  creditWireBytes: u32 = 0;
  /** Addresses that share advertised queues. */
  groupDivisor: u32 = 0;
  /** Queues from so many quanta on are advertised; at least 1. */
  noticeQuanta: u32 = 0;
  /** How often at most to one port for one group. */
  noticeIntervalPs: u64 = 0;
  /** Retransmission timeout at first, and at most; the same where it is fixed. */
  rtoPs: u64 = 0;
  mostRtoPs: u64 = 0;
  /** REPS draws no new entropy values for so long after a timeout. */
  freezePs: u64 = 0;
  /** Watchdog: time until a paused port storms, and without a pause until it is restored. */
  detectPs: u64 = 0;
  restorePs: u64 = 0;
  /** A pause of a QP that is longer begins a flowlet. */
  flowletGapPs: u64 = 0;
  /** A receiver tells a QP's sender of marks at most once in this time; 0 for never. */
  cnpIntervalPs: u64 = 0;
  reductionDelayPs: u64 = 0;
  timeLimitPs: u64 = 0;

  // Regions, set by `plan()`.
  devices: u32 = 0;
  ports: u32 = 0;
  portExtras: u32 = 0;
  switches: u32 = 0;
  groups: u32 = 0;
  routes: u32 = 0;
  nics: u32 = 0;
  senders: u32 = 0;
  /** Connection number (u32) of every flow: what switches may hash. */
  connections: u32 = 0;
  /** Flowlet tables of the switches. */
  flowlets: u32 = 0;
  /** By port. */
  pauseClocks: u32 = 0;
  /** `Stall`s, by device, then port. */
  stalls: u32 = 0;
  /** `RemoteQueue`s of the switches. */
  remotes: u32 = 0;
  /** `custom`: words of switches, and of groups; parameters; a `PolicyCall` of each thread. */
  switchState: u32 = 0;
  groupState: u32 = 0;
  policyParameters: u32 = 0;
  policyCalls: u32 = 0;
  receivers: u32 = 0;
  sendLists: u32 = 0;
  starts: u32 = 0;
  upstreams: u32 = 0;
  dependents: u32 = 0;
  hazards: u32 = 0;
  bitmaps: u32 = 0;
  ticks: u32 = 0;
  packetMaps: u32 = 0;
  /** By QP: its congestion control record. */
  congestion: u32 = 0;
  /** Parameters of congestion control; the record depends on the policy. */
  controlParameters: u32 = 0;
  /** By QP: room for an entry in its NIC's heap of paced QPs. */
  paced: u32 = 0;
  /** By QP: its spraying record. */
  spraying: u32 = 0;
  /** By NIC: what it grants credit by (`Granter`); by QP: what it has granted to it (`Grant`). */
  granters: u32 = 0;
  grants: u32 = 0;
  /** By port: `LinkCredit`. */
  credits: u32 = 0;
  /** u32 by segment of the pool: where its tags are. */
  tagTable: u32 = 0;
  /** u64 of every 64 devices and window slot: a bit for each that has something to do then. */
  wakes: u32 = 0;
  /** Address of the first `Thread`, and how many have ever taken part: each may have left packets in its inboxes. */
  threads: u32 = 0;
  threadCount: u32 = 0;
  /** Threads that share the windows from now on. */
  activeThreads: u32 = 0;

  // The course of the run, written between windows.
  status: u32 = 0;
  trapCode: u32 = 0;
  /** QP that failed first. */
  failedFlow: u32 = 0;
  /** A window is under way: other threads are still at work in it. */
  awaited: u32 = 0;
  failedAtPs: u64 = 0;
  nowPs: u64 = 0;
  /** Last instant that is simulated: the time limit, or sooner. */
  lastPs: u64 = 0;
  windowIndex: u64 = 0;
  windows: u64 = 0;
  /** The next window in which far wake-ups are looked for. */
  nextScan: u64 = 0;
  /** Quanta at the last sweep of the queue depths. */
  sweptAt: u64 = 0;

  // Memory behind the regions, handed out under `poolLock`.
  /** First address that is not taken. */
  top: u64 = 0;
  /** What is left of the segment that chunks come from. */
  fresh: u32 = 0;
  freshEnd: u32 = 0;
  /** Chains of free chunks that some thread had too many of: the first chunk of the first chain. */
  chains: u32 = 0;
  /** Chunks handed out at least once. */
  chunksTaken: u32 = 0;
}

/** What threads wait for each other with. Every field that is written often has a cache line of its own. */
@unmanaged
export class Control {
  poolLock: u32 = 0;
  padding0: u32 = 0;
  padding1: u64 = 0;
  padding2: u64 = 0;
  padding3: u64 = 0;
  padding4: u64 = 0;
  padding5: u64 = 0;
  padding6: u64 = 0;
  padding7: u64 = 0;
  /** Threads that are through with this window, the first one aside; `ABANDONED` or more when one of them trapped. */
  arrived: u32 = 0;
  /** The first thread sleeps until they are. */
  asleep: u32 = 0;
  /** Number of the thread that trapped. */
  trapped: u32 = 0;
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
  hops: u64 = 0;
  dataHops: u64 = 0;
  dataSent: u64 = 0;
  retransmitted: u64 = 0;
  dataDelivered: u64 = 0;
  acksSent: u64 = 0;
  acksReceived: u64 = 0;
  nacksSent: u64 = 0;
  timeouts: u64 = 0;
  droppedCongestion: u64 = 0;
  droppedCrc: u64 = 0;
  droppedOrdering: u64 = 0;
  pausesSent: u64 = 0;
  resumesSent: u64 = 0;
  ecnMarked: u64 = 0;
  cnpsSent: u64 = 0;
  cnpsReceived: u64 = 0;
  /** Data packets cut to their headers, and those headers received. */
  trimmed: u64 = 0;
  trimmedReceived: u64 = 0;
  replays: u64 = 0;
  pullsSent: u64 = 0;
  pullsReceived: u64 = 0;
  droppedLinkDown: u64 = 0;
  /** Data packets that came while an earlier one was missing. */
  outOfOrder: u64 = 0;
  refreshesSent: u64 = 0;
  pausesLapsed: u64 = 0;
  storms: u64 = 0;
  droppedWatchdog: u64 = 0;
  creditUpdatesSent: u64 = 0;
  noticesSent: u64 = 0;
  noticesReceived: u64 = 0;
  chunksDelivered: u64 = 0;
  flowsAcked: u64 = 0;
  /** Sum of the hashes of its deliveries; the order of summation does not matter. */
  deliveryHash: u64 = 0;
  /** Time of its last delivery or acknowledgement. */
  endPs: u64 = 0;
  /** Device-windows stepped with the event-exact switch step, and with the fast one. */
  exactSteps: u64 = 0;
  fastSteps: u64 = 0;
  /** The first QP that failed here, by time, then number. */
  failedAtPs: u64 = 0;
  failedFlow: u32 = 0;
  /** What failed: FAILED_QP, FAILED_POLICY (arena.ts). */
  failed: u32 = 0;
  /** The device that it steps. */
  device: u32 = 0;
  /** Set when the time limit cut an arrival off that this thread had gathered. */
  cutOff: u32 = 0;

  // Free chunks of the pool.
  free: u32 = 0;
  freeCount: u32 = 0;
  spare: u32 = 0;
  spareCount: u32 = 0;
  fresh: u32 = 0;
  freshEnd: u32 = 0;

  // Places.
  /** Inboxes that it fills, by window slot and device. */
  boxes: u32 = 0;
  /** u32 by window slot: it woke a device for then. */
  marks: u32 = 0;
  scratch: u32 = 0;
  /** u32 numbers of the 64-device words, in the order in which it looks for work. */
  visits: u32 = 0;

  // The window barrier.
  /** Windows that it was asked to join; written by the first thread. All ones: leave. */
  turn: u32 = 0;
  asleep: u32 = 0;
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
  ports: u32 = 0;
  portCount: u32 = 0;
  kind: u32 = 0;
  /** Address of its `Switch`, or of its first `Nic`. */
  body: u32 = 0;
  /** Bitmap of ports that hold queued packets (switch), or of NICs that have work (hosts). */
  active: u32 = 0;
  activeWords: u32 = 0;
  /** Earliest wake-up that lies beyond the inbox horizon; all ones for none. */
  wakeAtPs: u64 = 0;
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
  busyUntilPs: i64 = 0;
  /** Serialization of everything queued, all classes. */
  queuedPs: u64 = 0;
  /** First and last record of the data queue, and first of the control queue; 0 when empty. */
  dataHead: u32 = 0;
  dataTail: u32 = 0;
  controlHead: u32 = 0;
  /** Accounted bytes of the packet in transmission that are still charged (release at the end). */
  heldBytes: u32 = 0;
  /** Local port whose account they are on. */
  heldAccount: u16 = 0;
  /** The data class of this egress may not start: a `Hold`. */
  paused: u8 = 0;
  /** `PortFlag`s. */
  flags: u8 = 0;
  /** Serialization of one byte in ps: the numerator of psPerByte / psPerByteDen, in lowest terms. */
  psPerByte: u32 = 0;
  /** The peer: its device (21 bits) above its local port in its place in an inbox key (11 bits). */
  peer: u32 = 0;
  /** From the end of a packet's transmission to its effect at the peer. */
  delayPs: u32 = 0;
  /** Lossless switch: bytes charged to this ingress outside headroom. Lossy: data bytes at this egress. */
  chargedBytes: u32 = 0;
  /** Largest backlog so far, in units of 1024 ps: most packets need not look further. */
  backlogMark: u32 = 0;
  txBytes: u64 = 0;
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
}

/** Why packets of the data class may not start at a port. */
export enum Hold {
  None = 0,
  /** The peer has paused it. */
  Paused = 1,
  /** The one in turn has too little credit, and no update has come since. */
  Credit = 2,
}

/** What a port needs seldom. */
@unmanaged
export class PortExtra {
  psPerByteDen: u32 = 0;
  controlTail: u32 = 0;
  /** From the end of the transmission of a pause frame, or credit update, to its effect at the peer. */
  pauseDelayPs: u32 = 0;
  /** As an ingress: bytes in headroom. */
  headroomUsed: u32 = 0;
  /** This ingress has told its peer to pause. */
  pausing: u32 = 0;
  /** Pause and resume frames that wait for the port, which alternate; or the one credit update. */
  framesWaiting: u32 = 0;
  firstFrameIsPause: u32 = 0;
  /** Most accounted bytes that can arrive here in one window. */
  windowBytes: u32 = 0;
  maxBacklogPs: u64 = 0;
  reserveBytes: u32 = 0;
  headroomBytes: u32 = 0;
  /** Static XOFF above the reserve; all ones selects the dynamic threshold. */
  xoffBytes: u32 = 0;
  alphaShift: u32 = 0;
  resumeOffsetBytes: u32 = 0;
  ecnDraws: u32 = 0;
  ecnKminPs: f64 = 0;
  ecnKmaxPs: f64 = 0;
  ecnSlope: f64 = 0;
  lossBudget: f64 = 0;
  lossDraws: u32 = 0;
  /** From the end of a lost frame to its repetition. */
  retryPs: u32 = 0;
  trimDraws: u32 = 0;
  /** Address of the hazard by wire bytes; 0 where there is none. */
  hazard: u32 = 0;
  pausedSincePs: u64 = 0;
  pausedPs: u64 = 0;
  longestPausePs: u64 = 0;
  ecnMarked: u64 = 0;
  droppedCrc: u64 = 0;
  droppedCongestion: u64 = 0;
  pausesSent: u64 = 0;
  /** The direction goes down then; all ones for never. */
  downAtPs: u64 = 0;
  droppedLinkDown: u64 = 0;
}

/** When pauses end or are gone on with, and what a watchdog knows of them. All ones for never. */
@unmanaged
export class PauseClock {
  /** As an egress: how long a pause lasts, and when the one that is on lapses. */
  lastsPs: u64 = 0;
  lapsesAtPs: u64 = 0;
  /** As an ingress: from one pause frame to the next, and when that is due. */
  refreshPs: u64 = 0;
  refreshAtPs: u64 = 0;
  /** Watchdog: when the port storms, and when it is restored. */
  stormAtPs: u64 = 0;
  restoreAtPs: u64 = 0;
  droppedWatchdog: u64 = 0;
  storming: u32 = 0;
  /** While it storms: its peer wants it paused. */
  peerPauses: u32 = 0;
}

/** Of a port in runs with links on credit. Blocks are counted since the beginning. */
@unmanaged
export class LinkCredit {
  /** As a sender: blocks sent, and how many may have been. */
  sentBlocks: u64 = 0;
  limitBlocks: u64 = 0;
  /** As a receiver: the same for the peer, and what it was told of that. */
  allowedBlocks: u64 = 0;
  toldBlocks: u64 = 0;
  /** Least blocks that an update tells of. */
  updateBlocks: u32 = 0;
  padding0: u32 = 0;
  waitingSincePs: u64 = 0;
  waitPs: u64 = 0;
  longestWaitPs: u64 = 0;
}


@unmanaged
export class Switch {
  /** Destination table (u16 group by address), or 0 for address arithmetic. */
  table: u32 = 0;
  low: u32 = 0;
  /** high - low: addresses below this switch. */
  span: u32 = 0;
  downBase: u32 = 0;
  downWidth: u32 = 0;
  /** Address of the group of candidates that lead up, and of the first group that leads down (or of the table's). */
  upGroup: u32 = 0;
  groups: u32 = 0;
  pinDivisor: u32 = 0;
  /** Queue depths of the ports in quanta, for policies that look at them; 0 when another policy is in force. */
  ticks: u32 = 0;
  lossless: u32 = 0;
  hashKey: u32 = 0;
  sprayKey: u32 = 0;
  sprayDraws: u32 = 0;
  tieKey: u32 = 0;
  tieDraws: u32 = 0;
  /** Egress ports whose data class is held, or that storm. */
  pausedPorts: u32 = 0;
  /** Ingress ports that pause their peer. */
  pausingPorts: u32 = 0;
  framesWaiting: u32 = 0;
  /** The smallest static threshold plus reserve of the ports, and the largest alpha shift. */
  leastXoffBytes: u32 = 0;
  largestShift: u32 = 0;
  /** A link that leaves here repeats what is lost on it: when a port will be free is known only once a packet has started. */
  retries: u32 = 0;
  /** Its table of `Flowlet` entries. */
  flowlets: u32 = 0;
  /** Its ports have receive buffers: what arrives comes on credit. */
  credited: u32 = 0;
  /** It gives credit or needs some, which every transmission may change: no window is uneventful. */
  alwaysExact: u32 = 0;
  /** A watchdog looks after its ports. */
  guarded: u32 = 0;
  padding0: u32 = 0;
  /** Its `RemoteQueue`s, a row of its ports for each entry, and the bytes of a row; 0 where switches do not advertise. */
  remotes: u32 = 0;
  remoteRowBytes: u32 = 0;
  /** ceil(2^40 / stride): exact for addresses and strides of 20 bits. */
  strideReciprocal: u64 = 0;
  bufferBytes: u64 = 0;
  /** Buffer without headroom and reserve. */
  sharedPool: i64 = 0;
  /** All charged bytes. In the fast step it may lag behind by packets whose transmission has ended. */
  usedBytes: i64 = 0;
}

/** Where the last packets of some QPs went. */
@unmanaged
export class Flowlet {
  lastPs: u64 = 0;
  /** Of the candidate, plus one; 0 where no packet has come yet. */
  place: u32 = 0;
  padding0: u32 = 0;
}

/** What a port of a switch knows of queues behind it for one group of destinations, and tells of those before it. */
@unmanaged
export class RemoteQueue {
  /** The quantum in which the queue that was advertised will be empty. */
  emptyAt: u64 = 0;
  /** No notice is sent sooner. */
  nextNoticePs: u64 = 0;
  /** The group that was advertised, plus one; 0 for none. */
  group: u32 = 0;
  padding0: u32 = 0;
}

/** A decision as a custom policy outside of the core sees it, and what its thread remembers of such policies. */
@unmanaged
export class PolicyCall {
  /** Candidates: consecutive local ports from `first`, or those at the address `list`. */
  count: u32 = 0;
  first: u32 = 0;
  list: u32 = 0;
  switchNumber: u32 = 0;
  qp: u32 = 0;
  connection: u32 = 0;
  destination: u32 = 0;
  backward: u32 = 0;
  /** Addresses of the words of the switch, and of the group. */
  switchWords: u32 = 0;
  groupWords: u32 = 0;
  hashKey: u32 = 0;
  drawKey: u32 = 0;
  /** Draws that the switch has taken; the policy takes more. */
  draws: u32 = 0;
  /** A `PolicyFault` of this call. */
  fault: u32 = 0;
  nowPs: f64 = 0;
  /** The thread's earliest failure, a `PolicyFault`; when and where it was, what was answered, and bytes of the message. */
  failure: u32 = 0;
  failedSwitch: u32 = 0;
  failedAtPs: f64 = 0;
  failedIndex: u32 = 0;
  textBytes: u32 = 0;
  /** Calls, those whose time was taken, and that time. */
  calls: f64 = 0;
  timedCalls: f64 = 0;
  timedNs: f64 = 0;
}

/** Candidate next hops. */
@unmanaged
export class Group {
  first: u32 = 0;
  count: u32 = 0;
  /** Address of the list of local ports (u32), or 0 when they are consecutive from `first`. */
  list: u32 = 0;
  /** `round-robin`. */
  turn: u32 = 0;
}


@unmanaged
export class Nic {
  /** Address of its `Port`. */
  port: u32 = 0;
  device: u32 = 0;
  latencyPs: u32 = 0;
  /** Its `Stall`; 0 for none. */
  stall: u32 = 0;
  /** QPs that send from here (u32 flow numbers, ascending), and the bitmap of the sendable ones. */
  sendList: u32 = 0;
  sendCount: u32 = 0;
  sendable: u32 = 0;
  sendableCount: u32 = 0;
  /** Index in the send list of the QP served last; `sendCount - 1` at first. */
  lastServed: u32 = 0;
  /** Flow starts in order of time, up to `endStarts`: the next to start, and the next whose first chunks become sendable. */
  nextStart: u32 = 0;
  nextFirstPost: u32 = 0;
  endStarts: u32 = 0;
  /** Posts that wait for their time: a queue of `Post` records. */
  postHead: u32 = 0;
  postTail: u32 = 0;
  postCount: u32 = 0;
  /** Bit of this NIC in its device's bitmap. */
  index: u32 = 0;
  /** Heap of the QPs that wait for the time of their next packet (`Paced`), and their number. */
  paced: u32 = 0;
  pacedCount: u32 = 0;
  /** No later than the earliest retransmission deadline of its QPs. */
  timerAtPs: u64 = 0;
  /** The earliest of start, post, what pauses need (host/pauses.ts), timer, paced QP and grant. */
  nextEventPs: u64 = 0;
}

export enum StallState {
  Before = 0,
  Stalled = 1,
  Over = 2,
}

/** A time in which a NIC takes no packets of the data class. All ones for never. */
@unmanaged
export class Stall {
  fromPs: u64 = 0;
  untilPs: u64 = 0;
  /** From one pause frame to the next, and when that is due. */
  refreshPs: u64 = 0;
  refreshAtPs: u64 = 0;
  /** The port falls free then, and a frame waits for it. */
  frameAtPs: u64 = 0;
  /** A `StallState`. */
  state: u32 = 0;
  /** Address of the `Nic`. */
  nic: u32 = 0;
  /** Packets that have come meanwhile: first and last record, and their number. */
  heldHead: u32 = 0;
  heldTail: u32 = 0;
  heldCount: u32 = 0;
  /** Accounted bytes of these, and how many there may be. */
  heldBytes: u32 = 0;
  bufferBytes: u32 = 0;
  padding0: u32 = 0;
}

/** A QP that waits for the time of its next packet. */
@unmanaged
export class Paced {
  timePs: u64 = 0;
  /** Place of the QP among those of its NIC: breaks ties. */
  index: u32 = 0;
  flow: u32 = 0;
}


@unmanaged
export class Start {
  timePs: u64 = 0;
  flow: u32 = 0;
  /** Chunks that were allowed when the flow started. */
  chunks: u32 = 0;
}

/** Chunks of a flow that become sendable at a time. */
@unmanaged
export class Post {
  timePs: u64 = 0;
  flow: u32 = 0;
  chunks: u32 = 0;
}

/** The sending half of a QP; belongs to the source's device. */
@unmanaged
export class Sender {
  /** Packet to send next, first unacknowledged, posted so far, one past the highest ever sent. */
  next: u32 = 0;
  acked: u32 = 0;
  posted: u32 = 0;
  highest: u32 = 0;
  packetsPerChunk: u32 = 0;
  /** Packets left in the chunk that `next` is in, itself included. */
  leftInChunk: u32 = 0;
  /** Payload of all packets but a chunk's last, and of that. */
  payloadBytes: u32 = 0;
  lastPayloadBytes: u32 = 0;
  totalPackets: u32 = 0;
  nic: u32 = 0;
  index: u32 = 0;
  destination: u32 = 0;
  /** Its congestion control record. */
  congestion: u32 = 0;
  retries: u32 = 0;
  chunks: u32 = 0;
  /** Chunks posted or about to be. */
  scheduled: u32 = 0;
  upstreams: u32 = 0;
  upstreamCount: u32 = 0;
  started: u32 = 0;
  /** Selective: packets held by the receiver, packets to resend (bitmaps of `mapBits` bits), how many of the latter. */
  held: u32 = 0;
  resend: u32 = 0;
  resendCount: u32 = 0;
  highestHeld: u32 = 0;
  scanned: u32 = 0;
  /** Selective: how many packets past the first unacknowledged one the receiver is known to hold. */
  heldCount: u32 = 0;
  padding0: u32 = 0;
  /** Retransmission deadline; 0 when off. */
  deadlinePs: u64 = 0;
  startPs: u64 = 0;
  ackedPs: u64 = 0;
}

/** The receiving half of a QP; belongs to the destination's device. */
@unmanaged
export class Receiver {
  expected: u32 = 0;
  leftInChunk: u32 = 0;
  packetsPerChunk: u32 = 0;
  unanswered: u32 = 0;
  /** A NACK for the packet expected now was sent. */
  nacked: u16 = 0;
  /** A packet with a congestion mark has come since the last answer. */
  marked: u16 = 0;
  delivered: u32 = 0;
  chunks: u32 = 0;
  /** Address of the sender: where ACKs go. */
  source: u32 = 0;
  /** Selective: packets placed (bitmap), how many at or beyond `expected`. */
  placed: u32 = 0;
  placedCount: u32 = 0;
  dependents: u32 = 0;
  dependentCount: u32 = 0;
  finishPs: u64 = 0;
  /** No congestion notification before. */
  nextCnpPs: u64 = 0;
}

/** What travels with a packet where a policy needs it; ACKs bring it back. Room for `Run.telemetryHops` of `Hop` follows. */
@unmanaged
export class Tag {
  /** Start of the data packet's first transmission. */
  sentPs: u64 = 0;
  /** What switches hash where the sender sprays. */
  entropy: u32 = 0;
  /** Switch ports that have written into it. */
  hopCount: u32 = 0;
}

/** Of a QP that sprays: which entropy values it uses. The penalties of `bitmap` follow, a byte for each value. */
@unmanaged
export class Spraying {
  /** Stream of random draws, and how many were taken. */
  key: u32 = 0;
  draws: u32 = 0;
  /** Oblivious: place in the round, and the round's order. */
  position: u32 = 0;
  multiplier: u32 = 0;
  offset: u32 = 0;
  /** REPS: the entry written next, how many were written at all, a bit for each that was not used again, and uses while frozen. */
  head: u32 = 0;
  filled: u32 = 0;
  fresh: u32 = 0;
  reused: u32 = 0;
  padding0: u32 = 0;
  frozenUntilPs: u64 = 0;
  /** Eight u16. */
  entries0: u64 = 0;
  entries1: u64 = 0;
}

/** The tag where receivers grant credit. All in quanta since the QP's beginning. */
@unmanaged
export class CreditTag extends Tag {
  /** What the sender has spent, this packet included. */
  spent: u64 = 0;
  /** What it would have spent once everything posted has been sent. */
  wanted: u64 = 0;
  /** What it had been granted; on the way back, what the receiver has granted. */
  granted: u64 = 0;
}

/** What a switch port says of itself at the start of a data packet's transmission. */
@unmanaged
export class Hop {
  timePs: u64 = 0;
  /** Time that all it had transmitted before took. */
  busyPs: f64 = 0;
  /** Serialization of what is queued behind the packet; at most all ones. */
  queuedPs: u32 = 0;
  /** Global number of the port. */
  port: u32 = 0;
}

/** What every congestion control policy keeps of a QP; its own state follows. */
@unmanaged
export class Congestion {
  /** Payload bytes that may be under way. */
  windowBytes: f64 = 0;
  /** Payload of a full packet. */
  packetBytes: f64 = 0;
  /** Serialization of one byte on the NIC's link: the line rate. */
  linePsPerByte: f64 = 0;
  /** The next packet starts no sooner. */
  nextSendPs: u64 = 0;
  /** It waits for that time, in its NIC's heap. */
  paced: u32 = 0;
  padding0: u32 = 0;
}

/** Rates are in bytes per picosecond. */
@unmanaged
export class Dcqcn extends Congestion {
  currentRate: f64 = 0;
  targetRate: f64 = 0;
  alpha: f64 = 0;
  /** When alpha decays and when the rate increases next; all ones before the first notification. */
  alphaAtPs: u64 = 0;
  increaseAtPs: u64 = 0;
  /** Expiries of the timer and of the byte counter since the last decrease. */
  timerStage: u32 = 0;
  byteStage: u32 = 0;
  sentBytes: f64 = 0;
  /** No decrease before; where notifications are counted by the period, the next decrease, all ones while none is due. */
  nextDecreasePs: u64 = 0;
  /** The first notification, at which the periods of decreases begin. */
  firstPs: u64 = 0;
  /** Notified since alpha's timer went off. */
  alphaNotified: u64 = 0;
}


@unmanaged
export class DcqcnParameters {
  /** Weight of a notification in alpha. */
  gain: f64 = 0;
  initialAlpha: f64 = 0;
  alphaPeriodPs: u64 = 0;
  decreaseIntervalPs: u64 = 0;
  timerPs: u64 = 0;
  /** Bytes between increases; 0 switches the counter off. */
  byteCounterBytes: f64 = 0;
  /** Expiries up to which increases are fast recovery. */
  fastRecovery: u32 = 0;
  /** 1: a decrease makes the rate so far the target. 0: only the first in a row does. */
  clampTarget: u32 = 0;
  /** 1: what came in a period counts once, at its end. */
  periodic: u64 = 0;
  additiveRate: f64 = 0;
  hyperRate: f64 = 0;
  leastRate: f64 = 0;
}


@unmanaged
export class Swift extends Congestion {
  /** The last round trip. */
  delayPs: f64 = 0;
  /** No decrease before. */
  nextDecreasePs: u64 = 0;
}


@unmanaged
export class SwiftParameters {
  /** Round trip aimed at by a large window. */
  baseTargetPs: f64 = 0;
  /** What a small window adds to it: scale / sqrt(window in packets) + offset, from 0 to range. */
  flowScalePs: f64 = 0;
  flowOffsetPs: f64 = 0;
  flowRangePs: f64 = 0;
  /** Packets that the window gains in a round trip. */
  additiveIncrease: f64 = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  beta: f64 = 0;
  mostDecrease: f64 = 0;
  /** In packets. */
  leastWindow: f64 = 0;
  firstWindow: f64 = 0;
  mostWindow: f64 = 0;
}


@unmanaged
export class Nscc extends Congestion {
  /** Moving average of the queueing delay. */
  averagePs: f64 = 0;
  /** Increase that is due, in bytes times bytes of window, and payload acknowledged since the last one was made. */
  increase: f64 = 0;
  sinceBytes: f64 = 0;
  adjustedAtPs: u64 = 0;
  nextDecreasePs: u64 = 0;
  /** Payload acknowledged with hardly any queue in a row. */
  clearBytes: f64 = 0;
  /** Quick adapt: end of the period, payload acknowledged in it, and whether a packet was lost. */
  periodEndPs: u64 = 0;
  achievedBytes: f64 = 0;
  /** Bytes under way at the last quick adapt, whose marks say nothing new, and how many of them were acknowledged. */
  staleBytes: f64 = 0;
  ignoredBytes: f64 = 0;
  lost: u32 = 0;
  padding1: u32 = 0;
}


@unmanaged
export class NsccParameters {
  baseRttPs: f64 = 0;
  /** Queueing delay aimed at. */
  targetPs: f64 = 0;
  /** Below this a queue counts as none. */
  clearPs: f64 = 0;
  mostWindowBytes: f64 = 0;
  /** Proportional increase per byte and ps below the target, fair increase per byte, in bytes of window. */
  proportional: f64 = 0;
  fair: f64 = 0;
  /** Share of the acknowledged bytes that the window gains while there is no queue. */
  fastShare: f64 = 0;
  /** Bytes that the window gains in each adjustment period. */
  eta: f64 = 0;
  adjustBytes: f64 = 0;
  adjustPeriodPs: u64 = 0;
  /** Weight of the excess delay in a decrease, and the largest decrease. */
  gamma: f64 = 0;
  mostDecrease: f64 = 0;
  delayGain: f64 = 0;
  /** Quick adapt: queueing delay that triggers it, and the largest achieved share of the window at which it acts. */
  adaptDelayPs: f64 = 0;
  adaptShare: f64 = 0;
}

/** `Run.telemetryHops` of `Hop` follow: what the ports of the path said last. */
@unmanaged
export class Hpcc extends Congestion {
  /** The window that it is reckoned from for a round trip, in bytes. */
  referenceBytes: f64 = 0;
  /** Bytes per picosecond. */
  rate: f64 = 0;
  /** Bytes under way relative to what the path holds without a queue. */
  inflight: f64 = 0;
  /** Additive increases since the last multiplicative one. */
  stage: u32 = 0;
  /** An answer that acknowledges more than this ends a round trip. */
  roundEnd: u32 = 0;
  hopCount: u32 = 0;
  /** An answer has come. */
  started: u32 = 0;
}


@unmanaged
export class HpccParameters {
  /** Round trip on an empty network. */
  baseRttPs: f64 = 0;
  /** The share of a link's rate that is aimed at. */
  utilisation: f64 = 0;
  /** Additive increases in a row. */
  maxStage: u32 = 0;
  padding0: u32 = 0;
  /** What a round trip adds to the window, as a share of the window at line rate. */
  additiveShare: f64 = 0;
  /** Bytes per picosecond. */
  leastRate: f64 = 0;
}

/** `windowBytes` is 0 while the QP has no credit, and without limit while it has. */
@unmanaged
export class Rccc extends Congestion {
  /** Wire bytes sent so far. */
  spentBytes: u64 = 0;
  /** In quanta since the QP's beginning. */
  granted: u64 = 0;
}


@unmanaged
export class RcccParameters {
  /** Round trip on an empty network. */
  baseRttPs: f64 = 0;
  /** What a sender may have unasked, and what a receiver has under way, in baseRttPs of the line rate. */
  speculativeShare: f64 = 0;
  underWayShare: f64 = 0;
}

/** How a NIC grants credit to the QPs that send to it. */
@unmanaged
export class Granter {
  /** When it grants next; all ones while it has nobody or nothing to grant. */
  turnPs: u64 = 0;
  /** It grants no sooner. */
  notBeforePs: u64 = 0;
  /** Granted for posted packets and not known to be spent, of all QPs, in quanta. */
  underWay: u64 = 0;
  mostUnderWay: u64 = 0;
  /** Granted to a QP beyond what it wants, at most. */
  spare: u64 = 0;
  quantumPs: f64 = 0;
  /** Queues of QPs, first and last as number + 1: those that want credit, and those that may get some to spare. */
  wantingFirst: u32 = 0;
  wantingLast: u32 = 0;
  sparingFirst: u32 = 0;
  sparingLast: u32 = 0;
}

/** The credit of a QP as its receiver sees it, in quanta since the QP's beginning. */
@unmanaged
export class Grant {
  spent: u64 = 0;
  wanted: u64 = 0;
  granted: u64 = 0;
  /** The QP behind it in either queue, as number + 1, and whether it is in that queue. */
  wantingNext: u32 = 0;
  sparingNext: u32 = 0;
  isWanting: u32 = 0;
  isSparing: u32 = 0;
}

/** A flow that the owner waits for. */
@unmanaged
export class Upstream {
  flow: u32 = 0;
  lag: i32 = 0;
}
