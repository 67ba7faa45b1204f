/** How what a page loads is bundled: the library for pages, and the playground. */
export const PAGE_SETTINGS = {
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};
