/** What is certain about a flow whatever else goes on. In ps, without its start. */
export interface FlowTimes {
  /** Least time from posting one chunk to its delivery. */
  readonly chunkPs: number;
  /** Least time from posting all chunks to the last delivery. */
  readonly flowPs: number;
  /** Time that the flow keeps the link of its source, and the link to its destination, busy. */
  readonly srcWorkPs: number;
  readonly dstWorkPs: number;
  /** Least time before and after `srcWorkPs`, and before and after `dstWorkPs`, together. */
  readonly srcRestPs: number;
  readonly dstRestPs: number;
  /** Bytes on the wire of a link, and packets. */
  readonly wireBytes: number;
  readonly packets: number;
}
