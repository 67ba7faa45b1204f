/** What fast-forward sees of the sender that it watches. */
import { Same } from "./roles";

/** What a watched sender looked like at the end of a window. */
@unmanaged
export class Sample {
  /** Of its retransmission timer: a fixed time after the last packet or answer that started it. */
  deadlinePs: Same<u64> = 0;
  acked: Same<u32> = 0;
  padding0: u32 = 0;
}

/** Samples of a watched sender that are kept, a power of two. */
export const MAX_SAMPLES: u32 = 2048;
