/** Reduction units of switches; packets are null where the full rate says how many they hold. */
export interface ReductionParams {
  readonly packets: number | null;
  readonly latencyPs: number;
  /** Of the NVSwitch inside a node. */
  readonly scaleUpPackets: number | null;
  readonly scaleUpLatencyPs: number;
}
