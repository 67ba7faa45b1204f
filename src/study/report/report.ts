/** Results as one page that needs nothing else: to be read, printed, and sent to others. */
import type { ResultDocument } from "../../answer/result/document.js";
import { headlineText } from "../../answer/result/headline-text.js";
import { VERSION } from "../../util/version.js";
import { causes, remarks } from "./causes.js";
import { completionTimes, slowdowns, timelines } from "./charts.js";
import { comparison, type NamedResult } from "./comparison.js";
import { ReportError } from "./errors.js";
import { headline } from "./headline.js";
import { type Content, html, Markup, type Section } from "./html.js";
import { POLICY, STYLE } from "./look.js";
import { cost, links, pauses } from "./network.js";
import { scenario } from "./scenario.js";
import { flows, jobs, program, ranks, training } from "./work.js";

export type { NamedResult } from "./comparison.js";

/** In this order on the page. */
const SECTIONS: readonly ((result: ResultDocument) => Section | Promise<Section>)[] = [
  causes,
  remarks,
  training,
  timelines,
  program,
  jobs,
  slowdowns,
  completionTimes,
  flows,
  ranks,
  links,
  pauses,
  cost,
  scenario,
];

/**
 * The page of one result, or of several with a comparison first. Ends with a newline.
 * @throws ReportError where a result is not whole, ChartError where vega is not installed
 */
export async function reportPage(given: readonly NamedResult[], title?: string): Promise<string> {
  const several = given.length > 1;
  const compared = several ? guarded(given[0]!.name, () => comparison(given)) : null;
  const runs: Content[] = [];
  for (const [i, { name, result }] of given.entries()) runs.push(await runOf(name, result, several ? i + 1 : null));
  const heading = title ?? (several ? `${given.length} runs` : given[0]!.result.scenario.name);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="generator" content="heddle ${VERSION}">
<title>${heading}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${heading}</h1></header>
<main>
${compared && sectionOf(compared)}
${runs}
</main>
<footer><p class="dim">Simulated packet by packet with heddle ${VERSION}.</p></footer>
</body>
</html>
`;
  return page.text;
}

async function runOf(name: string, result: ResultDocument, number: number | null): Promise<Markup> {
  try {
    const sections: Section[] = [];
    for (const section of SECTIONS) sections.push(await section(result));
    const heading = number !== null && html`<h2 id="run-${number}">${name}: ${result.scenario.name}</h2>`;
    return html`<article aria-label="${headlineText(result)}">${heading}${headline(result)}
${sections.map((section) => section && sectionOf(section, number !== null))}</article>`;
  } catch (cause) {
    throw notWhole(name, cause);
  }
}

function sectionOf(section: NonNullable<Section>, isNested = false): Markup {
  const heading = isNested ? html`<h3>${section.title}</h3>` : html`<h2>${section.title}</h2>`;
  return html`<section>${heading}
${section.body}</section>
`;
}

function guarded<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw notWhole(name, cause);
  }
}

/** Results are files, and files may hold anything. */
function notWhole(name: string, cause: unknown): unknown {
  if (!(cause instanceof TypeError || cause instanceof RangeError)) return cause;
  return new ReportError(`${name} is not whole: parts of the result are missing or wrong; run it again`, { cause });
}
