/** What the process ends with. */
export const ExitCode = {
  Done: 0,
  /** A fault of heddle's own. */
  Internal: 1,
  /** The input is wrong: arguments, files, scenario. */
  Input: 2,
  /** The simulated job could not finish. */
  Unfinished: 3,
  Interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
