/** Lasers of optical modules: the current that keeps their light constant as they warm. */
import type { LaserParams } from "../../scenario/types/optics.js";
import { exponential } from "../../util/exponential.js";
import { REFERENCE_TEMPERATURE_C } from "./pam4.js";

/**
 * Bias in mA that gives the light of 25 °C. The threshold current follows
 * `Ith(T) = Ith(25) * exp((T - 25) / T0)`, as of any diode laser (Coldren, Corzine: Diode Lasers
 * and Photonic Integrated Circuits, ch. 2). The current above it makes the light, and stays.
 */
export function laserBiasMa({ biasMa, thresholdMa, characteristicK }: LaserParams, temperatureC: number): number {
  const growth = exponential((temperatureC - REFERENCE_TEMPERATURE_C) / characteristicK);
  return biasMa - thresholdMa + thresholdMa * growth;
}
