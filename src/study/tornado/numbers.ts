/**
 * Every number that a scenario could state, by the schema that it is validated by: with the value
 * that it has, stated or by default.
 */

import { scenarioJsonSchema } from "../../scenario/describe/json-schema.js";
import { type Dimension, parseQuantity, quantityPattern } from "../../scenario/types/units.js";
import { formatPath, type Path } from "../../util/document-path.js";

/** A quantity; or a plain number: a whole one, any, or a ratio of small whole ones. */
export type NumberKind = Dimension | "whole" | "real" | "ratio";

export interface NumericField {
  readonly path: Path;
  /** `links.access.rate`. */
  readonly name: string;
  readonly kind: NumberKind;
  /** In base units; null where there is a word in its place, or nothing. */
  readonly value: number | null;
  /** `auto`, `unlimited`, `off`; null where there is nothing. */
  readonly word: string | null;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const DIMENSIONS: readonly Dimension[] = ["time", "size", "rate", "length", "temperature"];

/**
 * The numbers of a scenario, in the order of the schema.
 * @param document a valid scenario over its presets, as plain data
 */
export function numericFields(document: unknown): NumericField[] {
  return [...walk(scenarioJsonSchema() as Schema, document, [])];
}

function* walk(schema: Schema, given: unknown, path: Path): Generator<NumericField> {
  const value = given === undefined ? schema.default : given;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    const chosen = alternatives.find((one) => admits(one, value));
    const numeric = alternatives.find(isNumeric);
    if (chosen === undefined) return;
    if (chosen.const !== undefined && numeric !== undefined) yield fieldOf(numeric, value, path);
    else yield* walk(chosen, value, path);
  } else if (schema.properties !== undefined) {
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(schema.properties)) {
      yield* walk(child, (value as Record<string, unknown>)[key], [...path, key]);
    }
  } else if (schema.items !== undefined) {
    if (!Array.isArray(value)) return;
    for (const [i, item] of value.entries()) yield* walk(schema.items, item, [...path, i]);
  } else if (isNumeric(schema)) {
    yield fieldOf(schema, value, path);
  }
}

function admits(schema: Schema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (schema.properties !== undefined) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const kind = schema.properties.kind?.const;
    const given = (value as { kind?: unknown }).kind;
    return kind === undefined || given === undefined || kind === given;
  }
  return typeOf(value).some((type) => schema.type === type || schema.type?.includes(type));
}

function typeOf(value: unknown): string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  return Number.isInteger(value) ? ["integer", "number"] : [typeof value];
}

function isNumeric(schema: Schema): boolean {
  return kindOf(schema) !== null;
}

function kindOf({ type, pattern, const: only }: Schema): NumberKind | null {
  if (only !== undefined) return null;
  if (type === "integer") return "whole";
  if (type === "number") return "real";
  if (Array.isArray(type) && type.includes("number")) return "ratio";
  return DIMENSIONS.find((dimension) => pattern?.startsWith(quantityPattern(dimension))) ?? null;
}

function fieldOf(schema: Schema, given: unknown, path: Path): NumericField {
  const kind = kindOf(schema)!;
  const value = numberOf(kind, given);
  const word = value === null && typeof given === "string" ? given : null;
  return { path, name: formatPath(path), kind, value, word };
}

function numberOf(kind: NumberKind, value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  if (kind === "ratio") {
    const [numerator, denominator = "1"] = value.split("/");
    return Number(numerator) / Number(denominator);
  }
  if (kind === "whole" || kind === "real") return null;
  const parsed = parseQuantity(kind, value);
  return parsed.ok ? parsed.value : null;
}
