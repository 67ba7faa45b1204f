/** The page's beginning: what the link says, or the first scenario of the gallery. */
import { App } from "./app.js";
import { Checker } from "./editor/checker.js";
import { type Schema, schemasAt, valuesOf } from "./editor/schema.js";
import { PRESETS, presetOf } from "./gallery.js";
import { decodeLink, flagsOf } from "./model/link.js";

const flags = flagsOf(location.hash);
let checker: Checker | undefined;
let schema: Promise<Schema> | undefined;

/** Asked for once the picture moves. */
function readSchema(): Promise<Schema> {
  checker ??= new Checker();
  schema ??= checker.schema();
  return schema;
}

const app = new App(document.getElementById("app")!, flags, async (of) => {
  const [{ Editor }, known] = await Promise.all([import("./editor/editor.js"), readSchema()]);
  return new Editor(known, checker!, { onChecked: (text, errors) => of.onChecked(text, errors) });
});

async function openLink(): Promise<void> {
  try {
    const link = await decodeLink(location.hash);
    if (link === undefined) return app.open({ text: PRESETS[0]!.text });
    if (!("preset" in link)) return app.open(link);
    const preset = presetOf(link.preset);
    if (preset !== undefined) return app.open({ text: preset.text });
    throw new Error(
      `there is no preset "${link.preset}"; the gallery has ${PRESETS.map(({ name }) => name).join(", ")}`,
    );
  } catch (cause) {
    app.open({ text: PRESETS[0]!.text });
    app.tell(cause instanceof Error ? cause.message : String(cause));
  }
}

addEventListener("hashchange", () => void openLink());
await openLink();

/** Time after which the rest is loaded, in ms: the picture comes first. */
const LATER_MS = 1500;

if (!flags.embed) {
  setTimeout(async () => {
    const known = await readSchema();
    const of = (path: readonly string[]) => valuesOf(schemasAt(known, path, () => undefined));
    app.setChoices({
      // A custom policy is code, which a link does not hold.
      routing: of(["routing", "policy"]).filter((name) => name !== "custom"),
      flowControl: of(["flowControl", "kind"]),
    });
  }, LATER_MS);
}
