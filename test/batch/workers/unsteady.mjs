// A worker for tests: what it does stands in the name of the scenario.
import { appendFileSync, readFileSync } from "node:fs";

export default async function run({ scenario, threads }) {
  const [what, argument] = scenario.name.split(" ");
  if (what === "sleep") await new Promise((resolve) => setTimeout(resolve, Number(argument)));
  if (what === "spin") for (;;);
  if (what === "refuse") {
    return { ok: false, fault: { code: "HEDDLE_PLAN", name: "PlanError", message: "it cannot be built" } };
  }
  // Ends its worker the first times, as many as there are digits after the path's last dash.
  if (what === "crash") {
    appendFileSync(argument, "x");
    if (readFileSync(argument, "utf8").length <= Number(argument.split("-").at(-1))) process.exit(7);
  }
  return { ok: true, value: JSON.stringify({ status: "finished", jctNs: 1, threads }) };
}
