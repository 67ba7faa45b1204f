/** What a run may have besides its policies: one row each. */
import type { RunPlan } from "../plan.js";
import { CONGESTION_CONTROL } from "./congestion-control.js";
import { parametersBeside } from "./mechanism-parameters.js";
import type { Row } from "./row.js";

export type MechanismName =
  | "data-classes"
  | "class-rules"
  | "nic-stall"
  | "message-overhead"
  | "watchdog"
  | "pause-quanta"
  | "marking"
  | "trimming"
  | "telemetry"
  | "ack-marked"
  | "cnp-delay"
  | "adaptive-timeout"
  | "frame-loss"
  | "link-retry"
  | "link-down"
  | "changes"
  | "pfc-off"
  | "programs"
  | "reduction";

export interface MechanismRow extends Row {
  /**
   * Path of the scenario's field that asks for it; the kind of a fault is part of the path.
   * `parameters` lie beside the field.
   */
  readonly field: string;
  /** Whether a run of this plan has it. */
  inUse(plan: RunPlan): boolean;
}

export const MECHANISMS: { readonly [M in MechanismName]: MechanismRow } = {
  "data-classes": {
    field: "classes.name",
    inUse: ({ dataClasses }) => dataClasses.length > 1,
    lean: false,
    fastForward: "ports keep several data classes apart, which it is not made for",
    symmetry: true,
    sentence: "Data of several classes, each with queues, pauses, buffer and credit of its own at every port.",
    source: "priorities of IEEE 802.1Qbb; virtual lanes and their arbitration of InfiniBand, volume 1, chapter 7.6",
    parameters: parametersBeside("data-classes", "classes.name"),
  },
  "class-rules": {
    field: "classes.lossless",
    inUse: ({ dataClasses }) => dataClasses.some(({ rules }) => rules !== undefined),
    lean: false,
    fastForward: "data classes have rules of their own, which it is not made for",
    symmetry: "data classes have rules of their own",
    sentence: "Data classes have thresholds and marking of their own; some are dropped where others are paused.",
    source:
      "lossless and lossy priorities side by side in shared-memory switches: IEEE 802.1Qbb; buffer pools and profiles of SONiC",
    parameters: parametersBeside("class-rules", "classes.lossless"),
  },
  "nic-stall": {
    field: "faults.nic-stall",
    inUse: ({ stalls }) => stalls.length > 0,
    lean: false,
    fastForward: "NICs that stall hold packets that it is not made for",
    symmetry: "a NIC stalls",
    sentence: "A NIC takes in no data for a time, and pauses its leaf.",
    source: "Guo et al., RDMA over Commodity Ethernet at Scale, SIGCOMM 2016: NIC PFC storms",
  },
  "message-overhead": {
    field: "nic.messageOverhead",
    inUse: ({ messageOverheadPs }) => messageOverheadPs !== undefined,
    lean: false,
    fastForward: "queue pairs wait between messages, which it is not made for",
    symmetry: "NICs take a time for each message",
    sentence:
      "A message costs its queue pair a time of its own at the NIC: with Q queue pairs a link of rate C carries S / (T/Q + S/C) of messages of S bytes.",
    source:
      "UCCL's measurements of 400G NICs: with 16 messages in flight a queue pair carries 27 to 30 GB/s at 32 KiB, 45 at 64 KiB, line rate from 128 KiB",
  },
  watchdog: {
    field: "flowControl.watchdog",
    inUse: ({ flowControl }) => flowControl.watchdog !== null,
    lean: false,
    fastForward: "a watchdog ends pauses at times that it is not made for",
    symmetry: true,
    sentence: "A switch drops, or sends, the data of a port that stays paused too long.",
    source: "SONiC (sonic-utilities, pfcwd), its polls replaced by exact times",
  },
  "pause-quanta": {
    field: "flowControl.quanta",
    inUse: ({ flowControl }) => flowControl.pauses !== null,
    lean: false,
    fastForward: true,
    symmetry: true,
    sentence: "Pauses lapse after a number of quanta of 512 bit times, unless they are refreshed.",
    source: "IEEE 802.3, annex 31B; IEEE 802.1Qbb",
    parameters: parametersBeside("pause-quanta", "flowControl.quanta"),
  },
  marking: {
    field: "ecn",
    inUse: ({ ecn }) => ecn !== null,
    lean: false,
    fastForward: true,
    symmetry: { while: "no switch has to draw which packets to mark" },
    sentence: "Switches mark packets by the backlog of their egress (ECN).",
    source: "RFC 3168; thresholds and probability as in DCQCN (Zhu et al., SIGCOMM 2015)",
  },
  trimming: {
    field: "flowControl.trim",
    inUse: ({ flowControl }) => flowControl.trim,
    lean: true,
    fastForward: true,
    symmetry: { while: "no switch draws which packets to trim" },
    sentence: "Switches cut a packet that does not fit down to its header.",
    source: "Handley et al., Re-architecting datacenter networks and stacks (NDP), SIGCOMM 2017; UEC 1.0",
    parameters: parametersBeside("trimming", "flowControl.trim"),
  },
  telemetry: {
    field: "transport.congestionControl",
    inUse: ({ transport }) => CONGESTION_CONTROL[transport.congestionControl?.kind ?? "none"].readsTelemetry,
    lean: false,
    fastForward: "packets carry measurements that it is not made for",
    symmetry: true,
    sentence: "Data packets carry what up to six switch ports say of their queue and load.",
    source: "in-band network telemetry as in Li et al., HPCC, SIGCOMM 2019",
  },
  "ack-marked": {
    field: "transport.ackMarked",
    inUse: ({ transport }) => transport.ackMarked,
    lean: false,
    fastForward: true,
    symmetry: true,
    sentence: "Receivers acknowledge a packet with a congestion mark at once, whatever ackEvery says.",
    source: "htsim's uec.cpp answers a marked packet at once; so does a DCTCP receiver where marks begin (RFC 8257)",
  },
  "cnp-delay": {
    field: "transport.congestionControl.cnpDelay",
    inUse: ({ transport: { congestionControl } }) =>
      congestionControl?.kind === "dcqcn" && congestionControl.cnpDelayPs > 0,
    lean: false,
    fastForward: "congestion notifications wait at their receivers, which it is not made for",
    symmetry: "congestion notifications wait at their receivers, which it is not made for",
    sentence: "A receiver's congestion notification leaves a time after the marked packet that caused it.",
    source: "heddle's own rule, MODEL.md; the notification point is that of Zhu et al., DCQCN, SIGCOMM 2015",
  },
  "adaptive-timeout": {
    field: "transport.rto",
    inUse: ({ transport }) => transport.mostRtoPs !== null,
    lean: true,
    fastForward: true,
    symmetry: true,
    sentence:
      "The timeout doubles with each one in a row, from first up to most; an acknowledgement takes it back to first. A retry limit of 7 is reached 16.3 ms after the first loss, with the defaults of these: raise it to outlast more.",
    source:
      "adaptive retransmission of NVIDIA adapters, as published; one doubling for each timeout stands for their ranges, and the retry limit counts timeouts of any length",
  },
  "frame-loss": {
    field: "faults.degraded-link",
    inUse: ({ hazards }) => hazards.some((table) => table !== null),
    lean: true,
    fastForward: true,
    // Each link has random numbers of its own.
    symmetry: { while: "no link in use loses frames" },
    sentence: "Frames are lost to bit errors that error correction cannot repair, or at a given ratio.",
    source: "RS(544,514) of IEEE 802.3; MODEL.md has the formulas",
  },
  "link-retry": {
    field: "links.access.llr",
    inUse: ({ fabric }) => fabric.linkClasses.some(({ retries }) => retries),
    lean: true,
    fastForward: true,
    symmetry: true,
    sentence: "A link repeats the frames that were lost on it.",
    source: "Ultra Ethernet Specification 1.0, link layer retry (LLR)",
  },
  "link-down": {
    field: "faults.link-down",
    inUse: ({ fabric }) => fabric.linkClasses.some(({ downAtPs }) => downAtPs < Number.POSITIVE_INFINITY),
    lean: true,
    fastForward: true,
    symmetry: true,
    sentence: "A link goes down, and what has not left by then is lost.",
    source: "heddle's own rule: MODEL.md",
  },
  changes: {
    field: "faults.link-down.until",
    inUse: ({ changes = [] }) => changes.length > 0,
    lean: true,
    fastForward: true,
    symmetry: "links, routes or computations change while the run lasts",
    sentence: "Links come back, become slower or lose more, routes follow, ranks compute slower: at stated times.",
    source: "heddle's own rule: MODEL.md",
  },
  "pfc-off": {
    field: "faults.pfc-off",
    inUse: ({ flowControl: { heedless } }) => heedless !== undefined,
    lean: true,
    fastForward: true,
    symmetry: "a switch heeds no pauses",
    sentence: "A switch on which PFC is off sends no pauses, heeds none, and drops what does not fit.",
    source: "heddle's own rule: MODEL.md",
  },
  programs: {
    field: "workload.program",
    inUse: ({ programs }) => programs !== undefined,
    lean: false,
    fastForward: { while: "no program goes on, and no chunk of its flows ends" },
    symmetry: { while: "no durations are drawn, and every rank with a program sends or receives" },
    sentence: "Ranks run programs of computations and collectives on streams.",
    source: "CUDA streams and events, and collectives as NCCL's kernels run them; MODEL.md has the rules",
  },
  reduction: {
    field: "reduction",
    inUse: ({ reduction }) => reduction !== undefined,
    lean: false,
    fastForward: "switches hold sums that it is not made for",
    symmetry: "switches reduce what several flows send",
    sentence: "Switches add up what several NICs send, and copy the sum to several NICs (NVLS, SHARP).",
    source:
      "Graham et al., SHARP, COMHPC 2016, and its streaming aggregation, ISC 2020; NVLink SHARP (NVLS) of NVSwitch; MODEL.md §12 has the rules",
  },
};
