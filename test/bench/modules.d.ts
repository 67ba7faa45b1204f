/** The benchmark is plain JavaScript. */
declare module "*.mjs";
