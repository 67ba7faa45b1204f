/** What was asked for, and what it takes to run it again. */
import { stringify } from "yaml";
import type { ResultDocument } from "../../answer/result/document.js";
import { bytes, count, duration } from "../../answer/text/units.js";
import { html, type Section, table } from "./html.js";

const MAX_TEXT = 200_000;

export function scenario({ scenario, engine, heddleVersion }: ResultDocument): Section {
  const text = scenario.document === undefined ? "" : stringify(scenario.document, { lineWidth: 100 });
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\n… (${count(text.length)} characters)` : text;
  return {
    title: "Scenario and run",
    body: html`${
      shown === ""
        ? html`<p class="dim">A program made the scenario; it has no text.</p>`
        : html`<pre tabindex="0" aria-label="the scenario, as YAML">${shown}</pre>`
    }
${table(
  "Two runs with the same engine digest did the same to the last bit",
  [{ title: "what" }, { title: "value" }],
  [
    ["heddle", heddleVersion],
    ["scenario digest", scenario.digest],
    ["engine digest", engine.digest],
    ["packet-hops", count(engine.packetHops)],
    ["skipped as repetitions", count(engine.fastForward.skippedPacketHops)],
    ["time to run", duration(engine.wallMs * 1e6)],
    ["threads, memory", `${engine.threads}, ${bytes(engine.peakMemoryBytes)}`],
  ],
)}`,
  };
}
