/**
 * Lanes of an optical link: from the ratio of signal to noise to the bit error ratio before
 * correction, and what temperature and dirt do to it.
 */
import { gaussianTail, powerOf10 } from "../../util/exponential.js";

/** Four levels with Gray code, equally spaced. */
const PAM4_LEVEL_FACTOR = 5;
const PAM4_BITS_SHARE = 0.75;

/**
 * Bit error ratio of a PAM4 lane, `3/4 * Q(sqrt(SNR/5))`; SNR is mean symbol energy by noise
 * variance.
 * @param snrDb in decibels
 */
export function pam4Ber(snrDb: number): number {
  return PAM4_BITS_SHARE * gaussianTail(Math.sqrt(powerOf10(snrDb / 10) / PAM4_LEVEL_FACTOR));
}

/** Bit error ratio of an NRZ lane, `Q(sqrt(SNR))`. */
export function nrzBer(snrDb: number): number {
  return gaussianTail(Math.sqrt(powerOf10(snrDb / 10)));
}

const MAX_SNR_DB = 40;
/** Halvings of 50 dB down to the distance of two doubles. */
const HALVINGS = 60;
const MIN_SNR_DB = -10;

/**
 * The signal-to-noise ratio at which a PAM4 lane has a bit error ratio, in decibels, by bisection.
 * @param ber above 0, and at most that of a lane at -10 dB
 */
export function pam4SnrDb(ber: number): number {
  if (ber === lastBer) return lastSnrDb;
  let [low, high] = [MIN_SNR_DB, MAX_SNR_DB];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (pam4Ber(middle) > ber) low = middle;
    else high = middle;
  }
  [lastBer, lastSnrDb] = [ber, high];
  return high;
}

/** The one that was asked for last: an optic is asked about at many temperatures. */
let [lastBer, lastSnrDb] = [Number.NaN, Number.NaN];

/** What optics are specified at. */
export const REFERENCE_TEMPERATURE_C = 25;
/** Photocurrent is proportional to power: a decibel of light is two of signal. */
const ELECTRICAL_PER_OPTICAL_DB = 2;

/** State of an optic that its errors follow from. */
export interface OpticCondition {
  /** Bit error ratio at 25 °C, clean. */
  readonly preFecBer: number;
  /** What the signal-to-noise ratio loses per degree above 25 °C, in dB. */
  readonly snrSlopeDbPerC: number;
  readonly temperatureC: number;
  /** Loss of light by dirt or a bend, in dB. */
  readonly contaminationDb: number;
}

/** Signal-to-noise ratio of an optic in a condition, in decibels. */
export function opticSnrDb(condition: OpticCondition): number {
  const { preFecBer, snrSlopeDbPerC, temperatureC, contaminationDb } = condition;
  const heat = snrSlopeDbPerC * (temperatureC - REFERENCE_TEMPERATURE_C);
  return pam4SnrDb(preFecBer) - heat - ELECTRICAL_PER_OPTICAL_DB * contaminationDb;
}

/** Bit error ratio before correction of an optic in a condition. */
export function opticBer(condition: OpticCondition): number {
  return pam4Ber(opticSnrDb(condition));
}

const BOLTZMANN_EV_PER_K = 8.617333262e-5;
const KELVIN = 273.15;

/**
 * How much sooner a part fails at one temperature than at another (Arrhenius).
 * @param activationEv 0.35 for random failures, 0.7 for the wear of lasers
 */
export function arrheniusFactor(fromC: number, toC: number, activationEv: number): number {
  const inverse = (celsius: number) => 1 / (celsius + KELVIN);
  return powerOf10(((activationEv / BOLTZMANN_EV_PER_K) * (inverse(fromC) - inverse(toC))) / Math.LN10);
}
