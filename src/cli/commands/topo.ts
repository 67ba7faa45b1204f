import { createReadStream } from "node:fs";
import type { Command } from "commander";
import type { ListedLink } from "../../answer/result/list-links.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { formatQuantity } from "../../scenario/types/units.js";
import type { Environment } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { InputError } from "../support/failures.js";
import { readScenario } from "../support/input.js";
import { addSetOption, addVerboseOption, FILE_ARGUMENT } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { jsonOf, printDocument } from "../support/print-document.js";
import { readAll } from "../support/read-all.js";

interface TopoOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly list?: boolean;
  readonly out?: string;
  readonly check?: string;
}

/** A row has some 60 bytes: far more than a fabric has cables. */
const LARGEST_CABLING = 2 ** 28;

export function define(command: Command, env: Environment): void {
  command
    .argument(...FILE_ARGUMENT)
    .option("--list", "list every link with the names of its ends, as faults name them")
    .option(
      "-o, --out <file>",
      "write the fabric to a file: .svg, .png, .graphml, .dot, .json (NetworkX), .csv (cabling), .topo (htsim)",
    )
    .option("--check <cabling.csv>", "compare neighbours that LLDP tells: switch, port, neighbour, port")
    .option("--json", "print one JSON document");
  addVerboseOption(addSetOption(command)).action((file: string, options: TopoOptions) => topo(file, options, env));
}

async function topo(file: string, options: TopoOptions, env: Environment): Promise<void> {
  const [first, second] = (["list", "out", "check"] as const).filter((name) => options[name] !== undefined);
  if (second !== undefined) throw new InputError(`--${first} and --${second} are two tasks; write one of them`);
  if (options.out !== undefined) return writeFabric(file, options.out, options, env);
  const { scenario } = await readScenario(file, options, env);
  if (options.check !== undefined) return check(scenario, options.check, options, env);
  const library = await env.library();
  if (options.list === true) {
    const links = [...library.listLinks(scenario)];
    env.stdout.write(
      options.json === true ? jsonOf(links) : links.map(formatLink).join(""),
      options.json === true ? "json" : "data",
    );
    return;
  }
  const report = library.describeTopology(scenario);
  const color = env.stdout.hasColor;
  printDocument(report, () => `${library.formatTopology(report, { color }).trimEnd()}\n`, options, env);
}

async function writeFabric(file: string, out: string, options: TopoOptions, env: Environment): Promise<void> {
  if (options.json === true)
    throw new InputError("--json goes with the report; for JSON of the graph write --out FILE.json");
  const { EXPORT_ENDINGS, fabricWriter } = await import("../../study/fabric-files/export.js");
  const write = fabricWriter(out);
  if (write === undefined) throw new InputError(`${out}: its ending names no format; there are ${EXPORT_ENDINGS}`);
  await checkWritable(out);
  const { scenario } = await readScenario(file, options, env);
  const { resolvePlan } = await import("../../resolve/resolve.js");
  const text = [...write(resolvePlan(scenario))].join("");
  if (out.toLowerCase().endsWith(".png")) {
    const { renderPng } = await import("../../study/charts/render.js");
    await writeWhole(out, await renderPng(text));
  } else {
    await writeWhole(out, text);
  }
  env.stderr.write(`heddle: ${out} written\n`);
}

async function check(scenario: Scenario, file: string, options: TopoOptions, env: Environment): Promise<void> {
  const advice = "far more than the neighbours of a fabric; name the file of its cabling";
  const [{ readNeighbours }, { intendedCabling }, { checkCabling }, { formatCabling }, { resolvePlan }] =
    await Promise.all([
      import("../../study/cabling/read.js"),
      import("../../study/cabling/intended.js"),
      import("../../study/cabling/check.js"),
      import("../../study/cabling/text.js"),
      import("../../resolve/resolve.js"),
    ]);
  const rows = readNeighbours(await readAll(createReadStream(file), file, LARGEST_CABLING, advice), file);
  const report = checkCabling(rows, intendedCabling(resolvePlan(scenario).plan));
  printDocument(report, () => formatCabling(report, { file, name: scenario.name }), options, env);
  if (report.faults.length > 0) env.setExitCode(ExitCode.Input);
}

/** Tab-separated: for cut, sort and grep. */
function formatLink({ from, to, index, level, rateBps }: ListedLink): string {
  return `${from}\t${to}\t${index}\t${level}\t${formatQuantity("rate", rateBps)}\n`;
}
