import type { Scenario } from "../../scenario/types/scenario.js";
import type { FabricBuilder } from "./builder.js";
import { levelParameters } from "./link-classes.js";

export interface ScaleUpNodes {
  readonly firstNode: number;
  readonly gpusPerNode: number;
  /** Of each node; a GPU has a port to each. */
  readonly nvSwitches: number;
  /** Scale-up ports of the GPUs of these nodes, in rank order, those of a GPU together. */
  readonly ports: readonly number[];
}

/**
 * Adds the NVSwitches of each node. Their addresses are the GPUs' numbers in the node: they mean
 * nothing elsewhere.
 */
export function addScaleUp(builder: FabricBuilder, scenario: Scenario, nodes: ScaleUpNodes): void {
  const { links, transport } = scenario;
  const { scaleUpLatencyPs: latencyPs, scaleUpBufferBytes: bufferBytes } = scenario.switch;
  const { firstNode, gpusPerNode, nvSwitches, ports } = nodes;
  const linkClass = builder.classes.of(levelParameters("scaleUp", links.scaleUp, transport.mtuBytes));
  const down = { low: 0, high: gpusPerNode, stride: 1, downBase: 0, downWidth: 1 };
  const routing = { kind: "range", ...down, upBase: 0, upCount: 0, pinDivisor: 1 } as const;
  for (let i = 0; i * gpusPerNode * nvSwitches < ports.length; i++) {
    for (let sw = 0; sw < nvSwitches; sw++) {
      const name = `nvswitch-${firstNode + i}${nvSwitches === 1 ? "" : `-${sw}`}`;
      const first = builder.addSwitch({ name, level: "nvswitch", latencyPs, bufferBytes, routing }, gpusPerNode);
      for (let local = 0; local < gpusPerNode; local++) {
        builder.connect(ports[(i * gpusPerNode + local) * nvSwitches + sw]!, first + local, linkClass);
      }
    }
  }
}
