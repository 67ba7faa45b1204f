/**
 * Writes docs/reference/result.md: every field of a result, from the docstrings of its types.
 * `--check` lists the fields that lack one instead.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const SOURCE = at("src/answer/result/document.ts");

const program = ts.createProgram([SOURCE], {
  ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts"] },
  ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  target: ts.ScriptTarget.ES2022,
});
const checker = program.getTypeChecker();

/** Units by the ends of names. */
const UNITS = [
  [/PerSecond$/, "1/s"],
  [/(Ns|nsPerCall|^ns)$/, "ns"],
  [/Ms$/, "ms"],
  [/Bytes$|^bytes$/, "bytes"],
  [/GBps$/, "GB/s"],
  [/Usd$/, "USD"],
  [/[wW]atts$/, "W"],
  [/(Ratio|[sS]hare|shareOf\w+|efficiency|[uU]tilisation|mfu)$/, "of 1"],
];

function unitOf(name) {
  return UNITS.find(([end]) => end.test(name))?.[1];
}

const OBJECT = ts.TypeFlags.Object | ts.TypeFlags.Intersection;
const isObject = (type) => (type.flags & OBJECT) !== 0 && !checker.isArrayType(type);
const isNull = (type) => (type.flags & ts.TypeFlags.Null) !== 0;

/** The alternatives of a type, null and undefined left out. */
function partsOf(type) {
  const parts = type.isUnion() ? type.types : [type];
  return parts.filter((part) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0);
}

function docOf(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll("\n", " ");
}

/** A docstring's sentence on when a field is there, and the rest. */
function splitDoc(doc) {
  const sentences = doc.split(/(?<=\.) /);
  const isWhen = (sentence) => /^(Present|Absent) /.test(sentence);
  const when = sentences.filter(isWhen).join(" ").replace("Present ", "").replace("Absent", "absent");
  return { when: when.replace(/\.$/, ""), meaning: sentences.filter((it) => !isWhen(it)).join(" ") };
}

function scalarName(type) {
  if ((type.flags & ts.TypeFlags.Unknown) !== 0) return "any";
  if (type.isStringLiteral()) return `\`${type.value}\``;
  if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return `\`${checker.typeToString(type)}\``;
  return (type.flags & ts.TypeFlags.String) !== 0 ? "text" : checker.typeToString(type);
}

function typeName(type) {
  const canBeNull = type.isUnion() && type.types.some(isNull);
  const names = partsOf(type).map((part) => {
    if (checker.isArrayType(part)) return `list of ${typeName(elementOf(part))}`;
    return isObject(part) ? "section" : scalarName(part);
  });
  const unique = [...new Set(names)];
  // TypeScript has a boolean as a union of its two values.
  const isBoolean = unique.includes("`true`") && unique.includes("`false`");
  const shown = isBoolean ? "boolean" : unique.join(unique.every((name) => name.startsWith("`")) ? " " : " or ");
  return canBeNull ? `${shown} or null` : shown;
}

function elementOf(array) {
  return checker.getTypeArguments(array)[0];
}

/** The sections that a value has, itself or as its elements, with the path to their fields. */
function sectionsOf(type, path) {
  return partsOf(type).flatMap((part) => {
    if (checker.isArrayType(part)) return sectionsOf(elementOf(part), `${path}[]`);
    return isObject(part) ? [{ path, type: part }] : [];
  });
}

/** What tells the kinds of a union apart: `collective` of `kind: "collective"`. */
function kindOf(type) {
  const kind = type.getProperty("kind");
  const value = kind === undefined ? undefined : checker.getTypeOfSymbol(kind);
  return value?.isStringLiteral() ? value.value : undefined;
}

/** The fields of all sections of a path, those of one name together. */
function fieldsOf(sections, parentUnit) {
  const byName = new Map();
  for (const { path, type } of sections) {
    for (const symbol of checker.getPropertiesOfType(type)) {
      const key = `${path}.${symbol.name}`.replace(/^\./, "");
      byName.set(key, [...(byName.get(key) ?? []), { symbol, kind: kindOf(type) }]);
    }
  }
  return [...byName].flatMap(([path, found]) => fieldRows(path, found, sections.length, parentUnit));
}

function fieldRows(path, found, kinds, parentUnit) {
  const [{ symbol }] = found;
  const doc = [...new Set(found.map((it) => docOf(it.symbol)))].filter((it) => it !== "").join(" ");
  const split = splitDoc(doc);
  const isOptional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
  const ofKinds = found.length < kinds ? `kind ${found.map(({ kind }) => `\`${kind}\``).join(", ")}` : "";
  const types = found.map((it) => checker.getTypeOfSymbol(it.symbol));
  const unit = unitOf(symbol.name) ?? parentUnit;
  const names = [...new Set(types.map(typeName))];
  const row = {
    ...{ path, type: names.join(names.every((name) => name.startsWith("`")) ? " " : " or "), isOptional },
    unit: types.some((type) => /number/.test(typeName(type))) ? (unit ?? "") : "",
    when: [ofKinds, split.when].filter((it) => it !== "").join("; ") || (isOptional ? "" : "always"),
    meaning: split.meaning || docOfType(types[0]),
  };
  return [
    row,
    ...fieldsOf(
      types.flatMap((type) => sectionsOf(type, path)),
      unit,
    ),
  ];
}

function tableOf(rows) {
  const cells = rows.map(({ path, type, unit, when, meaning }) => [`\`${path}\``, type, unit, when, meaning]);
  const lines = cells.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
  return ["| field | type | unit | when | meaning |", "|---|---|---|---|---|", ...lines, ""];
}

/** What a type itself is said to be: the docstring of its declaration. */
function docOfType(type) {
  const [part] = partsOf(type);
  if (part === undefined) return "";
  if (checker.isArrayType(part)) return docOfType(elementOf(part));
  const symbol = type.aliasSymbol ?? part.aliasSymbol ?? (isObject(part) ? part.symbol : undefined);
  return symbol === undefined ? "" : docOf(symbol);
}

const file = program.getSourceFile(SOURCE);
const root = file.statements.find((it) => ts.isInterfaceDeclaration(it) && it.name.text === "ResultDocument");
const rows = fieldsOf([{ path: "", type: checker.getTypeAtLocation(root) }]);
const lacking = rows.filter((row) => row.meaning === "" || row.when === "");
if (process.argv[2] === "--check") {
  process.stdout.write(lacking.map(({ path, when }) => `${path}${when === "" ? " (when?)" : ""}\n`).join(""));
  process.exit(lacking.length === 0 ? 0 : 1);
}

/** Fields of one top-level name: a section of the page where they are several. */
const groups = new Map();
for (const row of rows) {
  const [name] = /^\w+/.exec(row.path);
  groups.set(name, [...(groups.get(name) ?? []), row]);
}
const single = [...groups.values()].filter((group) => group.length === 1).flat();
const lines = [
  "# Fields of a result",
  "",
  "What `heddle run --json`, `--out` and `simulate` return, schema `heddle.result/1`. Written by",
  "`npm run docs` from the docstrings of `src/answer/result/document.ts`. [RESULTS](../RESULTS.md) says",
  "how times are counted, and how a completion time is explained.",
  "",
  "The fields `startNs`, `finishNs`, `fromNs`, `toNs`, `endNs` and `simulatedNs` are instants. They",
  'count from the start of the simulation. All other times are durations. A share "of 1" of 0.25 is',
  '25 %. A field of a section that is there "always" is there whenever the section is.',
  "",
  "## The result itself",
  "",
  ...tableOf(single),
  ...[...groups]
    .filter(([, group]) => group.length > 1)
    .flatMap(([name, group]) => [`## ${name}`, "", ...tableOf(group)]),
];
writeFileSync(process.argv[2] ?? at("docs/reference/result.md"), `${lines.join("\n").trimEnd()}\n`);
