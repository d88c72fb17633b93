export { type HistoryRequest, toHistory } from "./history.ts";
export { HistoryError } from "./history-error.ts";
export type { Measurements, Samples } from "./measurements.ts";
export { type RecordedSelection, readMeasurements } from "./store.ts";
