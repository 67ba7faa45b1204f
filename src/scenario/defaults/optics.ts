import { optics } from "../schema/optics.js";
import type { Sections } from "../schema/sections.js";
import type { OpticLines, OpticsParams } from "../types/optics.js";

type Written = Sections["optics"];

/** Left out where nothing is written: what scenarios say has the same digest with and without. */
export function resolveOptics(written: Written): { readonly optics?: OpticsParams } {
  const resolved = paramsOf(written);
  return JSON.stringify(resolved) === JSON.stringify(DEFAULT_OPTICS) ? {} : { optics: resolved };
}

function paramsOf({ temperature, txPower, linkLoss, laser, warning, alarm }: Written): OpticsParams {
  return {
    temperatureC: temperature === undefined ? null : temperature / 1000,
    txPowerDbm: txPower ?? null,
    linkLossDb: linkLoss === undefined ? null : linkLoss / 1000,
    laser:
      laser === undefined
        ? null
        : { biasMa: laser.bias, thresholdMa: laser.threshold, characteristicK: laser.characteristic },
    warning: linesOf(warning),
    alarm: linesOf(alarm),
  };
}

function linesOf({ temperature, preFecBer, rxPower, bias }: Written["alarm"]): OpticLines {
  return { temperatureC: temperature / 1000, preFecBer, rxPowerDbm: rxPower ?? null, biasMa: bias ?? null };
}

/** What holds where a scenario says nothing. */
export const DEFAULT_OPTICS: OpticsParams = paramsOf(optics.parse(undefined));
