/** A worker that checks scenario texts, so that checks do not wait for simulations. */
import { checkScenario, parseScenarioText, ScenarioError, type ScenarioIssue, scenarioJsonSchema } from "heddle";
import type { FromChecker, ToChecker } from "./protocol.js";

self.onmessage = ({ data }: MessageEvent<ToChecker>) => {
  const answer = data.kind === "schema" ? { schema: scenarioJsonSchema() } : checked(data.text);
  const message = { ...answer, kind: data.kind === "schema" ? "schema" : "checked", id: data.id } as FromChecker;
  (self as unknown as { postMessage(data: unknown): void }).postMessage(message);
};

function checked(text: string): { errors: readonly ScenarioIssue[]; warnings: readonly ScenarioIssue[] } {
  try {
    const { scenario, warnings } = parseScenarioText(text);
    checkScenario(scenario);
    return { errors: [], warnings };
  } catch (cause) {
    if (cause instanceof ScenarioError) return { errors: cause.issues, warnings: [] };
    return { errors: [{ message: cause instanceof Error ? cause.message : String(cause), path: "" }], warnings: [] };
  }
}
