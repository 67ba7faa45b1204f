/**
 * Parameters as rows state them: unit, range, default, and what they mean. The scenario's schema is
 * made from these (`src/scenario/schema/parameters.ts`). Quantities are text with a unit, as users
 * write them.
 */
export type Parameter = Quantity | Whole | Real | Truth | Word | Text | Wholes;

interface Described {
  readonly description: string;
}

/**
 * In a scenario `"8KiB"`; past the parser an integer of the base unit: ps, bytes, bits per second.
 */
export interface Quantity extends Described {
  readonly unit: "time" | "size" | "rate";
  readonly min?: string;
  readonly max?: string;
  readonly default: string;
  /** Words that are allowed instead, with their values. */
  readonly or?: Readonly<Record<string, number | null>>;
  readonly examples?: readonly string[];
}

export interface Whole extends Described {
  readonly unit: "integer";
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface Real extends Described {
  readonly unit: "number";
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface Truth extends Described {
  readonly unit: "boolean";
  readonly default: boolean;
}

export interface Word extends Described {
  readonly unit: "word";
  readonly words: readonly [string, ...string[]];
  readonly default: string;
}

/** It has no default, and may be left out. */
export interface Text extends Described {
  readonly unit: "text";
  readonly maxLength: number;
}

/** A list of integers; by default it is empty. */
export interface Wholes extends Described {
  readonly unit: "integers";
  readonly min: number;
  readonly max: number;
  readonly maxLength: number;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** What a parameter is past the parser, where it is not left out. */
export type ValueOf<P extends Parameter> = P extends Quantity
  ? number | WordsOf<P>
  : P extends Whole | Real
    ? number
    : P extends Truth
      ? boolean
      : P extends Word
        ? P["words"][number]
        : P extends Text
          ? string
          : number[];

type WordsOf<P> = P extends { readonly or: infer W } ? W[keyof W] : never;
