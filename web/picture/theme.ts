/** Colours of the picture, from the style sheet, so that dark and light are told in one place. */

export interface Theme {
  readonly ground: string;
  readonly ink: string;
  readonly faint: string;
  readonly idle: string;
  readonly body: string;
  readonly bodyLine: string;
  /** From little to full load. */
  readonly load: readonly string[];
  readonly queue: string;
  readonly paused: string;
  readonly credit: string;
  readonly down: string;
  readonly chosen: string;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ground: of("ground"), ink: of("ink"), faint: of("faint"), idle: of("idle") },
    ...{ body: of("body"), bodyLine: of("body-line"), queue: of("queue"), paused: of("paused") },
    ...{ credit: of("credit"), down: of("down"), chosen: of("chosen") },
    load: [1, 2, 3, 4, 5].map((step) => of(`load-${step}`)),
  };
}
