/**
 * The routing policies: one row each. The policy itself is a file of `assembly/routing/`, or of
 * `assembly/spraying/` where the sender takes part.
 */
import { MAX_POLICY_PARAMETERS } from "../limits.js";
import type { RoutingPolicyName } from "../plan.js";
import type { Parameter } from "./parameter.js";
import type { Row } from "./row.js";

/** A row of a routing policy. */
export interface RoutingRow extends Row {
  /** Its number in the core: `PolicyId` in assembly/memory/structs/run.ts. */
  readonly id: number;
  readonly parameters: readonly RoutingParameter[];
  /**
   * All packets of one of these that go one way take one path. Destination, connection and queue
   * pair keep it for the run, a flowlet until a pause; a packet is on its own. Of a policy that
   * users write it is not known.
   */
  readonly pathPer: "destination" | "connection" | "queue-pair" | "flowlet" | "packet" | "unknown";
  /** Switches keep the depths of their queues up to date for it. */
  readonly readsQueues: boolean;
  /** Senders give each data packet an entropy value, which switches hash. */
  readonly sprays: boolean;
  /** Senders keep a penalty for each entropy value. */
  readonly keepsPenalties: boolean;
  /** Senders steer by marks in the answers to their packets. */
  readonly readsMarks: boolean;
  /** Routers send packets over third groups of a dragonfly (MODEL §9, Detours). */
  readonly detours: boolean;
  /** Switches tell each other of their queues, by packets of the control class. */
  readonly tellsQueues: boolean;
  /** A fork may change to it and from it; or the reason why not. */
  readonly fork: true | string;
}

/** A field of a scenario's `routing` section. */
type RoutingField = Parameter & {
  /** What the policies that heed it do with it: "only flowlet routing waits for pauses". */
  readonly use: string;
};

/** In the order in which the schema lists them. */
export const ROUTING_PARAMETERS = {
  quantum: {
    unit: "size",
    min: "1B",
    max: "1GB",
    default: "8KiB",
    use: "compare queues",
    description: "Step in which queues are compared.",
    examples: ["8KiB"],
  },
  entropies: {
    unit: "integer",
    min: 1,
    max: 65_536,
    default: 256,
    use: "use them",
    description: "Entropy values that a queue pair chooses from; a power of two.",
  },
  freeze: {
    unit: "time",
    min: "1ns",
    max: "10s",
    default: "10ms",
    use: "freezes",
    description: "For this time after a timeout, only what has worked is used.",
    examples: ["10ms"],
  },
  noticeFrom: {
    unit: "size",
    min: "1B",
    max: "1GB",
    default: "64KiB",
    use: "has switches tell each other of queues",
    description:
      "A switch tells the switch that a packet came from of the queue on the packet's way, from this length on; in whole steps of quantum.",
    examples: ["64KiB"],
  },
  noticeInterval: {
    unit: "time",
    min: "1ps",
    max: "1s",
    default: "2us",
    use: "has switches tell each other of queues",
    description: "How often at most a switch tells one port of the queue towards one leaf.",
    examples: ["2us"],
  },
  gap: {
    unit: "time",
    min: "1ps",
    max: "1s",
    default: "50us",
    use: "waits for pauses",
    description: "Pause of a queue pair after which it may change paths: longer than paths differ in delay.",
    examples: ["50us"],
  },
  bias: {
    unit: "size",
    min: "0B",
    max: "1GB",
    default: "0B",
    use: "weighs short ways against long ones",
    description:
      "A packet goes over a third group if more waits on the way without one than twice what waits on the way over it, and this.",
    examples: ["32KiB"],
  },
  sampleEvery: {
    unit: "time",
    min: "1ns",
    max: "1s",
    default: "1us",
    use: "knows queues of other routers",
    description:
      "How often routers take samples of their queues for the others of their group, which know them one to two such times later.",
    examples: ["1us"],
  },
  module: {
    unit: "text",
    given: "may",
    maxLength: 1000,
    use: "has a policy of its own",
    description:
      "The policy: a file beside the scenario or in a folder there, .ts or .js, which is run, or .wasm, which heddle build-policy made. Programs pass the policy itself.",
  },
  stateWords: {
    unit: "integer",
    min: 1,
    max: 65_536,
    default: 16,
    use: "has a policy of its own",
    description: "Words of 32 bits that the policy may keep in each switch.",
  },
  parameters: {
    unit: "integers",
    min: 0,
    max: 2 ** 32 - 1,
    maxLength: MAX_POLICY_PARAMETERS,
    use: "has a policy of its own",
    description: "Numbers that the policy finds as its parameters.",
  },
} as const satisfies Readonly<Record<string, RoutingField>>;

export type RoutingParameter = keyof typeof ROUTING_PARAMETERS;

/**
 * The ways of packets that have a choice are not known beforehand: `src/engine/symmetry/usage.ts`.
 */
const WITHOUT_CHOICE = { while: "no packet has a choice of paths" } as const;

/** Of a policy that reads nothing but the packet. What may be done with it each row says itself. */
const PLAIN = {
  parameters: [],
  readsQueues: false,
  sprays: false,
  keepsPenalties: false,
  readsMarks: false,
  tellsQueues: false,
  detours: false,
  lean: false,
} as const;

/** Of a policy of senders. */
const SPRAYED = {
  ...PLAIN,
  pathPer: "packet",
  parameters: ["entropies"],
  sprays: true,
  fork: "senders take part in it",
  symmetry: "senders draw where packets go",
} as const;

/** Of a policy that sends packets over third groups of a dragonfly. */
const DETOURED = {
  ...PLAIN,
  pathPer: "packet",
  detours: true,
  fork: "packets under way have a third group to go over",
  fastForward: "routers draw the groups that packets go over",
  symmetry: "routers draw the groups that packets go over",
} as const;

/** Traits that rows share come first in a row, so that it says what is its own. */
export const ROUTING: { readonly [P in RoutingPolicyName]: RoutingRow } = {
  ecmp: {
    ...PLAIN,
    id: 0,
    pathPer: "connection",
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: WITHOUT_CHOICE,
    sentence: "By a hash of source and destination: all packets of a connection, in one direction, take one path.",
    source: "RFC 2992; what switches do by default",
  },
  "ecmp-qp": {
    ...PLAIN,
    id: 1,
    pathPer: "queue-pair",
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: WITHOUT_CHOICE,
    sentence: "By a hash that includes the queue pair, so that the queue pairs of a connection spread.",
    source: "E-ECMP: Gangidi et al., RDMA over Ethernet for Distributed AI Training at Meta Scale, SIGCOMM 2024",
  },
  spray: {
    ...PLAIN,
    id: 2,
    pathPer: "packet",
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: WITHOUT_CHOICE,
    sentence: "Each packet at random.",
    source: "Dixit et al., On the Impact of Packet Spraying in Data Center Networks, INFOCOM 2013",
  },
  "round-robin": {
    ...PLAIN,
    id: 3,
    pathPer: "packet",
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: WITHOUT_CHOICE,
    sentence: "Each packet to the next in turn.",
    source: "ns-3 and htsim have it as a switch policy",
  },
  adaptive: {
    ...PLAIN,
    id: 4,
    pathPer: "packet",
    readsQueues: true,
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: WITHOUT_CHOICE,
    sentence: "Each packet to the candidate with the least queued, in steps of a quantum; ties at random.",
    source:
      "NVIDIA Spectrum-X and Quantum adaptive routing, as published; the quantum stands for the grades of their congestion classes",
    parameters: ["quantum"],
  },
  "adaptive-remote": {
    ...PLAIN,
    id: 10,
    pathPer: "packet",
    readsQueues: true,
    tellsQueues: true,
    fork: "switches tell each other of their queues",
    fastForward: "switches remember the queues behind others by time",
    symmetry: "switches tell each other of their queues",
    sentence:
      "As adaptive, but a port's queue counts together with the queues that switches behind it have told of, on the way to the packet's leaf. Switches tell each other by packets of the size of an ACK; each port has entries for 64 leaves.",
    source:
      "adaptive routing notifications of NVIDIA InfiniBand switches and draft-wh-rtgwg-adaptive-routing-arn; remote queues by leaf as in CONGA, SIGCOMM 2014; that they drain meanwhile is heddle's own rule for their age",
    parameters: ["quantum", "noticeFrom", "noticeInterval"],
  },
  flowlet: {
    ...PLAIN,
    id: 9,
    pathPer: "flowlet",
    readsQueues: true,
    fastForward: "flowlets remember paths by time",
    fork: true,
    symmetry: WITHOUT_CHOICE,
    sentence:
      "All packets of a queue pair, in one direction, take one path until it pauses; then that with the least queued. Switches have 4096 entries for queue pairs.",
    source:
      "Vanini et al., Let It Flow: Resilient Asymmetric Load Balancing with Flowlet Switching, NSDI 2017; Alizadeh et al., CONGA, SIGCOMM 2014",
    parameters: ["gap", "quantum"],
  },
  pinned: {
    ...PLAIN,
    id: 5,
    pathPer: "destination",
    lean: true,
    fork: true,
    fastForward: true,
    symmetry: true,
    sentence: "By the destination's place under its leaf: no two of a leaf's destinations share an uplink.",
    source: "static destination routing, as InfiniBand's up/down (UPDN, ftree) subnet managers do",
  },
  oblivious: {
    ...SPRAYED,
    id: 6,
    fastForward: "routing by oblivious draws random numbers all the time",
    sentence: "The sender walks through its entropy values, in a new random order each round; switches hash them.",
    source: "Ultra Ethernet Specification 1.0, oblivious spraying; constants of htsim's uec_mp.cpp",
  },
  reps: {
    ...SPRAYED,
    id: 7,
    readsMarks: true,
    fastForward: "routing by reps draws random numbers all the time",
    sentence:
      "The sender uses the entropy value of a packet that came through unmarked once more, and draws one where none is at hand.",
    source: "Bonato et al., REPS: Recycled Entropy Packet Spraying, arXiv 2407.21625",
    parameters: ["entropies", "freeze"],
  },
  bitmap: {
    ...SPRAYED,
    id: 8,
    keepsPenalties: true,
    readsMarks: true,
    fastForward: "routing by bitmap draws random numbers all the time",
    sentence: "As oblivious, but an entropy value whose packet was marked or trimmed is passed over for some rounds.",
    source: "Ultra Ethernet Specification 1.0; penalties of htsim's uec_mp.cpp",
  },
  mixed: {
    ...SPRAYED,
    id: 11,
    keepsPenalties: true,
    readsMarks: true,
    fastForward: "routing by mixed draws random numbers all the time",
    sentence: "As reps where an entropy value is at hand that was not used again, else as bitmap.",
    source: "The default of uet-htsim's uec_mp.cpp",
  },
  valiant: {
    ...DETOURED,
    id: 13,
    sentence: "On a dragonfly: each packet over a third group of routers, drawn at random.",
    source:
      "Valiant, A Scheme for Fast Parallel Communication, SIAM J. Computing 1982; over groups as in Kim, Dally, Scott and Abts, ISCA 2008",
  },
  "ugal-l": {
    ...DETOURED,
    id: 14,
    readsQueues: true,
    sentence:
      "On a dragonfly: each packet by the short way. It goes over a third group, drawn, if the first router has more than twice as much queued for the short way.",
    source: "Singh, Load-Balanced Routing in Interconnection Networks, 2005; UGAL-L of Kim et al., ISCA 2008",
    parameters: ["quantum", "bias"],
  },
  "ugal-g": {
    ...DETOURED,
    id: 15,
    readsQueues: true,
    sentence:
      "As ugal-l, but what counts is also the queue at the router whose link leaves the group, as it was when routers last took samples.",
    source:
      "UGAL-G of Kim et al., ISCA 2008, which knows all queues of the group at once; that samples are taken now and then is heddle's own rule",
    parameters: ["quantum", "bias", "sampleEvery"],
  },
  custom: {
    ...PLAIN,
    id: 12,
    pathPer: "unknown",
    readsQueues: true,
    fork: true,
    fastForward: "a custom routing policy may keep what it is not made for",
    symmetry: "a custom policy is asked",
    sentence: "By a function of your own, in TypeScript or JavaScript, or compiled into the core: CUSTOM-ROUTING.md.",
    source: "whoever wrote it",
    parameters: ["module", "quantum", "stateWords", "parameters"],
  },
};

/** In the order of the documentation. */
export const ROUTING_POLICIES = Object.keys(ROUTING) as [RoutingPolicyName, ...RoutingPolicyName[]];

/** The policies whose row satisfies a condition, in the order of the documentation. */
export function policiesWith(condition: (row: RoutingRow) => boolean): RoutingPolicyName[] {
  return ROUTING_POLICIES.filter((name) => condition(ROUTING[name]));
}

/** True where the packets of a queue pair may take different paths. */
export function spreadsPackets(policy: RoutingPolicyName): boolean {
  return !["destination", "connection", "queue-pair"].includes(ROUTING[policy].pathPer);
}

/**
 * True where each packet of a queue pair takes a path of its own, so that they overtake each other.
 */
export function choosesByPacket(policy: RoutingPolicyName): boolean {
  return ROUTING[policy].pathPer === "packet";
}

/**
 * True where packets of a queue pair may overtake each other as a rule, not only at rare changes of
 * path.
 */
export function mayReorder(policy: RoutingPolicyName): boolean {
  return choosesByPacket(policy) || ROUTING[policy].pathPer === "unknown";
}
