/** Congestion control in the units of the core: rates in bytes per picosecond. */
import type { DcqcnParams, Scenario } from "../scenario/scenario.js";
import type { CongestionControl, DcqcnControl } from "./congestion.js";

/** Additive and hyper increase where the scenario leaves them open: the paper's 40 Mb/s at 40 Gb/s, and ten times that. */
const ADDITIVE_SHARE = 1 / 1000;
const HYPER_SHARE = 1 / 100;

export function resolveCongestionControl({ transport, topology, links }: Scenario): CongestionControl | null {
  const { congestionControl } = transport;
  if (congestionControl.kind === "none") return null;
  const rateBps =
    topology.kind === "custom"
      ? topology.links.reduce((fastest, link) => Math.max(fastest, link.rateBps), 0)
      : links.access.rateBps;
  return dcqcn(congestionControl, rateBps);
}

function dcqcn(
  { kind, additiveIncreaseBps, hyperIncreaseBps, leastRateBps, ...rest }: DcqcnParams,
  lineBps: number,
): DcqcnControl {
  return {
    kind,
    ...rest,
    clampTarget: rest.clampTarget ? 1 : 0,
    additiveRate: bytesPerPs(additiveIncreaseBps ?? lineBps * ADDITIVE_SHARE),
    hyperRate: bytesPerPs(hyperIncreaseBps ?? lineBps * HYPER_SHARE),
    leastRate: bytesPerPs(leastRateBps),
  };
}

function bytesPerPs(rateBps: number): number {
  return rateBps / 8e12;
}
