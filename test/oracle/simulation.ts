import type { RoutingPolicy } from "../../src/plan/decision.js";
import { classOfFlow } from "../../src/plan/flows.js";
import type { ClassCounters, Outcome, PortCounters, Totals } from "../../src/plan/outcome.js";
import type { RoutingParams, RunPlan } from "../../src/plan/plan.js";
import type { CreditedLink } from "./credit.js";
import { EventQueue } from "./events.js";
import { Log } from "./log.js";
import type { Packet } from "./packet.js";
import type { Posting } from "./posting.js";
import type { Programs } from "./programs.js";
import type { Receiver } from "./receiver.js";
import { Samples } from "./samples.js";
import type { Sender } from "./sender.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Other routing rules, for packets that reach a switch's queues at `fromPs` or later. */
export interface Reroute {
  readonly fromPs: number;
  readonly routing: RoutingParams;
}

/**
 * What the parts of a run share: the plan, the events, the ends of every flow, and the counters.
 */
export class Simulation {
  readonly events = new EventQueue();
  readonly log = new Log();
  readonly samples = new Samples(this);
  readonly senders: Sender[] = [];
  readonly receivers: Receiver[] = [];
  /** Link directions on credit, by the port that they end at and the data class. */
  readonly creditedLinks = new Map<string, CreditedLink>();
  posting!: Posting;
  programs: Programs | null = null;
  readonly totals: Writable<Totals> = {
    hops: 0,
    dataHops: 0,
    dataSent: 0,
    retransmitted: 0,
    dataDelivered: 0,
    acksSent: 0,
    acksReceived: 0,
    nacksSent: 0,
    timeouts: 0,
    droppedCongestion: 0,
    droppedCrc: 0,
    droppedLinkDown: 0,
    droppedOrdering: 0,
    pausesSent: 0,
    resumesSent: 0,
    ecnMarked: 0,
    cnpsSent: 0,
    cnpsReceived: 0,
    trimmed: 0,
    trimmedReceived: 0,
    replays: 0,
    pullsSent: 0,
    pullsReceived: 0,
    outOfOrder: 0,
    refreshesSent: 0,
    pausesLapsed: 0,
    storms: 0,
    droppedWatchdog: 0,
    creditUpdatesSent: 0,
    noticesSent: 0,
    noticesReceived: 0,
  };
  readonly ports: PortCounters;
  readonly perClass: readonly ClassCounters[];
  /** Of flows; starts as given, the others not a number until they happen. */
  readonly times: Pick<Outcome, "startPs" | "finishPs" | "ackedPs">;
  endPs = 0;
  lastTransmissionPs = 0;
  /** Flows acknowledged in full. */
  ackedFlows = 0;
  /** Frames that have taken effect. */
  framesReceived = 0;
  /** Packets that reduction units have taken up, and sent. */
  takenUp = 0;
  sentByUnits = 0;
  /** Lowest QP that ran out of retries, or -1. */
  failedFlow = -1;

  constructor(
    readonly plan: RunPlan,
    private readonly reroute?: Reroute,
    /** What decides where routing is custom. */
    readonly policy?: RoutingPolicy,
  ) {
    const portCount = plan.fabric.peerPort.length;
    const perPort = () => new Float64Array(portCount);
    const perFlow = () => new Float64Array(plan.flows.count).fill(Number.NaN);
    this.ports = {
      txBytes: perPort(),
      maxBacklogPs: perPort(),
      pausedPs: perPort(),
      longestPausePs: perPort(),
      ecnMarked: perPort(),
      droppedCrc: perPort(),
      firstCrcPs: perPort(),
      droppedLinkDown: perPort(),
      droppedWatchdog: perPort(),
      pausesSent: perPort(),
      droppedCongestion: perPort(),
      creditWaitPs: perPort(),
      longestCreditWaitPs: perPort(),
    };
    this.classes = [...plan.dataClasses.keys()];
    this.perClass = this.classes.map(() => ({ pausedPs: perPort(), creditWaitPs: perPort() }));
    this.placeOf = new Uint32Array(plan.flows.count);
    Array.from({ length: plan.flows.count }, (_, flow) => flow)
      .sort((a, b) => classOfFlow(plan.flows, a) - classOfFlow(plan.flows, b) || a - b)
      .forEach((flow, place) => {
        this.placeOf[flow] = place;
      });
    this.times = { startPs: plan.flows.startPs.slice(), finishPs: perFlow(), ackedPs: perFlow() };
  }

  /** Numbers of the data classes. */
  readonly classes: readonly number[];
  /** By flow: its place among all, by data class, then number. */
  readonly placeOf: Uint32Array;

  /** The data class of a packet that is not a frame, on its link or in the queue of its egress. */
  classOf(packet: Packet): number {
    return classOfFlow(this.plan.flows, packet.flow) + packet.lane;
  }

  /** The data class in which a packet came to the switch it is in. */
  ingressClassOf(packet: Packet): number {
    return classOfFlow(this.plan.flows, packet.flow) + packet.ingressLane;
  }

  get nowPs(): number {
    return this.events.nowPs;
  }

  /** The routing rules in force now. */
  get routing(): RoutingParams {
    return this.reroute !== undefined && this.nowPs >= this.reroute.fromPs ? this.reroute.routing : this.plan.routing;
  }
}
