/** Modules at the ends of links, and what they tell of themselves (CMIS). */
import { laserBiasMa } from "../../build/physics/laser.js";
import { pam4SnrDb } from "../../build/physics/pam4.js";
import { locateFaults } from "../../build/topology/faults.js";
import { conditionAt } from "../../build/topology/optic-drift.js";
import type { Fabric } from "../../plan/fabric.js";
import { opticRow } from "../../plan/parts/optics.js";
import { DEFAULT_OPTICS } from "../../scenario/defaults/optics.js";
import type { OpticDrift } from "../../scenario/types/faults.js";
import type { OpticLines, OpticsParams } from "../../scenario/types/optics.js";
import type { Links, Scenario } from "../../scenario/types/scenario.js";

/** Faults of optics, by the ports of the fabric. */
export interface Drifts {
  /** By port of a direction: the drift that damages it. */
  readonly ofLine: ReadonlyMap<number, OpticDrift>;
  /** By port of a module: the drift that is its own. It is the module at the fault's `from`. */
  readonly ofModule: ReadonlyMap<number, OpticDrift>;
}

export function driftsOf(fabric: Fabric, { faults }: Pick<Scenario, "faults">): Drifts {
  const [ofLine, ofModule] = [new Map<number, OpticDrift>(), new Map<number, OpticDrift>()];
  for (const located of locateFaults(fabric, faults)) {
    if (!("link" in located) || located.fault.kind !== "optic-drift") continue;
    ofModule.set(located.ports[0]!, located.fault);
    for (const port of located.ports) ofLine.set(port, located.fault);
  }
  return { ofLine, ofModule };
}

/** What a module shows; null for what nothing is known of. */
export interface Readings {
  readonly temperatureC: number | null;
  readonly txBiasMa: number | null;
  readonly txPowerDbm: number | null;
  readonly rxPowerDbm: number | null;
  /** Of the light received, what dirt has taken. */
  readonly rxLossDb: number | null;
  readonly snrDb: number | null;
  readonly preFecBer: number | null;
}

export function opticsOf({ optics = DEFAULT_OPTICS }: Pick<Scenario, "optics">): OpticsParams {
  return optics;
}

/** Whether links of a level end in modules with lasers: those of copper have none. */
export function hasLasers(links: Links, level: string): boolean {
  const optic = links[level as keyof Links]?.optic;
  return optic == null || opticRow(optic).isOptical;
}

/** What readings of a module follow from. */
export interface ModuleState {
  /** The drift of the module itself. */
  readonly own: OpticDrift | undefined;
  /** The drift that damages what it receives. */
  readonly received: OpticDrift | undefined;
  readonly hasLaser: boolean;
}

/** @param ber of what it receives, before correction; 0 for none */
export function readingsAt(optics: OpticsParams, module: ModuleState, ber: number, atPs: number): Readings {
  const { own, received, hasLaser } = module;
  const { txPowerDbm, linkLossDb, laser } = optics;
  const temperatureC = own === undefined ? optics.temperatureC : conditionAt(own, atPs).temperatureC;
  const dirtDb = received === undefined ? null : conditionAt(received, atPs).contaminationDb;
  const isPowerKnown = hasLaser && txPowerDbm !== null && linkLossDb !== null;
  return {
    temperatureC,
    txBiasMa: hasLaser && laser !== null && temperatureC !== null ? laserBiasMa(laser, temperatureC) : null,
    txPowerDbm: hasLaser ? txPowerDbm : null,
    rxPowerDbm: isPowerKnown ? txPowerDbm - linkLossDb - (dirtDb ?? 0) : null,
    rxLossDb: dirtDb,
    ...(ber > 0 ? { snrDb: snrOf(ber), preFecBer: ber } : { snrDb: null, preFecBer: null }),
  };
}

/** The signal-to-noise ratio that goes with a bit error ratio, in dB to four places. */
export function snrOf(ber: number): number {
  return Math.round(pam4SnrDb(ber) * 1e4) / 1e4;
}

/** Lines that readings are beyond: `preFecBer-alarm temperature-warning`; nothing where none is. */
export function flagsOf({ warning, alarm }: OpticsParams, readings: Readings): readonly string[] {
  const [alarms, warnings] = [beyond(alarm, readings), beyond(warning, readings)];
  return [
    ...alarms.map((name) => `${name}-alarm`),
    ...warnings.filter((name) => !alarms.includes(name)).map((name) => `${name}-warning`),
  ];
}

function beyond(lines: OpticLines, { temperatureC, txBiasMa, rxPowerDbm, preFecBer }: Readings): string[] {
  const isHigh = (value: number | null, line: number | null) => value !== null && line !== null && value >= line;
  const isLow = rxPowerDbm !== null && lines.rxPowerDbm !== null && rxPowerDbm <= lines.rxPowerDbm;
  const found = [
    ["preFecBer", isHigh(preFecBer, lines.preFecBer)],
    ["temperature", isHigh(temperatureC, lines.temperatureC)],
    ["txBias", isHigh(txBiasMa, lines.biasMa)],
    ["rxPower", isLow],
  ] as const;
  return found.filter(([, is]) => is).map(([name]) => name);
}
