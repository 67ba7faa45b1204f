/** What drifting optics did, and how long before the first lost frame they gave warning. */

import { conditionAt } from "../../build/topology/optic-drift.js";
import type { Outcome } from "../../plan/outcome.js";
import type { OpticDrift } from "../../scenario/types/faults.js";
import type { OpticsParams } from "../../scenario/types/optics.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { PlanView } from "../ideal/view.js";
import { codewordsOf, crossingPs, type LineStep, Lines } from "../optics/line.js";
import { driftsOf, opticsOf, snrOf } from "../optics/modules.js";
import { linkName } from "../text/names.js";
import type { OpticResult } from "./document-network.js";

/** Directions that are listed, those with most errors first. */
const MAX_LISTED = 50;

/** Undefined where no optic drifts. */
export function opticResults(view: PlanView, scenario: Scenario, outcome: Outcome): readonly OpticResult[] | undefined {
  const { ofLine } = driftsOf(view.fabric, scenario);
  if (ofLine.size === 0) return undefined;
  const [lines, optics] = [new Lines(view.plan), opticsOf(scenario)];
  const worst = [...ofLine]
    .map(([port, drift]): Line => {
      const steps = lines.steps(port, drift);
      return { port, drift, steps, worst: worstOf(steps, outcome.endPs) };
    })
    .sort((a, b) => b.worst.ber - a.worst.ber)
    .slice(0, MAX_LISTED);
  return worst.map((line) => opticResult(view, line, optics, outcome));
}

interface Line {
  readonly port: number;
  readonly drift: OpticDrift;
  readonly steps: readonly LineStep[];
  /** The step with most errors up to the end of the run, the first such. */
  readonly worst: LineStep;
}

function worstOf(steps: readonly LineStep[], endPs: number): LineStep {
  return steps.filter(({ fromPs }) => fromPs <= endPs).reduce((a, b) => (b.ber > a.ber ? b : a));
}

function opticResult(view: PlanView, line: Line, optics: OpticsParams, { ports, endPs }: Outcome): OpticResult {
  const { port, drift, steps, worst } = line;
  const codewords = codewordsOf(steps, 0, endPs);
  const [warningPs, alarmPs] = [optics.warning, optics.alarm].map(({ preFecBer }) =>
    crossingPs(steps, preFecBer, endPs),
  );
  const firstLossPs = ports.firstCrcPs[port]! > 0 ? ports.firstCrcPs[port]! : undefined;
  const ns = (ps: number | undefined) => (ps === undefined ? null : ps / 1000);
  return {
    link: linkName(view, port),
    temperatureC: conditionAt(drift, worst.fromPs).temperatureC,
    snrDb: snrOf(worst.ber),
    preFecBer: worst.ber,
    fecHistogram: [...(codewords?.corrected ?? [])],
    uncorrectable: codewords?.uncorrectable ?? 0,
    lostFrames: ports.droppedCrc[port]!,
    warningNs: ns(warningPs),
    alarmNs: ns(alarmPs),
    firstLossNs: ns(firstLossPs),
    leadNs: firstLossPs === undefined || alarmPs === undefined ? null : (firstLossPs - alarmPs) / 1000,
  };
}
