import { RESULT_SCHEMA, type ResultDocument } from "../../answer/result/document.js";
import { CompareError } from "./errors.js";

/** What heddle prints as JSON besides results. */
const OTHER_SCHEMAS = /^heddle\.([a-z-]+)\/\d+$/;

/**
 * A result document from its text.
 * @param file for messages.
 * @throws CompareError where it is none.
 */
export function readResult(text: string, file: string): ResultDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CompareError(
      `${file} is not JSON (${(cause as Error).message}), so it is no result; heddle run SCENARIO --out result.json writes one`,
    );
  }
  const schema = isMap(value) ? value.schema : undefined;
  if (schema !== RESULT_SCHEMA) {
    const other = typeof schema === "string" ? OTHER_SCHEMAS.exec(schema) : null;
    const found =
      typeof schema !== "string"
        ? "is not a result of heddle run"
        : other?.[1] === "result"
          ? `is of another version of heddle (${schema})`
          : `is no result but has the schema ${JSON.stringify(schema.slice(0, 60))}`;
    throw new CompareError(`${file} ${found}; heddle compare takes ${RESULT_SCHEMA}, as heddle run --out writes it`);
  }
  const document = value as Partial<ResultDocument>;
  const isWhole =
    isMap(document.scenario) &&
    Number.isInteger(document.scenario.seed) &&
    Array.isArray(document.explanation) &&
    ["links", "packets", "ranks", "engine", "policies", "workload", "topology"].every((key) =>
      isMap((value as Record<string, unknown>)[key]),
    );
  if (!isWhole) throw new CompareError(`${file} is not whole: parts of the result are missing; run it again`);
  return document as ResultDocument;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
