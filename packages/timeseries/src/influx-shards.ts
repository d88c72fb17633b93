/** In which shard of an InfluxDB a line is: the server writes, and answers, for each shard on its own. */
import type { InfluxDB } from "@influxdata/influxdb-client";
import { BucketsAPI } from "@influxdata/influxdb-client-apis";

/** The shortest shard that InfluxDB allows, and of what its others are made. */
export const shortestShardMs = 3_600_000;

/** From where InfluxDB counts shards: Go's zero time, a Monday. */
const shardOriginMs = Date.parse("0001-01-01T00:00:00Z");

/**
 * How much time a shard of a bucket covers, ms; the shortest where the server does not say, as parts of
 * shards only cost more requests.
 *
 * @throws HttpError and the errors of a connection
 */
export async function readShardMs(client: InfluxDB, org: string, bucket: string): Promise<number> {
  const { buckets } = await new BucketsAPI(client).getBuckets({ org, name: bucket });
  const [retention] = buckets?.[0]?.retentionRules ?? [];
  return (retention?.shardGroupDurationSeconds ?? 0) * 1000 || shortestShardMs;
}

/** Lines of line protocol, timed in milliseconds, by the shard that they go to; in order within each. */
export function groupByShard(lines: readonly string[], shardMs: number): string[][] {
  const shards = new Map<number, string[]>();
  for (const line of lines) {
    const shard = Math.floor((timeMsOf(line) - shardOriginMs) / shardMs);
    const known = shards.get(shard);
    if (known) known.push(line);
    else shards.set(shard, [line]);
  }
  return [...shards.values()];
}

function timeMsOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(" ") + 1));
}
