/** In-network reduction: what flows, switches and nodes of trees keep of operations. */
import { Fixed, Instant, List, Same } from "./roles";

/** Of a flow, in runs with operations. */
@unmanaged
export class ReductionMember {
  /** Packets that it may have under way; 0 where the flow is no member of an operation. */
  windowPackets: Fixed<u32> = 0;
  /** It sends data; otherwise it tells when it is ready for some. */
  contributes: Fixed<u32> = 0;
}

/** What adds up and copies packets at a switch. */
@unmanaged
export class ReductionUnit {
  /** From the last contribution to the release of the sum. */
  latencyPs: Fixed<u64> = 0;
  /** Address of its first `ReductionNode`: packets name their node's place among them. */
  nodes: Fixed<u32> = 0;
  /** `CompleteSum`s in the order of their times: a list of chunks. */
  firstSum: List<u32> = 0;
  lastSum: List<u32> = 0;
  sumCount: Same<u32> = 0;
}

/** A switch in the tree of an operation. */
@unmanaged
export class ReductionNode {
  /** Local port towards the parent; all ones at the root. And what packets to it name. */
  parentPort: Fixed<u32> = 0;
  parentAddress: Fixed<u32> = 0;
  /** QP that packets to the parent go by. */
  flow: Fixed<u32> = 0;
  /** A member below contributes: sums are data. */
  contributes: Fixed<u32> = 0;
  /** Its `ReductionChild`ren. */
  children: Fixed<u32> = 0;
  childCount: Fixed<u32> = 0;
  /** `PartialSum`s by packet number, as many as a power of two, minus one. */
  sums: Fixed<u32> = 0;
  sumMask: Fixed<u32> = 0;
}

/** A member's NIC, or a switch. */
@unmanaged
export class ReductionChild {
  port: Fixed<u32> = 0;
  /** QP that packets to it go by, and what they name. */
  flow: Fixed<u32> = 0;
  address: Fixed<u32> = 0;
  /** It is sent data. */
  receives: Fixed<u32> = 0;
}

/** What has come of a packet of an operation. */
@unmanaged
export class PartialSum {
  contributions: Same<u32> = 0;
  /** Wire bytes of a full packet; 0 while none has come. */
  wireBytes: Same<u32> = 0;
}

/** A sum that waits for its release. As large as a record of the pool. */
@unmanaged
export class CompleteSum {
  timePs: Instant<u64> = 0;
  /** Place of its node among those of the unit. */
  node: Same<u32> = 0;
  /** 24 bits of the packet number. */
  number: Same<u32> = 0;
}
