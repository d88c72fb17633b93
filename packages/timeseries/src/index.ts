export { type EmbeddedStoreOptions, openEmbeddedStore } from "./embedded.ts";
export { claimFolder } from "./folder-claim.ts";
export { type InfluxConnection, type InfluxStoreOptions, openInfluxStore } from "./influx.ts";
export { type OpenedStore, type OpenStoreOptions, openStore } from "./open-store.ts";
export { type Origin, storeOf, tagsOf } from "./origin.ts";
export { setAside } from "./resilient.ts";
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
export { thinned } from "./thin.ts";
