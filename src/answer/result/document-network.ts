/** What a result says of packets, links and what holds them up. */

/** Packets of the whole run. */
export interface PacketSummary {
  /** Data packets that NICs sent, resends included. */
  readonly sent: number;
  /** Data packets that receivers took. */
  readonly delivered: number;
  /** Data packets that NICs sent again. */
  readonly retransmitted: number;
  /**
   * Data packets that came to their receivers while an earlier one was missing, lost or overtaken.
   */
  readonly outOfOrder: number;
  /** Data packets that a full queue cut to their headers. */
  readonly trimmed: number;
  /** Repetitions of frames by links with retry. */
  readonly replayed: number;
  /** Packets that were lost, by reason. */
  readonly dropped: {
    /** No room in a buffer. */
    readonly congestion: number;
    /** Damaged on a link. */
    readonly crc: number;
    /** Sent into a link that was down. */
    readonly linkDown: number;
    /** Out of order, where the receiver takes no such packets. */
    readonly ordering: number;
    /** Discarded by the watchdog of a port paused too long. */
    readonly watchdog: number;
  };
  /** Links that packets crossed: data, answers and control. */
  readonly hops: number;
  /** Links that data packets crossed. */
  readonly dataHops: number;
  /** Acknowledgements sent. */
  readonly acks: number;
  /** Negative acknowledgements sent. */
  readonly nacks: number;
  /** Retransmission timeouts that fired. */
  readonly timeouts: number;
  /** Advertisements of queues between switches. */
  readonly notices: number;
}

/** Priority flow control. */
export interface PfcSummary {
  /** Pause frames that began a pause. */
  readonly pauses: number;
  /** Time that ports were paused, over all ports and classes. */
  readonly pausedNs: number;
  /** The longest pause of a port. */
  readonly longestPauseNs: number;
  /** Frames that went on with a pause. */
  readonly refreshes: number;
  /** Pauses that ended by their own time. */
  readonly lapsed: number;
  /** Ports that the watchdog found paused for too long. */
  readonly storms: number;
  /** Trees of pauses: a port paused by a switch that was paused itself. Worst first. */
  readonly cascades: readonly {
    /** The device where the pauses began. */
    readonly root: string;
    /** Ports of the tree. */
    readonly ports: number;
    /** Time that they were paused, all together. */
    readonly pausedNs: number;
  }[];
}

/** What held a data class back, over all ports. */
export interface ClassSummary {
  /** Its name. */
  readonly name: string;
  /** Time paused. */
  readonly pausedNs: number;
  /** Time waited for credit. */
  readonly creditWaitNs: number;
}

/** Credit of links. */
export interface CreditSummary {
  /** Credit updates sent. */
  readonly updates: number;
  /** Time that ports waited for credit. */
  readonly waitedNs: number;
  /** The longest wait of a port. */
  readonly longestWaitNs: number;
  /** Trees of waits: a port waited for a device that waited itself. Worst first. */
  readonly cascades: readonly {
    /** The device where the waits began. */
    readonly root: string;
    /** Ports of the tree. */
    readonly ports: number;
    /** Time that they waited, all together. */
    readonly waitedNs: number;
  }[];
  /** Receive buffers by level of links: the smallest and the largest. */
  readonly buffers: readonly {
    /** Level of the links. */
    readonly level: string;
    /** The smallest buffer of a class. */
    readonly leastBytes: number;
    /** The largest one. */
    readonly mostBytes: number;
  }[];
}

/** Explicit congestion notification. */
export interface EcnSummary {
  /** Packets that switches marked. */
  readonly marked: number;
  /** Notifications that receivers sent. */
  readonly cnps: number;
}

/** Over all directions of the scale-out links; the percentile by nearest rank. */
export interface Spread {
  /** Mean. */
  readonly mean: number;
  /** 99 % are not above it. */
  readonly p99: number;
  /** The largest. */
  readonly max: number;
}

/** Links of the scale-out fabric, each direction by itself. */
export interface LinkSummary {
  /**
   * Time over which utilisation is taken: from the first start of any flow to the end of the last
   * transmission or, where the run was cut off, of the simulation.
   */
  readonly observedNs: number;
  /** Share of its rate that a link direction carried. */
  readonly utilisation: Spread;
  /** The most that was ever queued at each switch port, in wire bytes. */
  readonly maxQueueBytes: Spread;
  /** The directions with the highest utilisation, the highest first. */
  readonly hottest: readonly LinkResult[];
}

/** One direction of a link: what it carried, and what it suffered. */
export interface LinkResult {
  /** Where the direction leaves. */
  readonly from: string;
  /** Where it goes. */
  readonly to: string;
  /** Which of several parallel links, from 0. Absent where there is one. */
  readonly index?: number;
  /** Share of its rate that it carried. */
  readonly utilisation: number;
  /** Wire bytes that it carried. */
  readonly txBytes: number;
  /** The most that was ever queued for it. */
  readonly maxQueueBytes: number;
  /** Time paused. */
  readonly pausedNs: number;
  /** Time waited for credit. */
  readonly creditWaitNs: number;
  /** Packets marked here. */
  readonly ecnMarked: number;
  /** Packets damaged here. */
  readonly droppedCrc: number;
  /** Packets sent while it was down. */
  readonly droppedLinkDown: number;
  /** Packets that the watchdog discarded. */
  readonly droppedWatchdog: number;
  /** Packets that found no room. */
  readonly droppedCongestion: number;
}

/** What a fault did. */
export interface FaultResult {
  /** The fault's kind. */
  readonly kind: string;
  /** The link (`leaf-1 <-> spine-0`, `->` for one direction) or the rank whose NIC it is. */
  readonly where: string;
  /** Carried by the directions that it concerns; of a NIC, sent to it. Wire bytes. */
  readonly txBytes: number;
  /** Packets lost on its link, by its cause. */
  readonly packetsLost: number;
  /** Its link was paused for so long; of a NIC, by it. */
  readonly pausedNs: number;
  /** Share of full packets that its worse direction damages. Present where it damages any. */
  readonly frameLossRatio?: number;
  /** Whether any traffic met it. */
  readonly hitTraffic: boolean;
  /** What it did, as a sentence. */
  readonly text: string;
}

/** What a drifting optic did to a direction of a link. Times are on the clock of the run. */
export interface OpticResult {
  /** The direction: `gpu-3 -> leaf-0`. */
  readonly link: string;
  /** Of the case, when the direction had most errors. */
  readonly temperatureC: number;
  /** Signal to noise at that time. */
  readonly snrDb: number;
  /** Bit error ratio before correction at that time. */
  readonly preFecBer: number;
  /**
   * Codewords by symbol errors, from none to the 15 that are corrected: expected over the run, by
   * the error ratio at each time.
   */
  readonly fecHistogram: readonly number[];
  /** Codewords that cannot be corrected: expected, too. */
  readonly uncorrectable: number;
  /** Frames that this run lost to bit errors. */
  readonly lostFrames: number;
  /** When the error ratio came to the line that warns; null where it stayed below. */
  readonly warningNs: number | null;
  /** When it came to the line that alarms. */
  readonly alarmNs: number | null;
  /** When the first frame was lost. */
  readonly firstLossNs: number | null;
  /** From the alarm to the first lost frame; below 0 where the frame came first. */
  readonly leadNs: number | null;
}

/** Of collectives: mean time between chunks of a flow. Of training: times of steps. */
export interface StepSummary {
  /** Median. */
  readonly p50Ns: number;
  /** 99 % are not longer. */
  readonly p99Ns: number;
  /** The longest. */
  readonly maxNs: number;
}
