/**
 * Every record that the core and TypeScript share, stated once: the build reads the field offsets of these classes and the values of these
 * enums and writes them to `src/engine/core/layout.ts`. Sizes are multiples of 8 so that arrays of records stay aligned.
 *
 * Every field has a role, by which fast-forward tells whether two states are alike and moves one of them ahead in time (docs/FAST-FORWARD.md). A field
 * with the wrong role makes results wrong, one without a role fails the build.
 */

/** Does not change while a run lasts: a parameter, a size, a place in memory. */
export type Fixed<T> = T;
/** Who, which, how many, how much: the same in states that are alike. Numbers of random draws too, so that states between draws are not. */
export type Same<T> = T;
/** A time: as far from now in states that are alike. 0 and all ones are no times. */
export type Instant<T> = T;
/** A time as long as it lies ahead; when it was does not matter. */
export type Until<T> = T;
/** The number of a packet, counted from the first unacknowledged one of its flow; what lies before that does not matter. */
export type Packet<T> = T;
/** Counts for the result alone. */
export type Total<T> = T;
/** Kept for the result alone, and changed by no repetition of what has happened: a maximum, a time that comes once. */
export type Result<T> = T;
/** Follows from other fields, or may lag behind what is: found anew after a jump. */
export type Derived<T> = T;
/** Where a list, a heap or a bitmap is: not the place matters, but what is there. */
export type List<T> = T;
/** What is left of something that is used up; it does not matter until nothing is left, so what a period takes of it bounds a jump. */
export type Budget<T> = T;
/** How far something is, which fast-forward compares by rules of its own. */
export type Course<T> = T;
