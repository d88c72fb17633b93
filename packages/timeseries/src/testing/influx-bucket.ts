/** A bucket of a real InfluxDB, of which nothing stays behind. */
import { randomUUID } from "node:crypto";
import { InfluxDB } from "@influxdata/influxdb-client";
import { BucketsAPI, OrgsAPI } from "@influxdata/influxdb-client-apis";

interface InfluxBucket {
  readonly name: string;
  drop(): Promise<void>;
}

/** Needs a token that may make buckets in the organisation. */
export async function createInfluxBucket(url: string, token: string, org: string): Promise<InfluxBucket> {
  const client = new InfluxDB({ url, token });
  const { orgs } = await new OrgsAPI(client).getOrgs({ org });
  const orgID = orgs?.[0]?.id;
  if (orgID === undefined) throw new Error(`${url} has no organisation ${org}`);
  const api = new BucketsAPI(client);
  const { id, name } = await api.postBuckets({ body: { orgID, name: `test-${randomUUID()}` } });
  if (id === undefined) throw new Error(`${url} does not show the id of bucket ${name}`);
  return { name, drop: () => api.deleteBucketsID({ bucketID: id }) };
}
