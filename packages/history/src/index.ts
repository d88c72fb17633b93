export { type HistoryRequest, toHistory } from "./history.ts";
export { HistoryError } from "./history-error.ts";
export type { Measurements, Samples } from "./measurements.ts";
export { readMeasurements } from "./store.ts";
