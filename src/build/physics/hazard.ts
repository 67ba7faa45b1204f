import type { LossSpec } from "../../plan/fabric.js";
import { minusLog1m } from "../../util/logarithm.js";
import { codewordErrorRatio, frameLossRatio } from "./fec.js";

const PREAMBLE_BYTES = 8;

/**
 * Loss hazard `-ln(1 - FLR)` by wire size in bytes, from 0 to `maxWireBytes`. Hazards of packets
 * add up: the packets until a loss follow the geometric distribution when an exponential budget is
 * spent on them.
 * @param gapBytes Preamble and gap in the wire size. The medium carries the frame and its preamble:
 * `L = wire - gap + 8`.
 * @param headerBytes Beside the payload, which a link may limit.
 */
export function hazardTable(loss: LossSpec, maxWireBytes: number, gapBytes: number, headerBytes = 0): Float64Array {
  const largest = (loss.largestBytes ?? Number.POSITIVE_INFINITY) + headerBytes + gapBytes;
  const codewordErrors = codewordErrorRatio(loss.preFecBer);
  const ofAnySize = minusLog1m(loss.frameLossRatio);
  return Float64Array.from({ length: maxWireBytes + 1 }, (_, wireBytes) => {
    if (wireBytes > largest) return Number.POSITIVE_INFINITY;
    const octets = Math.max(0, wireBytes - gapBytes) + PREAMBLE_BYTES;
    return ofAnySize + minusLog1m(frameLossRatio(codewordErrors, octets, loss.interleave));
  });
}
