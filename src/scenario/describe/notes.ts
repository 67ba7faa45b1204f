/** What the schema does not say of a policy: what it does, for those that are a word; and where it comes from. */

export interface PolicyNote {
  /** Left out where the schema describes the policy. */
  readonly summary?: string;
  /** Paper, standard or program whose rules these are. */
  readonly source: string;
  /** For a policy that is a word: the fields beside it that it heeds. */
  readonly parameters?: readonly string[];
}

/** By the path of the field that chooses, then by the policy's name. */
export const POLICY_NOTES: Readonly<Record<string, Readonly<Record<string, PolicyNote>>>> = {
  "routing.policy": {
    ecmp: {
      summary: "By a hash of source and destination: all packets of a connection, in one direction, take one path.",
      source: "RFC 2992; what switches do by default",
    },
    "ecmp-qp": {
      summary: "By a hash that includes the queue pair, so that the queue pairs of a connection spread.",
      source: "E-ECMP: Gangidi et al., RDMA over Ethernet for Distributed AI Training at Meta Scale, SIGCOMM 2024",
    },
    spray: {
      summary: "Each packet at random.",
      source: "Dixit et al., On the Impact of Packet Spraying in Data Center Networks, INFOCOM 2013",
    },
    "round-robin": { summary: "Each packet to the next in turn.", source: "ns-3 and htsim have it as a switch policy" },
    adaptive: {
      summary: "Each packet to the candidate with the least queued, in steps of a quantum; ties at random.",
      source:
        "NVIDIA Spectrum-X and Quantum adaptive routing, as published; the quantum stands for the grades of their congestion classes",
      parameters: ["quantum"],
    },
    "adaptive-remote": {
      summary:
        "As adaptive, but what counts is the queue at the port plus that which the switches behind it have told of, on the way to the packet's leaf. Switches tell each other by packets of the size of an ACK; each port has entries for 64 leaves.",
      source:
        "adaptive routing notifications of NVIDIA InfiniBand switches and draft-wh-rtgwg-adaptive-routing-arn; remote queues by leaf as in CONGA, SIGCOMM 2014; that they drain meanwhile is heddle's own rule for their age",
      parameters: ["quantum", "noticeFrom", "noticeInterval"],
    },
    flowlet: {
      summary:
        "All packets of a queue pair, in one direction, take one path until it pauses; then that with the least queued. Switches have 4096 entries for queue pairs.",
      source:
        "Vanini et al., Let It Flow: Resilient Asymmetric Load Balancing with Flowlet Switching, NSDI 2017; Alizadeh et al., CONGA, SIGCOMM 2014",
      parameters: ["gap", "quantum"],
    },
    pinned: {
      summary: "By the destination's place under its leaf: no two of a leaf's destinations share an uplink.",
      source: "static destination routing, as InfiniBand's up/down (UPDN, ftree) subnet managers do",
    },
    oblivious: {
      summary: "The sender walks through its entropy values, in a new random order each round; switches hash them.",
      source: "Ultra Ethernet Specification 1.0, oblivious spraying; constants of htsim's uec_mp.cpp",
      parameters: ["entropies"],
    },
    reps: {
      summary:
        "The sender uses the entropy value of a packet that came through unmarked once more, and draws one where none is at hand.",
      source: "Bonato et al., REPS: Recycled Entropy Packet Spraying, arXiv 2407.21625",
      parameters: ["entropies", "freeze"],
    },
    bitmap: {
      summary: "As oblivious, but an entropy value whose packet was marked or trimmed is passed over for some rounds.",
      source: "Ultra Ethernet Specification 1.0; penalties of htsim's uec_mp.cpp",
      parameters: ["entropies"],
    },
    mixed: {
      summary: "As reps where an entropy value is at hand that was not used again, else as bitmap.",
      source: "The default of uet-htsim's uec_mp.cpp",
      parameters: ["entropies"],
    },
    custom: {
      summary: "By a function of your own, in TypeScript or JavaScript, or compiled into the core: CUSTOM-ROUTING.md.",
      source: "whoever wrote it",
      parameters: ["module", "quantum", "stateWords", "parameters"],
    },
  },
  "transport.recovery": {
    "go-back-n": {
      summary:
        "The receiver takes packets in order only and sends one NACK for a gap; the sender goes back to the first that is missing.",
      source: "InfiniBand Architecture Specification, volume 1, chapter 9.7 (RC); RoCEv2",
      parameters: ["rto", "retryLimit", "ackEvery", "ackMarked"],
    },
    selective: {
      summary:
        "The receiver places packets in any order; the sender repeats what is missing, told by a bitmap of what has come.",
      source: "Mittal et al., Revisiting Network Support for RDMA (IRN), SIGCOMM 2018; UEC 1.0 transport",
      parameters: ["rto", "retryLimit", "ackEvery", "ackMarked", "reorder", "lostResends"],
    },
  },
  "transport.rto": {
    adaptive: {
      source:
        "adaptive retransmission of NVIDIA adapters, as published; one doubling for each timeout stands for their ranges, and the retry limit counts timeouts of any length",
    },
  },
  "transport.congestionControl": {
    none: { source: "RoCE with congestion control off; Meta runs 400G so (SIGCOMM 2024)" },
    dcqcn: { source: "Zhu et al., Congestion Control for Large-Scale RDMA Deployments, SIGCOMM 2015" },
    swift: {
      source:
        "Kumar et al., Swift: Delay is Simple and Effective for Congestion Control in the Datacenter, SIGCOMM 2020",
    },
    nscc: {
      source:
        "Ultra Ethernet Specification 1.0, Network Signal-based Congestion Control; constants of htsim's uec.cpp, and its thresholds of marks, 0.2 and 0.8 of the bandwidth-delay product",
    },
    hpcc: { source: "Li et al., HPCC: High Precision Congestion Control, SIGCOMM 2019; draft-miao-tsv-hpcc" },
    rccc: {
      source:
        "Ultra Ethernet Specification 1.0, Receiver Credit-based Congestion Control; pulls, the largest window of a sender and the end of speculation as in htsim's uec.cpp",
    },
  },
  flowControl: {
    pfc: {
      source:
        "IEEE 802.1Qbb; quanta: IEEE 802.3, annex 31B; watchdog: SONiC (sonic-utilities, pfcwd), its polls replaced by exact times",
    },
    credit: {
      source:
        "InfiniBand Architecture Specification, volume 1, chapter 7.9 (FCTBS, FCCL; blocks of 64 bytes); Ultra Ethernet Specification 1.0, credit-based flow control (CBFC)",
    },
    none: { source: "tail drop with a dynamic threshold: Choudhury and Hahne, 1998" },
  },
  "flowControl.threshold": {
    dynamic: { source: "Choudhury and Hahne, Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998" },
    static: { source: "IEEE 802.1Qbb, XOFF and XON" },
  },
};
