/** Fields of the schema from the parameters that rows state. */
import { z } from "zod";
import type { Parameter, Parameters, Text, ValueOf } from "../../plan/policies/parameter.js";
import { choice, quantityOr, real, text, truth, whole } from "./fields.js";

/** A field that may be left out, with the value that it has past the parser. */
type FieldOf<P extends Parameter> = P extends Text
  ? z.ZodOptional<z.ZodType<string, string>>
  : z.ZodPrefault<z.ZodType<ValueOf<P>, unknown>>;
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
  const { description } = parameter;
  switch (parameter.unit) {
    case "integer":
      return whole(parameter.min, parameter.max, description).prefault(parameter.default);
    case "number":
      return real(parameter.min, parameter.max, description).prefault(parameter.default);
    case "boolean":
      return truth(description).prefault(parameter.default);
    case "word":
      return choice(parameter.words, [], description).prefault(parameter.default);
    case "text":
      return text(parameter.maxLength, description).optional();
    case "integers": {
      const { min, max, maxLength } = parameter;
      return z
        .array(whole(min, max, "A parameter."), { error: "not a list of numbers; write e.g. [2, 1]" })
        .max(maxLength, { error: `too many; write at most ${maxLength} numbers` })
        .meta({ description })
        .prefault([]);
    }
    default: {
      const { unit, or = {}, default: usual, ...options } = parameter;
      return quantityOr(unit, or, options).prefault(usual);
    }
  }
}
