/** Texts of examples by name. The build puts those of the package in the place of this module. */
export const examples: Readonly<Record<string, string>> = {};
