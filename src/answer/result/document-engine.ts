/** What a result says of the simulation itself. */

/** How it was simulated. */
export interface EngineSummary {
  /** Time from the scenario to the result: building, simulating and summing up. */
  readonly wallMs: number;
  /** Time spent on simulating alone. */
  readonly runMs: number;
  /** All of the run's, those that were skipped included. */
  readonly packetHops: number;
  /** `packetHops` by `wallMs`. */
  readonly packetHopsPerSecond: number;
  /** Packet-hops that were simulated, not skipped, by `runMs`. */
  readonly simulatedPacketHopsPerSecond: number;
  /** Windows of time that were simulated. */
  readonly windows: number;
  /** Threads that simulated. */
  readonly threads: number;
  /** Of the core, and what fast-forward has kept beside it. */
  readonly peakMemoryBytes: number;
  /** Up to where the run was simulated: the last transmission or delivery, or the time limit. */
  readonly simulatedNs: number;
  /** What asking the policy has cost. Present where custom routing is JavaScript. */
  readonly policy?: PolicyCost;
  readonly fastForward: FastForwardSummary;
  /** Hash over every delivery (time, flow, chunk) and every counter, 16 hex digits. */
  readonly digest: string;
}

/**
 * Sampled while the run goes on; the calls of this and of an earlier process that it was resumed
 * from.
 */
export interface PolicyCost {
  /** Calls of the policy. */
  readonly calls: number;
  /** Mean time of a call. */
  readonly nsPerCall: number;
  /** Share of the run's time, in all threads. */
  readonly shareOfRun: number;
}

/**
 * What was not simulated because it was sure to be like what had been. The rest of the result does
 * not depend on it.
 */
export interface FastForwardSummary {
  /** How often a repetition was found and skipped. */
  readonly cycles: number;
  /** Simulated time that was skipped. */
  readonly skippedNs: number;
  /** Packet-hops that were skipped. */
  readonly skippedPacketHops: number;
  /** Parts of the fabric that were simulated once for several. */
  readonly replicas: number;
  /** Why nothing could be skipped. Present where nothing could. */
  readonly off?: string;
}
