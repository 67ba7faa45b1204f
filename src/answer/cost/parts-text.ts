/** The list of parts as text and as a page: made from their rows. */
import { NIC_BOXES, type NicBox, SWITCH_BOXES, type SwitchBox } from "../../plan/parts/boxes.js";
import { OPTICS, type OpticRow, type OpticVariant } from "../../plan/parts/optics.js";
import type { Range } from "../../plan/parts/part.js";
import { WIDTH, wrap } from "../../util/wrap.js";
import { bytes, digits, duration } from "../text/units.js";
import { rateName } from "./bill.js";

export interface Parts {
  readonly optics: readonly OpticRow[];
  readonly switches: readonly SwitchBox[];
  readonly nics: readonly NicBox[];
}

export function allParts(): Parts {
  return { optics: OPTICS, switches: SWITCH_BOXES, nics: NIC_BOXES };
}

/** One part under the other: what it is, its figures, where they come from. */
export function partsAsText({ optics, switches, nics }: Parts): string {
  const blocks = [
    ...optics.map((row) => block(row, [...row.variants.map(variantText), ...opticFacts(row)])),
    ...switches.map((box) => block(box, [switchText(box)])),
    ...nics.map((box) => block(box, [nicText(box)])),
  ];
  return `${blocks.join("\n")}`;
}

function block(
  { name, sentence, source }: { name: string; sentence: string; source: string },
  facts: string[],
): string {
  const lines = [...wrap(`${name}: ${sentence}`, WIDTH), ...facts.map((fact) => `  ${fact}`)];
  const sources = wrap(`Sources: ${source}`, WIDTH - 2).map((each) => `  ${each}`);
  return [...lines, ...sources].map((each) => `${each}\n`).join("");
}

function variantText({ rateBps, laneBps, reachMm, watts, usd, fibres }: OpticVariant): string {
  const lanes = `${rateBps / laneBps} x ${rateName(laneBps)}`;
  const cells = [rateName(rateBps).padEnd(5), lanes.padEnd(9), reachName(reachMm).padStart(7)];
  const light = fibres === 0 ? "" : `, ${fibres} fibres`;
  return `${cells.join("  ")}, ${figures(watts)} W an end, ${figures(usd)} USD${light}`;
}

function opticFacts({ form, isOptical, preFecBer, snrSlopeDbPerC, annualFailures }: OpticRow): string[] {
  const heat = isOptical ? `, ${snrSlopeDbPerC} dB lost per degree above` : "";
  const priced = form === "cable" ? "Prices are of a cable." : "Prices are of one module; a link has two.";
  return [
    `Bit error ratio before correction at 25 C: ${preFecBer}${heat}.`,
    `Ends that fail in a year: ${figures(percents(annualFailures))} %. ${priced}`,
  ];
}

function switchText({ ports, latencyPs, bufferBytes, watts, usd, annualFailures }: SwitchBox): string {
  const size = `${ports}, ${duration(latencyPs / 1000)}, ${bytes(bufferBytes)}`;
  return `${size}, ${figures(watts)} W, ${figures(usd)} USD, ${figures(percents(annualFailures))} % fail in a year`;
}

function nicText({ latencyPs, watts, usd, annualFailures }: NicBox): string {
  const fail = `${figures(percents(annualFailures))} % fail in a year`;
  return `${duration(latencyPs / 1000)} each way, ${figures(watts)} W, ${figures(usd)} USD, ${fail}`;
}

/** Tables for a page of the documentation. */
export function partsAsMarkdown({ optics, switches, nics }: Parts): string {
  const sections = [
    section(
      "Ends of links",
      ["part", "rate", "lanes", "reach", "W an end", "USD", "fibres", "BER", "dB/C", "fail/year"],
      optics.flatMap((row) => row.variants.map((variant, i) => opticCells(row, variant, i === 0))),
      optics,
    ),
    section(
      "Switches",
      ["part", "ports", "latency", "buffer", "W", "USD", "fail/year"],
      switches.map((box) => [
        ...[`\`${box.name}\``, box.ports, duration(box.latencyPs / 1000), bytes(box.bufferBytes)],
        ...[figures(box.watts), figures(box.usd), `${figures(percents(box.annualFailures))} %`],
      ]),
      switches,
    ),
    section(
      "NICs",
      ["part", "latency each way", "W", "USD", "fail/year"],
      nics.map(({ name, latencyPs, watts, usd, annualFailures }) => [
        ...[`\`${name}\``, duration(latencyPs / 1000), figures(watts)],
        ...[figures(usd), `${figures(percents(annualFailures))} %`],
      ]),
      nics,
    ),
  ];
  return `${PAGE_HEAD}\n${sections.join("\n")}`;
}

const PAGE_HEAD = `# Parts

What \`heddle cost\`, \`links.*.optic\` and \`heddle availability\` know of parts. The page is made from
the rows in \`src/plan/parts\` (\`npm run docs\`).

- Prices of cables are of the whole cable. Those of modules are of one module; a link has two.
- A link takes the smallest variant of its part that has the link's rate. A written part that is
  not made for the rate, or does not reach, is refused. \`optic: auto\` takes the cheapest part that
  reaches, but for \`lpo\` and \`cpo\`, which not every switch takes.
- BER: bit error ratio before correction of a good part at 25 C. dB/C: what its signal-to-noise
  ratio loses per degree above. No publication gives one figure for all modules; both are defaults.
- Ranges are what sources give. A figure without a publication is called an estimate.
`;

function opticCells(row: OpticRow, variant: OpticVariant, isFirst: boolean): string[] {
  const { rateBps, laneBps, reachMm, watts, usd, fibres } = variant;
  const common = isFirst
    ? [`${row.preFecBer}`, `${row.snrSlopeDbPerC}`, `${figures(percents(row.annualFailures))} %`]
    : ["", "", ""];
  return [
    ...[isFirst ? `\`${row.name}\`` : "", rateName(rateBps), `${rateBps / laneBps} x ${rateName(laneBps)}`],
    ...[reachName(reachMm), figures(watts), figures(usd), fibres === 0 ? "" : `${fibres}`],
    ...common,
  ];
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  parts: readonly { name: string; sentence: string; source: string }[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const table = [head, head.map(() => "---"), ...rows].map(line).join("");
  const notes = parts.map(({ name, sentence, source }) =>
    wrap(`- \`${name}\`: ${sentence} ${source}`, 98)
      .map((each, i) => `${i === 0 ? "" : "  "}${each}\n`)
      .join(""),
  );
  return `## ${title}\n\n${table}\n${notes.join("")}`;
}

function figures({ low, high }: Range): string {
  return low === high ? number(low) : `${number(low)}-${number(high)}`;
}

function number(value: number): string {
  return value >= 1000 ? `${Math.round(value)}` : `${Number(digits(value))}`;
}

function percents({ low, high }: Range): Range {
  return { low: low * 100, high: high * 100 };
}

/** `500 m`, `2 km`. */
function reachName(mm: number): string {
  const metres = mm / 1000;
  return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}
