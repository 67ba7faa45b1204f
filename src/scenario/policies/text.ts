/** The policies as text for people. */
import type { PolicyDescription, PolicyParameter } from "./describe.js";

/** A page in Markdown, with a table of parameters for each policy. */
export function policiesAsMarkdown(policies: readonly PolicyDescription[]): string {
  const lines = [
    "# Policies",
    "",
    "Every policy that a scenario can choose, with its parameters, their units and defaults, and its source. This page is what",
    "`heddle explain-model --markdown` prints; what the policies do exactly is in [MODEL.md](MODEL.md).",
  ];
  let path = "";
  for (const policy of policies) {
    if (policy.path !== path) lines.push("", `## ${policy.path}`);
    path = policy.path;
    lines.push("", `### ${policy.name}`, "", policy.summary, "", `Source: ${policy.source}.`);
    if (policy.parameters.length === 0) continue;
    lines.push("", "| parameter | unit | default | |", "|---|---|---|---|");
    for (const parameter of policy.parameters) {
      const cells = [`\`${parameter.path}\``, parameter.unit, defaultOf(parameter), parameter.description];
      lines.push(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
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
      const head = [`${policy.name}  (${policy.path})`, `  ${policy.summary}`, `  Source: ${policy.source}.`];
      return `${[...head, ...aligned(parameters)].join("\n")}\n`;
    })
    .join("\n");
}

function defaultOf(parameter: PolicyParameter): string {
  if (parameter.default === undefined) return "must be given";
  return typeof parameter.default === "object" ? JSON.stringify(parameter.default) : String(parameter.default);
}

/** Rows of cells, all columns but the last as wide as their widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
