/** Elements in one line. */

type Child = Node | string | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** An element with attributes (`on…` are listeners) and children, without the undefined ones. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : `${value}`);
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

/** Puts other children into an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
}

/** A choice of values, as they are shown. */
export function choice(
  label: string,
  values: readonly (readonly [value: string, shown: string])[],
  chosen: string,
  onChoice: (value: string) => void,
): HTMLSelectElement {
  const select = el("select", {
    "aria-label": label,
    title: label,
    onchange: ({ target }) => onChoice((target as HTMLSelectElement).value),
  });
  for (const [value, shown] of values) select.append(el("option", { value, selected: value === chosen }, shown));
  return select;
}
