/** Completion of keys and values by the schema. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { type Schema, type Step, schemasAt, valuesOf } from "./schema.js";

/** Stands for what is being written, so that the text around it can be parsed. */
const HERE = "heddlehere";

export function completeBy(schema: Schema) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (/(^|\s)#/.test(before)) return null;
    const word = /[\w.-]*$/.exec(before)![0];
    if (word === "" && !context.explicit && !/[:[{,]\s+$|^\s*(- )?$/.test(before)) return null;
    const from = context.pos - word.length;
    const rest = context.state.doc.sliceString(
      context.pos + /^[\w.-]*/.exec(line.text.slice(before.length))![0].length,
    );
    const options = optionsAt(schema, context.state.doc.sliceString(0, from), rest);
    return options.length === 0 ? null : { from, options, validFor: /^[\w.-]*$/ };
  };
}

/** What may stand between two parts of a text. */
export function optionsAt(schema: Schema, before: string, after: string): Completion[] {
  // A key where one may stand, else a value.
  for (const [here, isKey] of [
    [`${HERE}: 0`, true],
    [HERE, false],
  ] as const) {
    const document = parseDocument(`${before}${here}${after}`, { strict: false, uniqueKeys: false });
    const path = pathOf(document.contents, isKey, []);
    if (path === undefined) continue;
    const known = (at: readonly Step[]) => document.getIn(at);
    const options = isKey
      ? keys(schemasAt(schema, path, known), (key) => document.hasIn([...path, key]))
      : values(schemasAt(schema, path, known));
    if (options.length > 0) return options;
  }
  return [];
}

function keys(schemas: readonly Schema[], isThere: (key: string) => boolean): Completion[] {
  const found = new Map<string, Completion>();
  for (const { properties = {} } of schemas) {
    for (const [label, { description, default: usual }] of Object.entries(properties)) {
      if (found.has(label) || isThere(label)) continue;
      const detail = usual === undefined || typeof usual === "object" ? undefined : `${usual}`;
      found.set(label, {
        ...{ label, type: "property", apply: `${label}: ` },
        ...(detail !== undefined && { detail }),
        ...(description !== undefined && { info: description }),
      });
    }
  }
  return [...found.values()];
}

function values(schemas: readonly Schema[]): Completion[] {
  return valuesOf(schemas).map((label) => ({ label, type: "enum" }));
}

/** Path of the map that the marked key stands in, or of the marked value. */
function pathOf(node: Node | null | unknown, isKey: boolean, path: readonly Step[]): readonly Step[] | undefined {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? `${key.value}` : "";
      if (isKey && name === HERE) return path;
      const found = pathOf(value, isKey, [...path, name]);
      if (found !== undefined) return found;
    }
  } else if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const found = pathOf(item, isKey, [...path, i]);
      if (found !== undefined) return found;
    }
  } else if (!isKey && isScalar(node) && node.value === HERE) return path;
  return undefined;
}
