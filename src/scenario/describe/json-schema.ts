/** The JSON Schema of scenario files, for editors. Made from the same source as validation. */
import { z } from "zod";
import { PRESETS } from "../presets/presets.js";
import { SECTIONS } from "../schema/sections.js";

type JsonObject = { [key: string]: unknown };

/** Maps that may be left out, as may their `kind`: it is then the default's, or the preset's. */
const OPTIONAL_KINDS = new Set(["flowControl", "threshold", "transport", "congestionControl"]);

/** The schema, draft 2020-12. Every field with its description, examples and default. */
export function scenarioJsonSchema(): JsonObject {
  const names = z.enum(PRESETS.map((preset) => preset.name) as [string, ...string[]]);
  const preset = z.union([names, z.array(names)]).meta({
    description: `Settings to start from: ${PRESETS.map(({ name, description }) => `${name} (${description})`).join(" ")}`,
    examples: ["ns3", ["400g", "lossy"]],
  });
  const root = z.strictObject({
    $schema: z.string().meta({ description: "For editors." }).optional(),
    preset: preset.optional(),
    ...SECTIONS,
    name: SECTIONS.name.optional(),
    flowControl: SECTIONS.flowControl.optional(),
    transport: SECTIONS.transport.optional(),
    // Either this or `jobs`.
    workload: SECTIONS.workload.optional(),
  });
  const schema = z.toJSONSchema(root, { io: "input", unrepresentable: "any" }) as JsonObject;
  relaxKinds(schema, "");
  return { ...schema, title: "heddle scenario", description: "What heddle simulates." };
}

/**
 * Defaults as a scenario would state them:
 * `{ seed: 1, links: { access: { rate: "400Gbps", … } }, … }`. Of a section of several kinds, those
 * of the default kind.
 */
export function schemaDefaults(): JsonObject {
  return defaultsOf(scenarioJsonSchema()) as JsonObject;
}

function relaxKinds(node: unknown, key: string): void {
  if (Array.isArray(node)) {
    for (const item of node) relaxKinds(item, key);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const schema = node as JsonObject;
  for (const [name, value] of Object.entries(schema)) relaxKinds(value, name === "oneOf" ? key : name);
  if (!OPTIONAL_KINDS.has(key)) return;
  if (Array.isArray(schema.required)) {
    const required = schema.required.filter((name) => name !== "kind" && !OPTIONAL_KINDS.has(name));
    if (required.length > 0) schema.required = required;
    else delete schema.required;
  }
  if (Array.isArray(schema.oneOf)) {
    // Without its kind a map may fit several.
    schema.anyOf = schema.oneOf;
    delete schema.oneOf;
  }
}

/** The default of a schema, built up from its parts; undefined where it has none. */
function defaultsOf(node: unknown): unknown {
  const schema = node as JsonObject;
  const alternatives = (schema.oneOf ?? schema.anyOf) as readonly JsonObject[] | undefined;
  const first = alternatives?.[0];
  if (first !== undefined && schema.default === undefined) {
    return isOptionalKind(first) ? defaultsOf(first) : undefined;
  }
  if (schema.properties === undefined) return schema.default ?? schema.const;
  const properties = Object.entries(schema.properties as JsonObject);
  const entries = properties.map(([key, value]) => [key, defaultsOf(value)] as const);
  const present = entries.filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

function isOptionalKind(schema: JsonObject): boolean {
  const required = (schema.required ?? []) as readonly string[];
  const kind = (schema.properties as JsonObject | undefined)?.kind;
  return kind !== undefined && !required.includes("kind");
}
