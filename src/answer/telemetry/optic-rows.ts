/** Rows of optical modules: what they would tell by CMIS at the end of an interval. */
import type { Gauges } from "../../plan/gauges.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { PlanView } from "../ideal/view.js";
import { codewordsOf, type LineStep, Lines, stepBefore } from "../optics/line.js";
import { driftsOf, flagsOf, hasLasers, type ModuleState, opticsOf, readingsAt } from "../optics/modules.js";
import type { TelemetryRow } from "./columns.js";
import type { TelemetryNames } from "./names.js";

interface Module extends ModuleState {
  readonly port: number;
  /** What it receives: the direction that leaves the other end. */
  readonly steps: readonly LineStep[];
}

/** Ends of links whose line has errors at some time of the run, or which drift. */
function modulesOf({ fabric, plan }: PlanView, scenario: Scenario): readonly Module[] {
  const { ofLine, ofModule } = driftsOf(fabric, scenario);
  const lines = new Lines(plan);
  return Array.from(fabric.peerPort).flatMap((peer, port): Module[] => {
    const { level } = fabric.linkClasses[fabric.portClass[port]!]!;
    if (level === "scaleUp") return [];
    const [own, received] = [ofModule.get(port), ofLine.get(peer)];
    const steps = lines.steps(peer, received);
    const isDrifting = own !== undefined || received !== undefined;
    if (!isDrifting && steps.every(({ ber }) => ber === 0)) return [];
    return [{ port, own, received, steps, hasLaser: isDrifting || hasLasers(scenario.links, level) }];
  });
}

export class OpticRows {
  readonly #modules: readonly Module[];
  readonly #optics: ReturnType<typeof opticsOf>;

  constructor(
    private readonly view: PlanView,
    private readonly names: TelemetryNames,
    scenario: Scenario,
  ) {
    this.#modules = modulesOf(view, scenario);
    this.#optics = opticsOf(scenario);
  }

  /** A row of every module, whether anything happened to it or not. */
  *rows(now: Gauges, before: Gauges | undefined): Generator<TelemetryRow> {
    const [fromPs, toPs] = [before?.nowPs ?? 0, now.nowPs];
    for (const module of this.#modules) {
      const { port, steps } = module;
      const peer = this.view.fabric.peerPort[port]!;
      const readings = readingsAt(this.#optics, module, stepBefore(steps, toPs).ber, toPs);
      const codewords = codewordsOf(steps, fromPs, toPs);
      const bins = codewords === undefined ? [] : [...codewords.corrected];
      yield {
        ...{ fromNs: fromPs / 1000, toNs: toPs / 1000, kind: "optic", name: this.names.port(port) },
        // Lost on the way to it.
        droppedCrc: now.ports.droppedCrc[peer]! - (before?.ports.droppedCrc[peer] ?? 0),
        fecSymbolErrors: codewords?.symbolErrors ?? null,
        fecUncorrectable: codewords?.uncorrectable ?? null,
        ...readings,
        ...Object.fromEntries(bins.map((count, errors) => [`fecBin${errors}`, count])),
        flags: flagsOf(this.#optics, readings).join(" ") || null,
      };
    }
  }
}
