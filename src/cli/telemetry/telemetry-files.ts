/** Files of telemetry, and of the totals of all links. */
import { InvalidArgumentError } from "commander";
import { LINK_TABLE, telemetryTable } from "../../answer/telemetry/columns.js";
import { TELEMETRY_KINDS, type TelemetryKind } from "../../answer/telemetry/intervals.js";
import { duration } from "../../answer/text/units.js";
import type { Simulation } from "../../api/simulation.js";
import type { TelemetryOptions } from "../../api/telemetry.js";
import { parseQuantity } from "../../scenario/types/units.js";
import { TableFile, tableFormat } from "./table-file.js";

/** Length of an interval where nothing is said. */
export const DEFAULT_EVERY_NS = 10_000;

/** A time of the simulation, from 1 ps. Throws InvalidArgumentError. */
export function parseEveryNs(text: string): number {
  const parsed = parseQuantity("time", text);
  if (parsed.ok && parsed.value >= 1) return parsed.value / 1000;
  throw new InvalidArgumentError("Write a time of the simulation, e.g. --every 10us.");
}

/** Throws InvalidArgumentError. */
export function parseKinds(text: string): readonly TelemetryKind[] {
  const names = text.split(",").map((name) => name.trim());
  return names.map((name) => {
    const kind = TELEMETRY_KINDS.find((each) => name === each || name === `${each}s` || name === `${each}es`);
    if (kind === undefined) throw new InvalidArgumentError(`Write some of ${TELEMETRY_KINDS.join(", ")}.`);
    return kind;
  });
}

/** Telemetry of a run that goes to a file. */
export interface TelemetryFile {
  readonly options: TelemetryOptions;
  /** The run is over: the file is finished. */
  end(): Promise<void>;
  /** Where the run has not come to its end there is no file. */
  abandon(): Promise<void>;
}

/** @throws InputError where the file cannot be written */
export async function telemetryTo(
  path: string,
  everyNs: number,
  kinds: readonly TelemetryKind[],
  say: (text: string) => void,
): Promise<TelemetryFile> {
  const { rowsPerLength } = tableFormat("--telemetry", path);
  const file = await TableFile.open("--telemetry", path, telemetryTable(kinds.includes("optic")));
  return {
    options: {
      ...{ everyNs, kinds, onRows: (rows) => file.write(rows) },
      ...(rowsPerLength !== undefined && { rowsPerLength }),
      onLonger: (longerNs, fromNs) =>
        say(`telemetry: from ${duration(fromNs)} on a row every ${duration(longerNs)}, to keep the file small`),
    },
    end: () => file.end(),
    abandon: () => file.abandon(),
  };
}

/** Writes what every link did. @throws InputError */
export async function writeLinks(simulation: Simulation, path: string): Promise<void> {
  const file = await TableFile.open("--links", path, LINK_TABLE);
  try {
    file.write(simulation.links());
    await file.end();
  } catch (cause) {
    await file.abandon();
    throw cause;
  }
}
