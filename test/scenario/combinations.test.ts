import { describe, expect, it } from "vitest";
import type { Choice } from "../../src/plan/policies/combinations.js";
import { CONGESTION_CONTROL, type ControlName } from "../../src/plan/policies/congestion-control.js";
import { RECOVERIES } from "../../src/plan/policies/recovery.js";
import { ROUTING, ROUTING_POLICIES } from "../../src/plan/policies/routing.js";
import { clashesOf } from "../../src/scenario/describe/combinations.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { ScenarioError } from "../../src/scenario/types/errors.js";

const CONTROLS = Object.keys(CONGESTION_CONTROL) as ControlName[];
const BUFFERS = [
  { flowControl: "pfc", trim: false },
  { flowControl: "credit", trim: false },
  { flowControl: "none", trim: false },
  { flowControl: "none", trim: true },
] as const;
/** With one lane, as more of them have a rule of their own about acknowledgements. */
const DRAGONFLY = { kind: "dragonfly", gpusPerNode: 1, dragonfly: { a: 2, p: 1, h: 1, groups: 3, lanes: 1 } } as const;
const THRESHOLDS = { kmin: "400KB", kmax: "1600KB", pmax: 0.2 };

/** Every combination of settings that the page docs/COMBINATIONS.md tells apart. */
function choices(policy: (typeof ROUTING_POLICIES)[number]): Choice[] {
  return RECOVERIES.flatMap((recovery) =>
    CONTROLS.flatMap((congestionControl) =>
      BUFFERS.flatMap((buffer) =>
        (["control", "data"] as const).flatMap((ackClass) =>
          (["auto", "off", "thresholds"] as const).map((marking) => ({
            ...{ routing: policy, recovery, congestionControl, ...buffer, ackClass, marking },
            ...({ window: "limited", stalls: false } as const),
          })),
        ),
      ),
    ),
  );
}

function expectAsListed(choice: Choice): void {
  const clashes = clashesOf(choice);
  const refused = clashes.some(({ clash }) => clash.refused);
  const { refused: isRefused, said } = parse(choice);
  expect([choice, isRefused]).toEqual([choice, refused]);
  for (const { clash, reason } of clashes) {
    if (clash.refused === refused) expect(said).toContainEqual(expect.stringContaining(reason));
  }
}

/** The messages of faults, or of warnings where there are none. */
function parse(choice: Choice) {
  const { routing, recovery, flowControl, trim, congestionControl, ackClass, marking, window, stalls } = choice;
  const document = {
    version: 1,
    topology: ROUTING[routing].detours ? DRAGONFLY : { kind: "leaf-spine", gpus: 32, radix: 8 },
    wire: { ackClass },
    routing: { policy: routing },
    flowControl: { kind: flowControl, ...(flowControl === "none" && { trim }) },
    ecn: marking === "thresholds" ? THRESHOLDS : marking,
    transport: {
      kind: "roce",
      recovery,
      window: window === "limited" ? "4MiB" : window,
      congestionControl: { kind: congestionControl },
    },
    workload: { kind: "collective", size: "64KiB" },
    faults: stalls ? [{ kind: "nic-stall", host: "gpu-3" }] : [],
  };
  try {
    return { refused: false, said: parseScenario(document).warnings.map(({ message }) => message) };
  } catch (error) {
    if (error instanceof ScenarioError) return { refused: true, said: error.issues.map(({ message }) => message) };
    throw error;
  }
}

describe("what goes with what", () => {
  it.each(ROUTING_POLICIES)("is what happens to scenarios with %s routing", (policy) => {
    for (const choice of choices(policy)) expectAsListed(choice);
  });

  it("is what happens to windows and NICs that stall", () => {
    for (const choice of choices("ecmp")) {
      if (choice.ackClass === "data" || choice.marking !== "auto") continue;
      for (const stalls of [false, true]) {
        for (const window of ["limited", "unlimited"] as const) expectAsListed({ ...choice, stalls, window });
      }
    }
  });
});
