/** A switch and the groups of candidate ports that its routing table names. */
import { Fixed, Same, Instant, Course, Until } from "./roles";

/** In which windows a switch is played event by event. */
export enum ExactStep {
  /** Where a threshold could be crossed. */
  WhereNeeded = 0,
  /** It gives credit or needs some, which every transmission may change; or all is watched. */
  Always = 1,
  /** Also where a port is paused, or a frame arrives: what causes waits is watched. */
  WherePaused = 2,
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
  /**
   * Address of the group of candidates that lead up, and of the first group that leads down (or of
   * the table's).
   */
  upGroup: Fixed<u32> = 0;
  groups: Fixed<u32> = 0;
  pinDivisor: Fixed<u32> = 0;
  /**
   * Queue depths of the ports in quanta, for policies that look at them; 0 when another policy is
   * in force.
   */
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
  /**
   * A link that leaves here repeats what is lost on it: when a port will be free is known only once
   * a packet has started.
   */
  retries: Fixed<u32> = 0;
  /** Its table of `Flowlet` entries. */
  flowlets: Fixed<u32> = 0;
  /** Its ports have receive buffers: what arrives comes on credit. */
  credited: Fixed<u32> = 0;
  /** An `ExactStep`. */
  exactStep: Fixed<u32> = 0;
  /** A watchdog looks after its ports. */
  guarded: Fixed<u32> = 0;
  /**
   * What `pinned` takes (u16 place in the group by address); 0 for arithmetic with `pinDivisor`.
   */
  pins: Fixed<u32> = 0;
  /**
   * Its `RemoteQueue`s, a row of its ports for each entry, and the bytes of a row; 0 where switches
   * do not advertise.
   */
  remotes: Fixed<u32> = 0;
  remoteRowBytes: Fixed<u32> = 0;
  /** The pause threshold of a port follows from what the others hold. */
  dynamic: Fixed<u32> = 0;
  /** Its group of routers, plus one; 0 for none. */
  routerGroup: Fixed<u32> = 0;
  /** Of a lossless switch: data classes that it drops rather than pauses, a bit each. */
  lossyClasses: Fixed<u32> = 0;
  padding0: u32 = 0;
  /** Its samples: `SampleHead`s, each with a `PortSample` for each port; 0 where it takes none. */
  samples: Fixed<u32> = 0;
  /** Place of the last one, and how many ports each has. */
  lastSample: Course<u32> = 0;
  samplePorts: Fixed<u32> = 0;
  /** Number and beginning of the period after that of the last event. */
  nextPeriod: Course<u64> = 0;
  nextSamplePs: Course<u64> = 0;
  /** ceil(2^40 / stride): exact for addresses and strides of up to 20 bits; addresses have 19. */
  strideReciprocal: Fixed<u64> = 0;
  bufferBytes: Fixed<u64> = 0;
  /** What `lossyClasses` have to themselves. */
  lossyBytes: Fixed<u64> = 0;
  /** Buffer without headroom and reserve. */
  sharedPool: Fixed<i64> = 0;
  /**
   * All charged bytes. In the fast step it may lag behind by packets whose transmission has ended.
   */
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

/**
 * What a port of a switch knows of queues behind it for one group of destinations, and tells of
 * those before it.
 */
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

/** Samples that a router keeps (routing/samples.ts). */
export const SAMPLE_PLACES: u32 = 4;

/** A sample that a router has taken of its queues: `PortSample`s follow. */
@unmanaged
export class SampleHead {
  /** Number of the period at whose beginning it holds, and until there is a later one. */
  period: Course<u64> = 0;
}

/** What a port has queued, and when the transmission in progress ends. */
@unmanaged
export class PortSample {
  busyUntilPs: Course<i64> = 0;
  queuedPs: Course<u64> = 0;
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
