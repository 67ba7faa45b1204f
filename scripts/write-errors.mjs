/** Writes docs/reference/errors.md: every error code, from src/util/heddle-error.ts. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const SOURCE = "src/util/heddle-error.ts";
/** Who has to act, and what the command line exits with. */
const KINDS = {
  input: "The input is wrong: a scenario, a file or an option. The command exits with 2.",
  job: "The input is right, and the run did not finish. The command exits with 3.",
  internal: "A fault of heddle itself: please report it. The command exits with 1.",
};

const file = ts.createSourceFile(SOURCE, readFileSync(at(SOURCE), "utf8"), ts.ScriptTarget.Latest, true);
const table = file.statements
  .flatMap((it) => (ts.isVariableStatement(it) ? [...it.declarationList.declarations] : []))
  .find((it) => it.name.getText() === "KINDS");
const codes = [];
const visit = (node) => {
  if (!ts.isPropertyAssignment(node)) return ts.forEachChild(node, visit);
  const text = ts.getJSDocCommentsAndTags(node).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
  codes.push({ code: node.name.getText(), kind: node.initializer.text, text: text.join(" ").replaceAll("\n", " ") });
};
visit(table.initializer);

const lines = [
  "# Error codes",
  "",
  "Every error that heddle throws on purpose has a `code`. Codes are stable, so that programs may test",
  "them; texts are not. This page is written by `npm run docs` from `src/util/heddle-error.ts`.",
  "",
  "The `heddle` command prints the text, and exits with 0 where all went well. It exits with 130 where",
  "it was interrupted.",
  "",
  ...Object.entries(KINDS).flatMap(([kind, text]) => [
    ...[`## ${kind}`, "", text, "", "| code | error |", "|---|---|"],
    ...codes.filter((it) => it.kind === kind).map((it) => `| \`${it.code}\` | ${it.text} |`),
    "",
  ]),
];
writeFileSync(process.argv[2] ?? at("docs/reference/errors.md"), `${lines.join("\n").trimEnd()}\n`);
