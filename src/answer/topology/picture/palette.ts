/**
 * Colours that are told apart by most eyes (M. Okabe and K. Ito, "Color Universal Design", 2008),
 * but for yellow, which is hard to see as a line on white.
 */
const RAILS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#333333"] as const;

/** Tints of boxes by tier, from the nodes up. */
const TIERS = ["#f5f5f5", "#dcebf7", "#fdebcf", "#e6def2", "#dff0e4", "#f7dfe6"] as const;

export const INK = "#222222";
export const FAINT = "#666666";
export const LINE = "#8a8a8a";
/** Links that are slower than others of their level are dashed, too. */
export const SLOW = "#b2182b";

export function railColour(rail: number): string {
  return rail < 0 ? LINE : RAILS[rail % RAILS.length]!;
}

export function tierTint(tier: number): string {
  return TIERS[tier % TIERS.length]!;
}

/** Black or white, whichever is read more easily on a colour. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r! + 0.587 * g! + 0.114 * b! > 140 ? "#000000" : "#ffffff";
}
