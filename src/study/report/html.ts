/** HTML as values: what is put into a template is escaped, unless it is markup itself. */

export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template. Values may stand as text and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + render(values[i - 1]) + part));
}

function render(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  if (value === null || value === undefined || value === false) return "";
  return `${value as string | number}`.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** Columns of numbers go right. */
export interface Column {
  readonly title: string;
  readonly side?: "right";
}

/** A table with a caption that tells what it is. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Markup {
  const className = ({ side }: Column) => (side === "right" ? html` class="number"` : "");
  return html`<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${className(column)}>${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, i) => html`<td${className(columns[i]!)}>${cell}</td>`)}</tr>
`,
  )}</tbody>
</table></div>`;
}

/** A part of the page; null where there is nothing to tell. */
export type Section = { readonly title: string; readonly body: Content } | null;
