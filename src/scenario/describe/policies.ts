/** Every policy with its parameters: made from the schema that scenarios are validated by. */

import { type Dimension, quantityPattern } from "../types/units.js";
import { scenarioJsonSchema } from "./json-schema.js";
import { POLICY_NOTES } from "./notes.js";

export interface PolicyParameter {
  /** Path in a scenario. */
  readonly path: string;
  /** Dimension of a quantity, else what kind of value it is. */
  readonly unit: string;
  /** As a scenario would state it; undefined where it must be given. */
  readonly default?: unknown;
  readonly description: string;
}

export interface PolicyDescription {
  /** Path of the field that chooses it. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly parameters: readonly PolicyParameter[];
}

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** In the order of the notes. */
export function describePolicies(): PolicyDescription[] {
  const root = scenarioJsonSchema() as Schema;
  return Object.keys(POLICY_NOTES).flatMap((path) => {
    const found = schemasAt(root, path.split("."));
    const isWord = found.some((schema) => schema.enum !== undefined);
    return isWord ? words(root, path, found) : kindsOf(path, found);
  });
}

/** The schemas at a path, through every alternative on the way. */
function schemasAt(schema: Schema, path: readonly string[]): Schema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.flatMap((one) => schemasAt(one, path));
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  const next = schema.properties?.[first];
  return next === undefined ? [] : schemasAt(next, rest);
}

function words(root: Schema, path: string, found: readonly Schema[]): PolicyDescription[] {
  const section = path.slice(0, path.lastIndexOf("."));
  const fields = new Map(
    schemasAt(root, section.split(".")).flatMap(({ properties }) => Object.entries(properties ?? {})),
  );
  const names = [...new Set(found.flatMap((schema) => schema.enum ?? []))];
  return names.map((name) => {
    const { summary = "", source, parameters = [] } = noteOf(path, name);
    return {
      path,
      name,
      summary,
      source,
      parameters: parameters.map((field) => parameterOf(`${section}.${field}`, fields.get(field) ?? {})),
    };
  });
}

function kindsOf(path: string, found: readonly Schema[]): PolicyDescription[] {
  return found.filter(isKind).map((schema) => {
    const properties = schema.properties ?? {};
    const name = String(properties.kind?.const);
    const { summary, source } = noteOf(path, name);
    return {
      path,
      name,
      summary: summary ?? schema.description ?? "",
      source,
      parameters: Object.entries(properties)
        .filter(([field]) => field !== "kind" && !(`${path}.${field}` in POLICY_NOTES))
        .map(([field, value]) => parameterOf(`${path}.${field}`, value)),
    };
  });
}

/** A field may also be a plain value, which is no policy. */
function isKind({ properties }: Schema): boolean {
  return properties?.kind !== undefined;
}

/** @throws Error for a policy that nobody wrote a note on */
function noteOf(path: string, name: string) {
  const note = POLICY_NOTES[path]?.[name];
  if (note === undefined) throw new Error(`${path}: ${name} has no note in scenario/describe/notes.ts`);
  return note;
}

function parameterOf(path: string, schema: Schema): PolicyParameter {
  const { description = "" } = schema;
  const unit = unitOf(schema);
  return schema.default === undefined
    ? { path, unit, description }
    : { path, unit, default: schema.default, description };
}

const DIMENSIONS: readonly Dimension[] = ["time", "size", "rate", "length", "temperature"];

function unitOf({ type, pattern, enum: values, anyOf, properties }: Schema): string {
  if (values !== undefined) return values.join(" | ");
  if (pattern !== undefined) {
    const alternatives = pattern
      .split("|^")
      .slice(1)
      .map((word) => word.slice(0, -1));
    const dimension = DIMENSIONS.find((candidate) => pattern.startsWith(quantityPattern(candidate)));
    return [dimension ?? "text", ...alternatives].join(" | ");
  }
  if (anyOf !== undefined)
    return anyOf.map((one) => (one.const === undefined ? unitOf(one) : String(one.const))).join(" | ");
  if (properties !== undefined) return `{ ${Object.keys(properties).join(", ")} }`;
  return typeof type === "string" ? type : (type ?? ["any"]).join(" | ");
}
