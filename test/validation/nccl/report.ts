/** The section on NCCL of docs/VALIDATION.md, from runs. */
import { simulate } from "../../../src/api/simulate.js";
import { parseScenario } from "../../../src/scenario/parse/parse.js";
import { ncclChoice } from "../../../src/scenario/tuning/choose.js";
import { hardwareOf } from "../../../src/scenario/tuning/hardware.js";
import { tunedSystem } from "../../../src/scenario/tuning/system.js";
import { type NcclCase, ncclCases } from "./cases.js";

export const HEADING = "## NCCL on real systems";

const INTRODUCTION = `${HEADING}

Published times of nccl-tests, what \`algorithm: auto\` gives with NCCL's protocols, and what NCCL's
own tuning model says. Times in us. No constant of heddle or of the model was fitted to a row. An
error of 0.1 is a time that is 10 % too long.

| system | collective | GPUs | size | measured | heddle | error | by | NCCL's model | error | it takes |
|---|---|---|---|---|---|---|---|---|---|---|
`;

const REASONS = `
What the errors come from:

- Times below some 100 KiB are those of NCCL's model, by construction: the model is off by as much.
- Between 64 KiB and some MiB both are too short: real kernels copy through buffers of slices, which
  neither has.
- On H100 and GB200, NCCL takes NVLS for middle and large sizes, which reduces in the NVSwitch. Where
  heddle runs a ring instead, it moves 2(n-1)/n times the buffer over each link instead of once.
- Rings inside of a node: heddle takes headers off the rate of NVLinks, NCCL counts 82 % of it.
- In a ring of several channels, latencies of one channel pass while another one sends. The model
  adds both up.
`;

/** The section, without an end of line. */
export async function ncclSection(): Promise<string> {
  const rows: string[] = [];
  for (const one of ncclCases()) rows.push(await rowOf(one));
  return `${INTRODUCTION}${rows.join("\n")}\n${REASONS}\nSources: ${sources()}.\n`;
}

async function rowOf({ system, collective, gpus, sizeBytes, measuredUs, topology, links }: NcclCase): Promise<string> {
  const workload = { kind: "collective", collective, algorithm: "auto", size: `${sizeBytes}B` };
  const { scenario } = parseScenario({ topology, links, workload });
  const { jctNs, workload: done } = await simulate(scenario);
  const oursUs = jctNs! / 1000;
  const hardware = hardwareOf(scenario, gpus, (topology as { gpusPerNode: number }).gpusPerNode);
  const model = ncclChoice(collective, tunedSystem(hardware), sizeBytes);
  const how = done.kind === "collective" ? [done.algorithm, done.protocol ?? ""].join(" ").trim() : "";
  const cells = [system, collective, `${gpus}`, sizeText(sizeBytes), digits(measuredUs), digits(oursUs)];
  const beside =
    model === null
      ? ["-", "-", "-"]
      : [digits(model.timeUs), error(model.timeUs, measuredUs), `${model.algorithm} ${model.protocol}`];
  return `| ${[...cells, error(oursUs, measuredUs), how, ...beside].join(" | ")} |`;
}

function error(oursUs: number, measuredUs: number): string {
  const share = oursUs / measuredUs - 1;
  return `${share >= 0 ? "+" : ""}${share.toFixed(2)}`;
}

function digits(us: number): string {
  return us >= 100 ? us.toFixed(0) : us.toFixed(1);
}

function sizeText(bytes: number): string {
  if (bytes >= 2 ** 30) return `${bytes / 2 ** 30} GiB`;
  if (bytes >= 2 ** 20) return `${bytes / 2 ** 20} MiB`;
  return bytes >= 1024 ? `${bytes / 1024} KiB` : `${bytes} B`;
}

function sources(): string {
  const bySource = new Map(ncclCases().map(({ source, system }) => [source, system]));
  const systems = (source: string) => [
    ...new Set(
      ncclCases()
        .filter((one) => one.source === source)
        .map((one) => one.system),
    ),
  ];
  return [...bySource.keys()].map((source) => `${systems(source).join(", ")}: ${source}`).join("; ");
}
