// What the greenhouse offers. Each line belongs to one module.
export { averageOf } from "./sensors.js";
