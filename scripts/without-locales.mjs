import { sep } from "node:path";

/** Messages are heddle's own: of zod's fifty languages none but its default is ever looked up. */
export const withoutLocales = {
  name: "without-locales",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer }) =>
      importer.includes(`${sep}zod${sep}`) ? { path, namespace: "no-locales" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-locales" }, () => ({ contents: "export {};" }));
  },
};
