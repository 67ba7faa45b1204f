/** How the page looks: on screens of any width, in the dark, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --paper: #fff; --panel: #f6f8fa; --warn: #9a3412; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --dim: #9da7b1; --line: #3d444d; --paper: #0d1117; --panel: #161b22; --warn: #ffb088; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; max-width: 46rem; }
.dim { color: var(--dim); }
.warn { color: var(--warn); font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .75rem; }
.card dt { color: var(--dim); font-size: .85rem; }
.card dd { margin: 0; font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.card dd small { display: block; font-weight: 400; font-size: .85rem; color: var(--dim); }
.stack { display: flex; height: 2rem; border-radius: 4px; overflow: hidden; margin: .75rem 0 .25rem; }
.stack span { min-width: 1px; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; vertical-align: -.05em; }
.stack, .swatch, .meter { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.meter { display: inline-block; height: .7em; background: #4477aa; border-radius: 2px; vertical-align: middle; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { min-width: min(100%, 34rem); border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--dim); padding-bottom: .25rem; }
th, td { padding: .2rem .9rem .2rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
figure { margin: 1rem 0; }
figure svg { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
figcaption { color: var(--dim); }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto;
  font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
nav a { margin-right: 1rem; }
a { color: inherit; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2 { break-after: avoid; } tr, figure, .card { break-inside: avoid; } pre { white-space: pre-wrap; } nav { display: none; }
}
`;

/** Nothing is loaded, and nothing runs, whatever a name in a result says. */
export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
