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
 */
export function hazardTable(loss: LossSpec, maxWireBytes: number, gapBytes: number): Float64Array {
  const codewordErrors = codewordErrorRatio(loss.preFecBer);
  const ofAnySize = minusLog1m(loss.frameLossRatio);
  return Float64Array.from({ length: maxWireBytes + 1 }, (_, wireBytes) => {
    const octets = Math.max(0, wireBytes - gapBytes) + PREAMBLE_BYTES;
    return ofAnySize + minusLog1m(frameLossRatio(codewordErrors, octets, loss.interleave));
  });
}
