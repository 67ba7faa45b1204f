/** What an answer says of the path that its packet took. */

/** What an answer says about the path of its packet. */
export enum PathOutcome {
  Clear = 0,
  Marked = 1,
  Lost = 2,
}
