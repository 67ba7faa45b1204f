/** Exact ratios of small integers. */
import { z } from "zod";
import { show } from "./fields.js";

const LARGEST_TERM = 65_535;

interface Fraction {
  num: number;
  den: number;
}

/** `2`, `0.5` or `"1/2"`, as an exact fraction of small integers. */
export function ratio(description: string, examples?: readonly unknown[]) {
  const wrong = (input: unknown) =>
    `${show(input)} is not a ratio; write a number such as 2 or 0.5, or "1/2", of terms from 1 to ${LARGEST_TERM}`;
  return z
    .union([z.number(), z.string()], { error: (issue) => wrong(issue.input) })
    .transform((input, context): Fraction => {
      const terms = termsOf(String(input));
      if (terms !== null) return terms;
      context.addIssue({ code: "custom", message: wrong(input), input });
      return z.NEVER;
    })
    .meta({ description, ...(examples && { examples: [...examples] }) });
}

function termsOf(text: string): Fraction | null {
  const match = /^\s*(\d{1,6})(?:\.(\d{1,6})|\s*\/\s*(\d{1,6}))?\s*$/.exec(text);
  if (match === null) return null;
  const decimals = match[2] ?? "";
  const num = Number(match[1] + decimals);
  const den = match[3] === undefined ? 10 ** decimals.length : Number(match[3]);
  if (num === 0 || den === 0) return null;
  const divisor = greatestCommonDivisor(num, den);
  const terms = { num: num / divisor, den: den / divisor };
  return terms.num <= LARGEST_TERM && terms.den <= LARGEST_TERM ? terms : null;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
