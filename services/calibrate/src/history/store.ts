import { RunError } from "@azru/command-line";
import { type Measurements, readMeasurements } from "@azru/history";
import type { StoreConfig } from "@azru/runtime";
import { openStore, StoreError, storeOf } from "@azru/timeseries";
import type { Request } from "../command.ts";

/**
 * Reads measurements of the live home, or of a simulated run, from the store that is configured.
 *
 * @throws HistoryError in one line when there is nothing to read
 * @throws RunError in one line when the store cannot be read
 */
export async function readStore(request: Request, { influx, storeFile }: StoreConfig): Promise<Measurements> {
  try {
    const { store, reason } = await openStore({ influx, filePath: storeFile });
    try {
      // A home that has been real from some day on is judged by what was measured since, not by its simulation.
      const real = storeOf(store, "real");
      const measured = await real.last({
        measurement: "sensors",
        tags: { run: null },
        fields: ["temperature"],
      });
      const isReal = request.run !== undefined || measured.length > 0;
      return await readMeasurements(isReal ? real : storeOf(store, "simulated"), request, reason);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError) throw new RunError(error.message);
    throw error;
  }
}
