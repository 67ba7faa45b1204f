/**
 * The kinds of field that scenarios are made of: zod types whose messages say what would be right.
 */

import { z } from "zod";
import { showKey } from "../../util/document-path.js";
import { didYouMean } from "../types/suggest.js";
import { type Dimension, dimensionLabel, legalUnits, parseQuantity, quantityPattern } from "../types/units.js";

interface QuantityOptions {
  readonly description: string;
  /** Bounds, as text of the same dimension. */
  readonly min?: string;
  readonly max?: string;
  readonly examples?: readonly string[];
}

/** A quantity with a unit; its value is the integer of the base unit (`units.ts`). */
export function quantity(dimension: Dimension, options: QuantityOptions) {
  return quantityOr(dimension, {}, options) as z.ZodType<number, string>;
}

/** A quantity, or one of some words with a meaning of their own. */
export function quantityOr<W>(dimension: Dimension, words: Readonly<Record<string, W>>, options: QuantityOptions) {
  const alternatives = Object.keys(words)
    .map((word) => `, or ${word}`)
    .join("");
  const pattern = [quantityPattern(dimension), ...Object.keys(words).map((word) => `^${word}$`)].join("|");
  const bounds = {
    min: bound(dimension, options.min, Number.NEGATIVE_INFINITY),
    max: bound(dimension, options.max, Number.POSITIVE_INFINITY),
  };
  const between = describeBounds(options.min, options.max);
  return z
    .string({ error: (issue) => notText(issue.input, dimension) + alternatives })
    .transform((text, context): number | W => {
      if (Object.hasOwn(words, text)) return words[text]!;
      const parsed = parseQuantity(dimension, text);
      if (parsed.ok && parsed.value >= bounds.min && parsed.value <= bounds.max) return parsed.value;
      const message = parsed.ok ? `${show(text)} is out of range: ${between}` : parsed.message + alternatives;
      context.addIssue({ code: "custom", message, input: text });
      return z.NEVER;
    })
    .meta({ description: options.description, pattern, ...(options.examples && { examples: [...options.examples] }) });
}

/** An integer from `min` to `max`. */
export function whole(min: number, max: number, description: string) {
  const error = (issue: { input?: unknown }) =>
    `${faulty(issue.input, "a whole number")}; write one from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta({ description });
}

/** A number from `min` to `max`. */
export function real(min: number, max: number, description: string) {
  const error = (issue: { input?: unknown }) => `${faulty(issue.input, "a number")}; write one from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error }).meta({ description });
}

export function truth(description: string) {
  return z
    .boolean({ error: (issue) => `${faulty(issue.input, "true or false")}; write true or false` })
    .meta({ description });
}

/** A table: the name of a CSV file, or its text, at most `mostMiB` long. */
export function fileOrText(mostMiB: number, fewer: string, description: string) {
  return z
    .string({ error: "not text; write the name of a CSV file, or its text" })
    .max(mostMiB * 2 ** 20, { error: `more than ${mostMiB} MiB of text; ${fewer}` })
    .meta({ description });
}

/** Text of 1 to `longest` printable characters. */
export function text(longest: number, description: string) {
  const error = (issue: { input?: unknown }) =>
    `${faulty(issue.input, "text")}; write 1 to ${longest} printable characters${typeof issue.input === "number" ? ", in quotes" : ""}`;
  return (
    z
      .string({ error })
      .min(1, { error })
      .max(longest, { error })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
      .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, { error })
      .meta({ description })
  );
}

/**
 * Words of the language that this version does not know, or not in this place; by word what would
 * do.
 */
type Planned = readonly string[] | Readonly<Record<string, string>>;

/** One of some words; `planned` are words of the language that this version does not know yet. */
export function choice<const T extends readonly [string, ...string[]]>(
  supported: T,
  planned: Planned,
  description: string,
) {
  return z.enum(supported, { error: (issue) => notChosen(issue.input, supported, planned) }).meta({ description });
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** A map with exactly these keys. */
export function object<S extends Shape>(shape: S, description: string) {
  const keys = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? // One line per key: the mapping to issues takes them apart again.
            issue.keys.map((key) => unknownKey(key, keys)).join("\n")
          : `${faulty(issue.input, "a map")}; write its keys: ${keys.join(", ")}`,
    })
    .meta({ description });
}

/** The message for a key that is not one of `known`. */
export function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key ${showKey(key)}${didYouMean(key, known)}; known keys: ${known.join(", ")}`;
}

/** Maps that differ in their `kind`. */
export function kinds<const T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  names: readonly string[],
  planned: Planned,
  variants: T,
  description: string,
) {
  return z
    .discriminatedUnion("kind", variants, {
      error: (issue) => {
        const input: unknown = issue.input;
        if (issue.code !== "invalid_union") {
          return `${faulty(input, "a map")}; write its keys, e.g. { kind: ${names[0]} }`;
        }
        return notChosen((input as { kind?: unknown }).kind, names, planned);
      },
    })
    .meta({ description });
}

/** How a wrong value is shown. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  const shown = typeof value === "string" ? value : String(value);
  const cut = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return typeof value === "string" ? JSON.stringify(cut) : cut;
}

/** `"x" is not …`, `missing`, `empty`. */
export function faulty(value: unknown, wanted: string): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  return typeof value === "number" && wanted.endsWith("number")
    ? `${show(value)} is not allowed`
    : `${show(value)} is not ${wanted}`;
}

function notText(value: unknown, dimension: Dimension): string {
  const fault = typeof value === "number" ? `${value} has no unit` : faulty(value, dimensionLabel(dimension));
  return `${fault}; ${legalUnits(dimension)}`;
}

function notChosen(value: unknown, supported: readonly string[], planned: Planned): string {
  const list = supported.join(", ");
  if (value === undefined) return `missing; supported: ${list}`;
  if (typeof value === "string" && Array.isArray(planned) && planned.includes(value)) {
    return `${value} is not supported by this version; supported: ${list}`;
  }
  if (typeof value === "string" && !Array.isArray(planned) && Object.hasOwn(planned, value)) {
    const advice = (planned as Readonly<Record<string, string>>)[value];
    return `${value} is not supported here: ${advice}; supported: ${list}`;
  }
  return `${show(value)} is not known${guessFor(value, supported)}; supported: ${list}`;
}

/** ` (did you mean "x"?)` where a value is text that is near to one of these. */
export function guessFor(value: unknown, supported: readonly string[]): string {
  return typeof value === "string" ? didYouMean(value, supported) : "";
}

function bound(dimension: Dimension, limit: string | undefined, none: number): number {
  if (limit === undefined) return none;
  const parsed = parseQuantity(dimension, limit);
  if (!parsed.ok) throw new TypeError(parsed.message);
  return parsed.value;
}

function describeBounds(min: string | undefined, max: string | undefined): string {
  if (min !== undefined && max !== undefined) return `write ${min} to ${max}`;
  return min !== undefined ? `write at least ${min}` : `write at most ${max}`;
}
