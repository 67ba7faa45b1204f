/**
 * Published settings of DCQCN. Rates are for the speed that the source names; at another speed,
 * scale them with it.
 */
import type { Preset } from "../types/preset.js";

function dcqcn(name: string, description: string, parameters: object, ecn: object): Preset {
  return {
    name: `dcqcn.${name}`,
    description,
    settings: { ecn, transport: { kind: "roce", congestionControl: { kind: "dcqcn", ...parameters } } },
  };
}

/**
 * Rules of the HPCC simulator for ns-3: notified by every marked packet, in periods, and the rate
 * is increased by a timer alone.
 */
const HPCC_RULES = {
  cnpInterval: "1ps",
  gain: 1 / 256,
  initialAlpha: 1,
  alphaPeriod: "1us",
  decreaseInterval: "4us",
  byteCounter: "off",
  // Its 1 counts expiries before this one.
  fastRecovery: 2,
  clampTarget: false,
  minRate: "100Mbps",
  variant: "nic",
};

export const DCQCN_PRESETS: readonly Preset[] = [
  dcqcn(
    "paper",
    "DCQCN as in its paper (SIGCOMM 2015), for 40 Gb/s.",
    {
      cnpInterval: "50us",
      gain: 1 / 256,
      initialAlpha: 1,
      alphaPeriod: "55us",
      decreaseInterval: "50us",
      timer: "55us",
      byteCounter: "10MB",
      fastRecovery: 5,
      additiveIncrease: "40Mbps",
      hyperIncrease: "400Mbps",
      clampTarget: true,
    },
    { kmin: "5KB", kmax: "200KB", pmax: 0.01 },
  ),
  dcqcn(
    "nvidia",
    "DCQCN with the defaults of NVIDIA's NIC firmware.",
    {
      cnpInterval: "4us",
      gain: 5 / 1024,
      initialAlpha: 1023 / 1024,
      alphaPeriod: "1us",
      decreaseInterval: "4us",
      timer: "300us",
      byteCounter: "2097088B",
      fastRecovery: 1,
      additiveIncrease: "5Mbps",
      hyperIncrease: "50Mbps",
      clampTarget: false,
      minRate: "1Mbps",
    },
    { kmin: "400KB", kmax: "1600KB", pmax: 0.2 },
  ),
  dcqcn(
    "hpcc-400g",
    "DCQCN as the HPCC simulator for ns-3 sets it, for 400 Gb/s.",
    { ...HPCC_RULES, timer: "300us", additiveIncrease: "80Mbps", hyperIncrease: "800Mbps" },
    { kmin: "1600KB", kmax: "6400KB", pmax: 0.2, rate: "400Gbps", at: "dequeue" },
  ),
  dcqcn(
    "simai-400g",
    "DCQCN as SimAI sets it, for 400 Gb/s.",
    { ...HPCC_RULES, timer: "900us", additiveIncrease: "50Mbps", hyperIncrease: "100Mbps" },
    { kmin: "800KB", kmax: "3200KB", pmax: 0.2, at: "dequeue" },
  ),
];
