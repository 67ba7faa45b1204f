/** A named bundle of settings. */

export interface Preset {
  readonly name: string;
  readonly description: string;
  /** Of a published cluster: where it is described. */
  readonly source?: string;
  /** As a user would write it. */
  readonly settings: Readonly<Record<string, unknown>>;
}
