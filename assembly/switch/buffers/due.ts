/** What a change of an account asks the switch to tell the port's peer. */
export enum Due {
  Nothing,
  Pause,
  Resume,
  Credit,
}
