/** A named bundle of settings. */

export interface Preset {
  readonly name: string;
  readonly description: string;
  /** As a user would write it. */
  readonly settings: Readonly<Record<string, unknown>>;
}
