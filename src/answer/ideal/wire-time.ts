import type { RunPlan } from "../../plan/plan.js";

const PS_BITS_PER_BYTE = 8n * 10n ** 12n;

/**
 * Time that `wireBytes` take at a rate, in ps: `round(b * 8e12 / rate)` with halves up, or
 * truncated (MODEL §1).
 */
export function serializationPs(wireBytes: number, rateBps: number, rounding: "round" | "floor"): number {
  // The product passes 2^53 for packets of a few kilobytes already.
  const work = BigInt(wireBytes) * PS_BITS_PER_BYTE;
  const rate = BigInt(rateBps);
  return Number(rounding === "floor" ? work / rate : (2n * work + rate) / (2n * rate));
}

/** Serialization of data packets, by link class; values are kept, for few sizes occur in a run. */
export class WireTimes {
  private readonly known = new Map<number, number>();
  private readonly perByte = new Map<number, number>();

  constructor(private readonly plan: RunPlan) {}

  /** Serialization of a data packet with this payload on links of a class, in ps. */
  dataPs(linkClass: number, payloadBytes: number): number {
    const key = linkClass * 2 ** 32 + payloadBytes;
    let ps = this.known.get(key);
    if (ps === undefined) {
      const { headerBytes, gapBytes, serialization } = this.plan.wire;
      const { rateBps } = this.plan.fabric.linkClasses[linkClass]!;
      ps = serializationPs(payloadBytes + headerBytes + gapBytes, rateBps, serialization);
      this.known.set(key, ps);
    }
    return ps;
  }

  /**
   * Least time that a byte of payload takes on links of a class, in ps: over every packet size the
   * class may carry. That is the full packet, save where rounding favours another size.
   */
  psPerPayloadByte(linkClass: number): number {
    let best = this.perByte.get(linkClass);
    if (best === undefined) {
      const { mtuBytes, rateBps } = this.plan.fabric.linkClasses[linkClass]!;
      const { headerBytes, gapBytes } = this.plan.wire;
      best = this.dataPs(linkClass, mtuBytes) / mtuBytes;
      const roundingPs = this.roundingPs(linkClass);
      // b bytes take at least b·k + h·k - r. Per byte that falls with b where headers outweigh
      // rounding, so only sizes near the largest matter.
      const psPerByte = 8e12 / rateBps;
      const overheadPs = (headerBytes + gapBytes) * psPerByte - roundingPs;
      for (let bytes = mtuBytes - 1; bytes > 0 && roundingPs > 0; bytes--) {
        if (overheadPs > 0 && psPerByte + overheadPs / bytes > best * (1 + 1e-12)) break;
        best = Math.min(best, this.dataPs(linkClass, bytes) / bytes);
      }
      this.perByte.set(linkClass, best);
    }
    return best;
  }

  /**
   * By how much rounding may shorten a packet on links of a class, in ps: 0 where a byte takes
   * whole picoseconds.
   */
  roundingPs(linkClass: number): number {
    const { rateBps } = this.plan.fabric.linkClasses[linkClass]!;
    if (8e12 % rateBps === 0) return 0;
    return this.plan.wire.serialization === "floor" ? 1 : 0.5;
  }
}
