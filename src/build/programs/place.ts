/** Where programs of a job run. */
import type { Fabric } from "../../plan/fabric.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { placed } from "../collective/beside.js";
import type { Site } from "../collective/index.js";
import { wayTimes } from "../collective/way.js";
import { rankLayout } from "../ranks.js";
import { type Site as Network, type NewCommunicator, ProgramBuilder } from "./builder.js";

/** What the programs of all jobs have in common. */
export interface Place {
  readonly builder: ProgramBuilder;
  readonly site: Site;
  readonly network: Network;
}

/** A job that is made of programs. */
export interface JobPlace<W> {
  readonly workload: W;
  /** Number of the job. */
  readonly number: number;
  /** Ranks of the fabric by rank of the job; left out: all ranks. */
  readonly ranks?: readonly number[];
  readonly startPs: number;
}

export function placeOf(scenario: Scenario, fabric: Fabric): Place {
  const layout = rankLayout(scenario.topology, fabric);
  return {
    builder: new ProgramBuilder(),
    site: { scenario, wayPs: wayTimes(fabric, layout, scenario.nic) },
    network: {
      layout,
      fabric,
      qpsPerConnection: scenario.transport.qpsPerConnection,
      isClassed: scenario.dataClasses !== undefined,
    },
  };
}

/** A communicator between ranks of a job, on those of the fabric. */
export function onFabric(
  communicator: NewCommunicator,
  { ranks, number }: Pick<JobPlace<unknown>, "ranks" | "number">,
): NewCommunicator {
  const { schedule } = communicator;
  return { ...communicator, schedule: ranks === undefined ? schedule : placed(schedule, ranks, 0), job: number };
}
