/** The scenario's text: YAML with completion by the schema, and errors at their lines. */
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { ScenarioIssue } from "heddle";
import type { Checker } from "./checker.js";
import { completeBy } from "./complete.js";
import type { Schema } from "./schema.js";

/** Time without a key after which a text is checked, in ms. */
const CHECK_AFTER_MS = 300;

/** Colours are those of the page: dark and light need no second style. */
const COLORS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--load-4)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.string, tags.content, tags.literal], color: "var(--ink)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--faint)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", background: "var(--ground)", color: "var(--ink)" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", overflow: "auto" },
  ".cm-gutters": { background: "var(--panel)", color: "var(--faint)", border: "0" },
  ".cm-activeLine": { background: "transparent" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--load-1)",
  },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--ink)", border: "1px solid var(--body-line)" },
  ".cm-completionInfo": { maxWidth: "340px" },
});

export interface EditorActions {
  /** A text without errors that differs from the one before; or the errors of one that is wrong. */
  onChecked(text: string, errors: readonly ScenarioIssue[]): void;
}

export class Editor {
  /** In a shadow tree, where styles need no exception from the content policy. */
  readonly element = document.createElement("div");
  readonly #view: EditorView;

  constructor(schema: Schema, checker: Checker, actions: EditorActions) {
    this.element.className = "editor";
    const root = this.element.attachShadow({ mode: "open" });
    const check = async (view: EditorView): Promise<Diagnostic[]> => {
      const text = view.state.doc.toString();
      const { errors, warnings } = await checker.check(text);
      if (text === this.text) actions.onChecked(text, errors);
      return [
        ...errors.map((issue) => diagnosticOf(view.state, issue, "error")),
        ...warnings.map((issue) => diagnosticOf(view.state, issue, "warning")),
      ];
    };
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        extensions: [
          ...[lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets()],
          ...[yaml(), highlightActiveLine(), syntaxHighlighting(COLORS), LOOK, EditorView.lineWrapping],
          ...[
            autocompletion({ override: [completeBy(schema)] }),
            lintGutter(),
            linter(check, { delay: CHECK_AFTER_MS }),
          ],
          keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": "Scenario" }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    if (text === this.text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }
}

/** From the place of an issue to the end of its word. */
function diagnosticOf(state: EditorState, issue: ScenarioIssue, severity: "error" | "warning"): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, issue.line ?? 1), state.doc.lines));
  const from = Math.min(line.from + (issue.column ?? 1) - 1, line.to);
  const word = /^[^\s,}\]]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
  const path = issue.path === "" ? "" : `${issue.path}: `;
  return { from, to: Math.min(from + Math.max(1, word), line.to), severity, message: `${path}${issue.message}` };
}
