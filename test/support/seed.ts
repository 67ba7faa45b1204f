/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changes.
 * `HEDDLE_SEED=random` draws others; `HEDDLE_SEED=7` draws those of that seed.
 */
import fc from "fast-check";

const stated = process.env.HEDDLE_SEED ?? "1";

if (stated !== "random") {
  const seed = Number(stated);
  if (!Number.isInteger(seed)) throw new Error(`HEDDLE_SEED=${stated}: write a whole number, or "random"`);
  fc.configureGlobal({ seed });
}
