/**
 * Every policy and mechanism with its parameters: made from the rows, and from the schema that
 * scenarios are validated by.
 */

import { FAMILIES } from "../../plan/policies/families.js";
import { MECHANISMS, type MechanismRow } from "../../plan/policies/mechanisms.js";
import { type Dimension, quantityPattern } from "../types/units.js";
import { scenarioJsonSchema } from "./json-schema.js";

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
  /** One of several that a field chooses among, or what a run may have besides. */
  readonly kind: "policy" | "mechanism";
  /** Path of the field that chooses it, or asks for it. */
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
  readonly items?: Schema;
}

/** In the order of the registries. */
export function describePolicies(): PolicyDescription[] {
  const root = scenarioJsonSchema() as Schema;
  const policies = Object.keys(FAMILIES).flatMap((path) => {
    const found = schemasAt(root, path.split("."));
    const isWord = found.some((schema) => schema.enum !== undefined);
    return isWord ? words(root, path) : kindsOf(path, found);
  });
  const mechanisms = Object.entries(MECHANISMS)
    .filter(([, { field }]) => !(field in FAMILIES))
    .map(([name, row]) => describeMechanism(root, name, row));
  return [...policies, ...mechanisms];
}

/**
 * The schemas at a path, through every alternative on the way. A list is its items, and a kind of
 * several a step of the path.
 */
function schemasAt(schema: Schema, path: readonly string[]): Schema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.flatMap((one) => schemasAt(one, path));
  if (schema.items !== undefined) return schemasAt(schema.items, path);
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  if (schema.properties?.kind?.const === first) return schemasAt(schema, rest);
  const next = schema.properties?.[first];
  return next === undefined ? [] : schemasAt(next, rest);
}

function words(root: Schema, path: string): PolicyDescription[] {
  return Object.entries(FAMILIES[path]!).map(([name, { sentence, source, parameters = [] }]) => ({
    kind: "policy",
    path,
    name,
    summary: sentence,
    source,
    parameters: parameters.map((field) => parameterAt(root, besides(path, field))),
  }));
}

/** The path of another field of the same section. */
function besides(path: string, field: string): string {
  return `${path.slice(0, path.lastIndexOf("."))}.${field}`;
}

function parameterAt(root: Schema, path: string): PolicyParameter {
  const keys = path.split(".");
  const section = schemasAt(root, keys.slice(0, -1));
  const found = section.find(({ properties }) => properties?.[keys.at(-1)!] !== undefined);
  return parameterOf(path, found?.properties?.[keys.at(-1)!] ?? {});
}

function kindsOf(path: string, found: readonly Schema[]): PolicyDescription[] {
  return found.filter(isKind).map((schema) => {
    const name = String(schema.properties?.kind?.const);
    const { sentence, source } = FAMILIES[path]![name]!;
    return { kind: "policy", path, name, summary: sentence, source, parameters: fieldsOf(path, schema) };
  });
}

/** A parameter for each field of a map, but for those that choose a policy themselves. */
function fieldsOf(path: string, { properties = {} }: Schema): PolicyParameter[] {
  return Object.entries(properties)
    .filter(([field]) => field !== "kind" && !(`${path}.${field}` in FAMILIES))
    .map(([field, value]) => parameterOf(`${path}.${field}`, value));
}

/**
 * Its parameters are the fields of the map that asks for it, or that field, and what lies beside
 * it.
 */
function describeMechanism(root: Schema, name: string, row: MechanismRow): PolicyDescription {
  const { field: path, sentence, source, parameters = [] } = row;
  const map = schemasAt(root, path.split(".")).find(({ properties }) => properties !== undefined);
  const own = map === undefined ? [parameterAt(root, path)] : fieldsOf(path, map);
  const others = parameters.map((field) => parameterAt(root, besides(path, field)));
  return { kind: "mechanism", path, name, summary: sentence, source, parameters: [...own, ...others] };
}

/** A field may also be a plain value, which is no policy. */
function isKind({ properties }: Schema): boolean {
  return properties?.kind !== undefined;
}

function parameterOf(path: string, schema: Schema): PolicyParameter {
  const { description = "" } = schema;
  const unit = unitOf(schema);
  return schema.default === undefined
    ? { path, unit, description }
    : { path, unit, default: schema.default, description };
}

const DIMENSIONS: readonly Dimension[] = ["time", "size", "rate", "length", "temperature", "duration"];

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
