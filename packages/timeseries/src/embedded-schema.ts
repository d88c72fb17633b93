/** The tables of the embedded store's file. */
import type { DatabaseSchema } from "./database.ts";

/**
 * Points lie in one table a measurement, `points_<measurement.id> (series, time_ms, f<field.id>, ...)`, created
 * with the measurement: a row a point costs a quarter of a row a value in bytes and in pages touched by a write.
 */
export const embeddedSchema: DatabaseSchema = {
  applicationId: 0x417a7275, // "Azru"
  migrations: [
    `CREATE TABLE measurement (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE
   );
   CREATE TABLE field (
     id INTEGER PRIMARY KEY,
     measurement INTEGER NOT NULL REFERENCES measurement,
     name TEXT NOT NULL,
     kind TEXT NOT NULL CHECK (kind IN ('number', 'string', 'boolean')),
     UNIQUE (measurement, name)
   );
   CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     measurement INTEGER NOT NULL REFERENCES measurement,
     tags TEXT NOT NULL, -- JSON object, keys sorted
     UNIQUE (measurement, tags)
   );`,
  ],
};
