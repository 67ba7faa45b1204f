/** Published clusters: their topology and rates. A cluster is a file here and a row. */
import type { Preset } from "../../types/preset.js";
import { ALIBABA_HPN_7 } from "./alibaba-hpn-7.js";
import { DGX_H100_SUPERPOD } from "./dgx-h100-superpod.js";
import { DRAGONFLY_32K } from "./dragonfly-32k.js";
import { GB200_NVL72 } from "./gb200-nvl72.js";
import { MEGASCALE } from "./megascale.js";
import { META_24K_ROCE } from "./meta-24k-roce.js";
import { RAIL_ONLY_32K } from "./rail-only-32k.js";
import { SPECTRUM_X_100K } from "./spectrum-x-100k.js";

export const CLUSTER_PRESETS: readonly Preset[] = [
  DGX_H100_SUPERPOD,
  GB200_NVL72,
  META_24K_ROCE,
  ALIBABA_HPN_7,
  MEGASCALE,
  SPECTRUM_X_100K,
  RAIL_ONLY_32K,
  DRAGONFLY_32K,
];
