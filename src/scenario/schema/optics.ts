import { object, quantity, real } from "./fields.js";

const POWER = "in dBm, average of a lane";

function lines(temperature: string, preFecBer: number) {
  return {
    temperature: quantity("temperature", {
      description: "Of the case, from here on.",
      min: "-40C",
      max: "200C",
      examples: [temperature],
    }).prefault(temperature),
    preFecBer: real(1e-15, 0.5, "Bit error ratio of what it receives, before correction, from here on.").prefault(
      preFecBer,
    ),
    rxPower: real(-60, 30, `Light received, ${POWER}, from here down. Left out: no such line.`).optional(),
    bias: real(0, 10_000, "Bias of the laser, in mA, from here on. Left out: no such line.").optional(),
  };
}

/**
 * 70 °C is the upper end of the commercial range of case temperatures, 2.4e-4 what KP4 is specified
 * for (IEEE 802.3).
 */
export const optics = object(
  {
    temperature: quantity("temperature", {
      description: "Of the cases of modules that no fault warms. Left out: not told.",
      min: "-40C",
      max: "150C",
      examples: ["45C"],
    }).optional(),
    txPower: real(
      -60,
      30,
      `Light that modules send, ${POWER}; their control keeps it constant. Left out: not told.`,
    ).optional(),
    linkLoss: quantity("attenuation", {
      description: "Light that clean fibre and connectors take. Left out: light received is not told.",
      max: "60dB",
      examples: ["1.5dB"],
    }).optional(),
    laser: object(
      {
        bias: real(1e-3, 10_000, "Bias at 25 °C, in mA."),
        threshold: real(0, 10_000, "Threshold current at 25 °C, in mA."),
        characteristic: real(1, 1000, "Characteristic temperature of the threshold current, in K."),
      },
      "Bias of lasers, by their data sheet. Left out: not told.",
    ).optional(),
    warning: object(lines("70C", 1e-4), "Lines that warn.").prefault({}),
    alarm: object(lines("75C", 2.4e-4), "Lines that alarm.").prefault({}),
  },
  "What optical modules tell of themselves: changes telemetry and its lines, not the simulation.",
).prefault({});
