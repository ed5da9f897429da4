/** The average of the readings of several sensors, in degrees Celsius. */
export function averageOf(readings) {
  if (readings.length === 0) throw new Error("there are no readings");
  return readings.reduce((sum, reading) => sum + reading, 0) / readings.length;
}
