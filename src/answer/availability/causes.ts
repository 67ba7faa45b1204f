/** What interrupts a job, and how often: published rates, parts of the network, unstable links. */
import { linkGroups } from "../../build/topology/link-groups.js";
import type { Fabric } from "../../plan/fabric.js";
import { failureRates } from "../../plan/failures/rates.js";
import { nicBoxFor, switchBoxFor } from "../../plan/parts/boxes.js";
import { opticRow } from "../../plan/parts/optics.js";
import { middleOf } from "../../plan/parts/part.js";
import type { AvailabilityParams } from "../../scenario/types/availability.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { capacityOf } from "../cost/bill.js";

export interface InterruptionCause {
  readonly cause: string;
  readonly perHour: number;
  readonly isNetwork: boolean;
}

const HOURS_PER_YEAR = 8766;

/** Causes, the most frequent first; those that never happen are left out. */
export function interruptionCauses(
  scenario: Scenario,
  fabric: Fabric,
  availability: AvailabilityParams,
): InterruptionCause[] {
  const { rates, network, unstableLinks } = availability;
  const { perGpuHour, networkCauses } = failureRates(rates);
  const published = Object.entries(perGpuHour).map(([cause, rate]) => ({
    cause,
    perHour: rate * fabric.rankCount,
    isNetwork: networkCauses.includes(cause),
  }));
  const fromParts = network === "parts";
  return [
    ...published.filter(({ isNetwork }) => !(fromParts && isNetwork)),
    ...(fromParts ? partCauses(scenario, fabric, availability) : []),
    {
      cause: "unstable links",
      perHour: unstableLinks.count * unstableLinks.flapsPerHour * unstableLinks.fatalShare,
      isNetwork: true,
    },
  ]
    .filter(({ perHour }) => perHour > 0)
    .sort((a, b) => b.perHour - a.perHour);
}

/** By the shares of parts that fail in a year, in the middle of their ranges. */
function partCauses(
  scenario: Scenario,
  fabric: Fabric,
  { fatalShare, opticFailures }: AvailabilityParams,
): InterruptionCause[] {
  const byCause = new Map<string, number>();
  const add = (cause: string, failuresPerYear: number) => {
    byCause.set(cause, (byCause.get(cause) ?? 0) + failuresPerYear / HOURS_PER_YEAR);
  };
  for (const { level, count, optic } of linkGroups(scenario, fabric)) {
    if (level === "scaleUp" || optic === null) continue;
    // The other links of a leaf take over, but nothing takes over for a NIC's own.
    const share = level === "access" ? 1 : fatalShare;
    const { isOptical, annualFailures } = opticRow(optic);
    const perYear = isOptical ? (opticFailures ?? middleOf(annualFailures)) : middleOf(annualFailures);
    add(`${optic} ends`, 2 * count * perYear * share);
  }
  for (const { device, level } of fabric.switches) {
    const box = level === "nvswitch" ? undefined : switchBoxFor(capacityOf(fabric, device));
    if (box !== undefined) add("switches", middleOf(box.annualFailures) * (level === "leaf" ? 1 : fatalShare));
  }
  const { nics, linkClasses, portClass } = fabric;
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 1) continue;
    const { rateBps } = linkClasses[portClass[nics.port[nic]!]!]!;
    add("NICs", middleOf(nicBoxFor(rateBps).annualFailures));
  }
  return [...byCause].map(([cause, perHour]) => ({ cause, perHour, isNetwork: true }));
}
