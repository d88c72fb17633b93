export { type EmbeddedStoreOptions, openEmbeddedStore } from "./embedded.ts";
export type {
  Aggregate,
  FieldValue,
  LastValue,
  LossReason,
  PurgeSelection,
  Series,
  SeriesQuery,
  SeriesSelection,
  StoreStats,
  TimeSeriesStore,
  WriteProblem,
} from "./store.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
