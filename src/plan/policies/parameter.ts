/**
 * Parameters as rows state them: unit, range, default, and what they mean. The scenario's schema is
 * made from these (`src/scenario/schema/parameters.ts`). Quantities are text with a unit, as users
 * write them.
 */
export type Parameter = Quantity | Whole | Real | Ratio | Truth | Word | Text | Device | Wholes;

interface Described {
  readonly description: string;
  readonly examples?: readonly unknown[];
}

/** What holds where a scenario leaves it out. Without a default it must be given, or may be. */
type LeftOut<D> =
  | { readonly default: D; readonly given?: undefined }
  | { readonly given: "must" | "may"; readonly default?: undefined };

/** Words that are allowed instead of a value, with their values. */
type Words = Readonly<Record<string, number | string | null>>;

/**
 * In a scenario `"8KiB"`; past the parser an integer of the base unit: ps, bytes, bits per second.
 */
export type Quantity = Described &
  LeftOut<string> & {
    readonly unit: "time" | "size" | "rate";
    readonly min?: string;
    readonly max?: string;
    readonly or?: Words;
    readonly examples?: readonly string[];
  };

export type Whole = Described &
  LeftOut<number | string> & {
    readonly unit: "integer";
    readonly min: number;
    readonly max: number;
    readonly or?: Words;
  };

export type Real = Described &
  LeftOut<number | string> & {
    readonly unit: "number";
    readonly min: number;
    readonly max: number;
    readonly or?: Words;
  };

/** `2`, `0.5` or `"1/2"`; past the parser an exact fraction of small integers. */
export type Ratio = Described & LeftOut<number | string> & { readonly unit: "ratio" };

export type Truth = Described & LeftOut<boolean> & { readonly unit: "boolean" };

export type Word = Described &
  LeftOut<string> & {
    readonly unit: "word";
    readonly words: readonly [string, ...string[]];
    /** Words of the language that this version does not know yet. */
    readonly planned?: readonly string[];
  };

export type Text = Described & LeftOut<string> & { readonly unit: "text"; readonly maxLength: number };

/** A rank or a switch, by number or name. The schema adds to the description how to write it. */
export type Device = Described & LeftOut<number | string> & { readonly unit: "device" };

/** A list of integers; by default it is empty. */
export interface Wholes extends Described {
  readonly unit: "integers";
  readonly min: number;
  readonly max: number;
  readonly maxLength: number;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** What a parameter is past the parser, where it is not left out. */
export type ValueOf<P extends Parameter> = P extends { readonly unit: "ratio" }
  ? { num: number; den: number }
  : P extends { readonly unit: "device" }
    ? number | string
    : P extends { readonly unit: "boolean" }
      ? boolean
      : P extends { readonly unit: "word"; readonly words: infer W extends readonly string[] }
        ? W[number]
        : P extends { readonly unit: "text" }
          ? string
          : P extends { readonly unit: "integers" }
            ? number[]
            : number | WordsOf<P>;

type WordsOf<P> = P extends { readonly or: infer W } ? W[keyof W] : never;

/** What a scenario writes. */
export type WrittenOf<P extends Parameter> = P extends { readonly unit: "time" | "size" | "rate" }
  ? string
  : P extends { readonly unit: "integer" | "number" }
    ? number | (P extends { readonly or: infer W } ? keyof W : never)
    : P extends { readonly unit: "ratio" }
      ? number | string
      : ValueOf<P>;
