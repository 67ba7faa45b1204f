/** Fields of the schema from the parameters that rows state. */
import { z } from "zod";
import type { Parameter, Parameters, Real, ValueOf, Whole, WrittenOf } from "../../plan/policies/parameter.js";
import { choice, quantityOr, real, show, text, truth, whole } from "./fields.js";
import { device } from "./ranks.js";
import { ratio } from "./ratio.js";

type TypeOf<P extends Parameter> = z.ZodType<ValueOf<P>, WrittenOf<P>>;

/** A field that must be given, may be left out, or has a value past the parser where it is. */
type FieldOf<P extends Parameter> = P extends { readonly given: "must" }
  ? TypeOf<P>
  : P extends { readonly given: "may" }
    ? z.ZodOptional<TypeOf<P>>
    : z.ZodPrefault<TypeOf<P>>;
type FieldsOf<T extends Parameters> = { readonly [Name in keyof T]: FieldOf<T[Name]> };

/**
 * @param noteOf what comes before the description of a parameter: who heeds it, for one
 * @returns a field for each parameter, with its default
 */
export function fieldsOf<const T extends Parameters>(parameters: T, noteOf?: (name: keyof T) => string): FieldsOf<T> {
  const fields = Object.entries(parameters).map(([name, parameter]) => {
    const description = `${noteOf?.(name) ?? ""}${parameter.description}`;
    return [name, fieldOf({ ...parameter, description })] as const;
  });
  return Object.fromEntries(fields) as unknown as FieldsOf<T>;
}

function fieldOf(parameter: Parameter): z.ZodType {
  const type = typeFor(parameter);
  if (parameter.unit === "integers") return type.prefault([]);
  if (parameter.given === "must") return type;
  return parameter.given === "may" ? type.optional() : type.prefault(parameter.default);
}

/** The type of a parameter's values, without a default: for places where it has another one. */
export function typeOf<const P extends Parameter>(parameter: P): TypeOf<P> {
  return typeFor(parameter) as unknown as TypeOf<P>;
}

function typeFor(parameter: Parameter): z.ZodType {
  const { description, examples } = parameter;
  switch (parameter.unit) {
    case "integer":
    case "number":
      return numeric(parameter);
    case "ratio":
      return ratio(description, examples);
    case "boolean":
      return truth(description);
    case "word":
      return choice(parameter.words, parameter.planned ?? [], description);
    case "text":
      return text(parameter.maxLength, description);
    case "device":
      return device(description);
    case "integers": {
      const { min, max, maxLength } = parameter;
      return z
        .array(whole(min, max, "A parameter."), { error: "not a list of numbers; write e.g. [2, 1]" })
        .max(maxLength, { error: `too many; write at most ${maxLength} numbers` })
        .meta({ description });
    }
    default: {
      const { unit, or = {}, default: _default, given: _given, ...options } = parameter;
      return quantityOr(unit, or, options);
    }
  }
}

/** A number in a range, or one of some words. */
function numeric(parameter: Whole | Real): z.ZodType {
  const { unit, min, max, or, description, examples } = parameter;
  const number = unit === "integer" ? whole : real;
  if (or === undefined) return number(min, max, description);
  const words = Object.entries(or).map(([word, value]) => z.literal(word).transform(() => value));
  const names = Object.keys(or).join(" or ");
  const example = examples?.[0] ?? (typeof parameter.default === "number" ? parameter.default : min);
  return z
    .union([number(min, max, unit === "integer" ? "A whole number." : "A number."), ...words], {
      error: (issue) =>
        `${show(issue.input)} is neither a number in range nor ${names}; write e.g. ${example}, or ${names}`,
    })
    .meta({ description, ...(examples && { examples: [...examples] }) });
}
