import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { type TelemetryKind, USUAL_KINDS } from "../../answer/telemetry/intervals.js";
import type { Simulation } from "../../api/simulation.js";
import { isFromFile, jobsOf } from "../../scenario/types/workload-kinds.js";
import { withSlowdowns } from "../../study/slowdown/alone.js";
import { captureTo, parseLinks } from "../capture/capture-file.js";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import type { Library } from "../support/library.js";
import {
  addPolicyOption,
  addSetOption,
  addVerboseOption,
  DEFAULT_SNAPSHOT_MS,
  FILE_ARGUMENT,
} from "../support/options.js";
import { checkWritable } from "../support/output.js";
import { addRunningOptions, type RunningOptions, runAndPrint } from "../support/running.js";
import type { SimulateOptions } from "../support/simulate-options.js";
import { checkTraceTarget, parseRanks, writeTrace } from "../support/trace-files.js";
import { tableFormat } from "../telemetry/table-file.js";
import {
  DEFAULT_EVERY_NS,
  parseEveryNs,
  parseKinds,
  type TelemetryFile,
  telemetryTo,
  writeLinks,
} from "../telemetry/telemetry-files.js";

interface RunOptions extends RunningOptions {
  readonly set: readonly string[];
  readonly snapshot?: string;
  readonly policy?: string;
  readonly slowdown?: boolean;
  readonly explain?: boolean;
  readonly trace?: string;
  readonly traceRanks?: readonly number[];
  readonly pauses?: boolean;
  readonly telemetry?: string;
  readonly every?: number;
  readonly telemetryOf?: readonly TelemetryKind[];
  readonly links?: string;
  readonly pcap?: string;
  readonly pcapLinks?: readonly string[];
}

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--explain", "follow the critical path: what every part of the JCT was spent on; takes three runs in all")
    .option(
      "--trace <file>",
      "write what ranks did when, as Chrome JSON for Perfetto; in a folder/ a file for each rank",
    )
    .option("--trace-ranks <list>", "ranks to trace, e.g. 0,8-15 (default: all up to 64, else a sample)", parseRanks)
    .option("--pauses", "trace every pause and wait for credit to its root: ports, flows and times")
    .option(
      "--telemetry <file>",
      "write what ports, switches, NICs and queue pairs do over time; .csv, .ndjson, .parquet, .om (OpenMetrics)",
    )
    .option("--every <time>", "length of an interval of telemetry (default: 10us)", parseEveryNs)
    .option("--telemetry-of <kinds>", "what to tell of, e.g. switch,optic (default: port,switch,nic,qp)", parseKinds)
    .option("--links <file>", "write the totals of all links; the same formats")
    .option("--pcap <file>", "capture links as pcapng, with RoCEv2 headers, for Wireshark; needs --pcap-links")
    .option("--pcap-links <list>", "directions to capture, e.g. 'gpu-0 -> leaf-0,leaf-0 -> gpu-0'", parseLinks)
    .option("--slowdown", "simulate each job alone, too, and tell how much longer it takes beside the others")
    .option("--snapshot <file>", "keep the state of the run in a file, for heddle resume; removed at the end");
  addVerboseOption(addPolicyOption(addSetOption(addRunningOptions(command)))).action(
    (file: string, options: RunOptions) => run(file, options, env),
  );
}

async function run(file: string, options: RunOptions, env: Environment): Promise<void> {
  const { snapshot: path, snapshotEvery } = options;
  checkTogether(options);
  if (options.trace !== undefined) await checkTraceTarget(options.trace);
  if (options.links !== undefined) {
    tableFormat("--links", options.links);
    await checkWritable(options.links);
  }
  if (path !== undefined) await checkFree(path);
  const { scenario, policy: policyFile } = await readScenario(file, options, env);
  if (path !== undefined && isFromFile(scenario.workload)) {
    throw new InputError(
      "--snapshot cannot keep a workload that is in a file; write it in the scenario, or leave it out",
    );
  }
  if (options.slowdown === true && jobsOf(scenario.workload) === undefined) {
    throw new InputError("--slowdown compares jobs with each job alone; the scenario has a workload: write jobs");
  }
  const policy = await policyFile?.source();
  const snapshot = path === undefined ? undefined : { path, everyMs: snapshotEvery ?? DEFAULT_SNAPSHOT_MS };
  const telemetry = await telemetryOf(options, env);
  const { pcap, pcapLinks = [] } = options;
  const capture = pcap === undefined ? undefined : await captureTo(pcap, pcapLinks, sayTo(options, env));
  const simulate = async (library: Library, how: SimulateOptions) => {
    const result = await library.simulate(scenario, {
      ...how,
      ...(policy && { policy }),
      ...recordings(options, env),
      ...(telemetry && { telemetry: telemetry.options }),
      ...(capture && { capture: capture.options, writeCapture: capture.write }),
    });
    await telemetry?.end();
    if (options.slowdown !== true || how.signal?.aborted === true) return result;
    const { keep: _, onEstimate: __, ...again } = how;
    return withSlowdowns(scenario, result, (alone) => library.simulate(alone, { ...again, ...(policy && { policy }) }));
  };
  try {
    await runAndPrint(simulate, options, snapshot, env);
  } finally {
    await telemetry?.abandon();
  }
}

/** What the run is to record beside its result. */
function recordings(options: RunOptions, env: Environment): SimulateOptions {
  const { explain, trace, pauses, links } = options;
  return {
    ...(explain === true && { explain }),
    ...(trace !== undefined && { trace: traceTo(trace, options, env) }),
    ...(pauses === true && { pauses }),
    ...(links !== undefined && { writeLinks: (simulation: Simulation) => writeLinks(simulation, links) }),
  };
}

async function telemetryOf(options: RunOptions, env: Environment): Promise<TelemetryFile | undefined> {
  const { telemetry, every = DEFAULT_EVERY_NS, telemetryOf: kinds = USUAL_KINDS } = options;
  if (telemetry === undefined) return undefined;
  const say = sayTo(options, env);
  if (options.fastForward !== false) say("telemetry looks at all of the run: fast-forward and replicas are off");
  return telemetryTo(telemetry, every, kinds, say);
}

function sayTo({ quiet }: RunOptions, { stderr }: Environment): (text: string) => void {
  return (text) => {
    if (quiet !== true) stderr.write(`heddle: ${text}\n`);
  };
}

function traceTo(path: string, options: RunOptions, env: Environment) {
  const { traceRanks = [] } = options;
  return { ranks: traceRanks, write: (simulation: Simulation) => writeTrace(simulation, path, sayTo(options, env)) };
}

/** Refuses options that do not go together. @throws InputError */
function checkTogether(options: RunOptions): void {
  const {
    snapshot,
    snapshotEvery,
    explain = false,
    trace,
    traceRanks,
    pauses = false,
    telemetry,
    pcap,
    pcapLinks,
  } = options;
  const isKept = snapshot !== undefined;
  const refusals: readonly (readonly [boolean, string])[] = [
    [isKept && explain, "--explain repeats the run, which --snapshot cannot keep; leave one of them out"],
    [isKept && trace !== undefined, "--trace notes what --snapshot cannot keep; leave one of them out"],
    [isKept && telemetry !== undefined, "--telemetry tells of a run from its start to its end; leave --snapshot out"],
    [trace !== undefined && pauses, "--pauses and --trace each record the run; ask for one of them at a time"],
    [traceRanks !== undefined && trace === undefined, "--trace-ranks needs a file to write to: add --trace FILE"],
    [isKept && pauses, "--pauses records the run, which --snapshot cannot keep; leave one of them out"],
    [pauses && explain, "--pauses and --explain each record the run; ask for one of them at a time"],
    [!isKept && snapshotEvery !== undefined, "--snapshot-every needs a file to write to: add --snapshot FILE"],
    [(pcap === undefined) !== (pcapLinks === undefined), "a capture needs both: --pcap FILE.pcapng --pcap-links LIST"],
    [
      pcap !== undefined && (isKept || explain || pauses || trace !== undefined),
      "--pcap records the run by itself; leave --snapshot, --explain, --trace and --pauses out",
    ],
    [
      telemetry === undefined && (options.every !== undefined || options.telemetryOf !== undefined),
      "--every and --telemetry-of need a file to write to: add --telemetry FILE",
    ],
  ];
  const refusal = refusals.find(([applies]) => applies);
  if (refusal !== undefined) throw new InputError(refusal[1]);
}

/** A snapshot that is there may be hours of work. */
async function checkFree(path: string): Promise<void> {
  await checkWritable(path);
  const existing = await stat(path).catch(() => null);
  if (existing === null) return;
  throw new InputError(`${path} is there already; go on from it with heddle resume ${path}, or remove it`);
}
