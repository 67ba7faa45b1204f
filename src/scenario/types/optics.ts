/** What optical modules tell of themselves, as it is after parsing. */

/** Values from which on a module warns or alarms; null for no such line. */
export interface OpticLines {
  readonly temperatureC: number;
  readonly preFecBer: number;
  /** From here down. */
  readonly rxPowerDbm: number | null;
  readonly biasMa: number | null;
}

export interface OpticsParams {
  /** Of cases that no fault warms. */
  readonly temperatureC: number | null;
  readonly txPowerDbm: number | null;
  /** Of clean fibre and connectors. */
  readonly linkLossDb: number | null;
  readonly laser: LaserParams | null;
  readonly warning: OpticLines;
  readonly alarm: OpticLines;
}

/** A laser at 25 °C, and what its threshold current does at other temperatures. */
export interface LaserParams {
  readonly biasMa: number;
  readonly thresholdMa: number;
  readonly characteristicK: number;
}
