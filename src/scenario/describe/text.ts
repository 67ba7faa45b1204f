/** The policies as text for people. */
import { WIDTH, wrap } from "../../util/wrap.js";
import { tableRow } from "./markdown.js";
import type { PolicyDescription, PolicyParameter } from "./policies.js";

/** A page in Markdown, with a table of parameters for each policy. */
export function policiesAsMarkdown(policies: readonly PolicyDescription[]): string {
  const lines = [
    "# Policies",
    "",
    "Every policy that a scenario can choose, with its parameters, their units and defaults, and its source. This page is what",
    "`heddle explain-model --markdown` prints; what the policies do exactly is in [MODEL.md](MODEL.md).",
  ];
  let heading = "";
  for (const policy of policies) {
    const isMechanism = policy.kind === "mechanism";
    const own = isMechanism ? "Mechanisms" : policy.path;
    if (own !== heading) lines.push("", `## ${own}`);
    heading = own;
    lines.push("", `### ${policy.name}`, "", policy.summary, "", `Source: ${policy.source}.`);
    if (isMechanism) lines.push("", `Asked for by \`${policy.path}\`.`);
    if (policy.parameters.length === 0) continue;
    lines.push("", "| parameter | unit | default | |", "|---|---|---|---|");
    for (const parameter of policy.parameters) {
      const cells = [`\`${parameter.path}\``, parameter.unit, defaultOf(parameter), parameter.description];
      lines.push(tableRow(cells));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The same for a terminal. */
export function policiesAsText(policies: readonly PolicyDescription[]): string {
  return policies
    .map((policy) => {
      const parameters = policy.parameters.map((parameter) => [
        `  ${parameter.path.slice(parameter.path.lastIndexOf(".") + 1)}`,
        parameter.unit,
        defaultOf(parameter),
        parameter.description,
      ]);
      const head = [
        `${policy.name}  (${policy.path})`,
        ...indented(policy.summary, 2),
        ...indented(`Source: ${policy.source}.`, 2),
      ];
      return `${[...head, ...aligned(parameters)].join("\n")}\n`;
    })
    .join("\n");
}

function defaultOf(parameter: PolicyParameter): string {
  if (parameter.default === undefined) return "must be given";
  return typeof parameter.default === "object" ? JSON.stringify(parameter.default) : String(parameter.default);
}

/** What descriptions beside a table need of the width to be read well. */
const MIN_BESIDE = 30;

function indented(text: string, indent: number): string[] {
  return wrap(text, WIDTH - indent).map((line) => `${" ".repeat(indent)}${line}`);
}

/**
 * Rows of cells, all columns but the last as wide as their widest cell; the last one beside them,
 * or below where there is no room.
 */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).slice(0, -1).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const left = widths.reduce((sum, width) => sum + width + 2, 0);
  return rows.flatMap((row) => {
    const cells = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column]!));
    const head = cells.join("  ");
    const text = row.at(-1)!;
    if (left > WIDTH - MIN_BESIDE) return [head.trimEnd(), ...(text === "" ? [] : indented(text, 6))];
    const [first, ...others] = indented(text, left);
    return [`${head}  ${first!.slice(left)}`.trimEnd(), ...others];
  });
}
