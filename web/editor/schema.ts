/** The schema of scenarios, as far as completion and hints need it. */

export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Step into a document: a key, or an entry of a list. */
export type Step = string | number;

/**
 * All that may stand at a path.
 * @param known what the document says elsewhere, which chooses among alternatives
 */
export function schemasAt(root: Schema, path: readonly Step[], known: (path: readonly Step[]) => unknown): Schema[] {
  let found = alternatives(root, [], known);
  path.forEach((step, depth) => {
    const inner = path.slice(0, depth + 1);
    found = found
      .map((schema) => (typeof step === "number" ? schema.items : schema.properties?.[step]))
      .filter((schema) => schema !== undefined)
      .flatMap((schema) => alternatives(schema, inner, known));
  });
  return found;
}

/** Alternatives that do not contradict what the document says already. */
function alternatives(schema: Schema, path: readonly Step[], known: (path: readonly Step[]) => unknown): Schema[] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (parts.length === 0) return [schema];
  const all = parts.flatMap((part) => alternatives(part, path, known));
  const fitting = all.filter(({ properties }) =>
    Object.entries(properties ?? {}).every(([key, { const: only }]) => {
      const said = only === undefined ? undefined : known([...path, key]);
      return said === undefined || said === only;
    }),
  );
  return fitting.length > 0 ? fitting : all;
}

/** Values that a schema lists. */
export function valuesOf(schemas: readonly Schema[]): string[] {
  const values = schemas.flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...(schema.type === "boolean" ? [true, false] : []),
  ]);
  return [...new Set(values.map((value) => `${value}`))];
}
