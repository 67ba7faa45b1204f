/** Bounds on untrusted documents, far above any honest one. */

/** Characters of a scenario file. */
export const LARGEST_TEXT = 4 * 1024 * 1024;

/** What to do about a text that is larger. */
export const SHORTER = "write flows by a pattern, and a regular fabric by its kind";

/** Maps and lists inside one another. */
export const DEEPEST_NESTING = 32;

/** Values of a document, aliases expanded. */
export const MAX_NODES = 500_000;
