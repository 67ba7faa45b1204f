/** Bounds on untrusted documents, far above any honest one. */

/** Characters of a scenario file. */
export const LARGEST_TEXT = 50 * 1024 * 1024;

/** Longer texts are read by a parser that is made for them. */
export const LARGE_TEXT = 1024 * 1024;

/** What to do about a text that is larger. */
export const SHORTER = "write flows by a pattern, and a regular fabric by its kind";

/** Maps and lists inside one another. */
export const DEEPEST_NESTING = 32;

/** Values of a document: more than 50 MiB of flows, listed one by one, have. */
export const MAX_NODES = 6_000_000;

/**
 * Characters of a text that separate or begin values, lists and maps counted twice: what the parser
 * of large texts keeps is in proportion to these, some 100 bytes each.
 */
export const MAX_SEPARATORS = 20_000_000;

/** Values that aliases stand for. */
export const MAX_COPIES = 500_000;
