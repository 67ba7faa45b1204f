/**
 * Roles of fields. The core states every shared record once: the build reads the fields of the
 * classes in this folder, and the values of their enums, and writes them to
 * `src/engine/core/layout.ts`. A record's size is a multiple of 8, so that arrays of records stay
 * aligned.
 *
 * Fast-forward compares two states field by field and moves one of them ahead
 * (docs/FAST-FORWARD.md). A field's role says how. A field with the wrong role makes results wrong.
 * A field without one fails the build.
 */

/** A parameter, a size, a place in memory: does not change during a run. */
export type Fixed<T> = T;
/** Who, which, how many: equal in equal states. So are numbers of random draws. */
export type Same<T> = T;
/** A time: equally far from now in equal states. 0 and all ones are no times. */
export type Instant<T> = T;
/** A future instant. Its value is ignored once past. */
export type Until<T> = T;
/**
 * A packet number, relative to the first unacknowledged one of its flow. Smaller ones are ignored.
 */
export type Packet<T> = T;
/** A count for the result alone. */
export type Total<T> = T;
/** For the result alone, and not changed by repetitions: a maximum, a time that comes once. */
export type Result<T> = T;
/** Derived; may be stale between windows; recomputed after a jump. */
export type Derived<T> = T;
/** The place of a list, heap or bitmap. Its content is compared, not its place. */
export type List<T> = T;
/** What is left of a stock. It bounds a jump by what a period takes from it. */
export type Budget<T> = T;
/** How far something has come. Fast-forward compares it by rules of its own. */
export type Course<T> = T;
