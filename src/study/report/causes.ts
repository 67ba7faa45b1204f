/** Where the time went: shares as a bar, and what is known of each. */
import type { ResultDocument } from "../../answer/result/document.js";
import { duration, percent } from "../../answer/text/units.js";
import { PALETTE } from "../charts/spec.js";
import { type Content, html, type Section, table } from "./html.js";

export interface Share {
  readonly name: string;
  readonly share: number;
  readonly ns: number;
  readonly text?: string;
}

/** A bar of shares that sum to 1, and its table. */
export function shareBar(label: string, shares: readonly Share[]): Content {
  const shown = shares.filter(({ share }) => share > 0);
  const colour = (i: number) => PALETTE[i % PALETTE.length]!;
  const spoken = shown.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
  const swatch = (i: number) => html`<span class="swatch" style="background:${colour(i)}"></span>`;
  const hasText = shown.some(({ text }) => text !== undefined);
  return html`<div class="stack" role="img" aria-label="${label}: ${spoken}">${shown.map(
    ({ share }, i) => html`<span style="flex:${share} 0 0;background:${colour(i)}"></span>`,
  )}</div>
${table(
  label,
  [
    { title: "cause" },
    { title: "share", side: "right" },
    { title: "time", side: "right" },
    ...(hasText ? [{ title: "what is known" }] : []),
  ],
  shown.map(({ name, share, ns, text }, i) => [
    html`${swatch(i)}${name}`,
    percent(share),
    duration(ns),
    ...(hasText ? [text] : []),
  ]),
)}`;
}

export function causes({ explanation }: ResultDocument): Section {
  if (explanation.length === 0) return null;
  const shares = explanation.map(({ cause, shareOfJct, ns, text }) => ({ name: cause, share: shareOfJct, ns, text }));
  return { title: "Where the time went", body: shareBar("Shares of the completion time", shares) };
}

export function remarks({ notes, envelope = [], faults = [] }: ResultDocument): Section {
  const list = (title: string, items: readonly string[]) =>
    items.length > 0 && html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
  const parts = [
    list(
      "Faults",
      faults.map(({ kind, where, text }) => `${kind} ${where}: ${text}`),
    ),
    list(
      "Settings that are odd together",
      notes.map(({ text }) => text),
    ),
    list("Where the model is known not to hold", envelope),
  ];
  return parts.some((part) => part !== false) ? { title: "Remarks", body: parts } : null;
}
