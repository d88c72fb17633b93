/** The tokens with which services reach the InfluxDB: each may do what its service does, in one bucket. */
import { chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InfluxDB } from "@influxdata/influxdb-client";
import { type Authorization, AuthorizationsAPI, BucketsAPI, OrgsAPI } from "@influxdata/influxdb-client-apis";

type Action = "read" | "write";

/** Who gets a token, and what it may do; the folder is below the one of all secrets. */
const grants: readonly { readonly service: string; readonly actions: readonly Action[] }[] = [
  { service: "core", actions: ["read", "write"] },
  { service: "grafana", actions: ["read"] },
];

export interface TokenFile {
  readonly file: string;
  /** False where the file already held the token. */
  readonly created: boolean;
}

/**
 * Makes sure that each service has a token, in `<secretsFolder>/<service>/influxdb_token`, that this InfluxDB
 * takes. A token that exists is kept, also where its file was lost; a file whose token the InfluxDB does not
 * know (another one, or one set up anew) is replaced.
 *
 * @throws Error when the organisation or the bucket does not exist, HttpError when the InfluxDB refuses
 */
export async function ensureTokens(
  client: InfluxDB,
  target: { readonly org: string; readonly bucket: string },
  secretsFolder: string,
): Promise<TokenFile[]> {
  const { orgs } = await new OrgsAPI(client).getOrgs({ org: target.org });
  const orgID = orgs?.[0]?.id;
  if (orgID === undefined) throw new Error(`there is no organisation ${target.org}`);
  const { buckets } = await new BucketsAPI(client).getBuckets({ orgID, name: target.bucket });
  const bucketID = buckets?.[0]?.id;
  if (bucketID === undefined) throw new Error(`there is no bucket ${target.bucket}`);

  const api = new AuthorizationsAPI(client);
  const existing = (await api.getAuthorizations({ orgID })).authorizations ?? [];
  const files: TokenFile[] = [];
  for (const { service, actions } of grants) {
    const description = `azru ${service}`;
    const usable = ({ status, token, description: name }: Authorization) =>
      name === description && status === "active" && token;
    const { token } =
      existing.find(usable) ??
      (await api.postAuthorizations({
        body: {
          orgID,
          description,
          permissions: actions.map((action) => ({
            action,
            resource: { type: "buckets", id: bucketID, orgID },
          })),
        },
      }));
    if (!token) throw new Error(`InfluxDB does not show the token of ${description}`);
    const file = join(secretsFolder, service, "influxdb_token");
    files.push({ file, created: keep(file, token) });
  }
  return files;
}

/** Writes a secret that only the owner of its folder reads; false where it is there already. */
function keep(file: string, token: NonNullable<Authorization["token"]>): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === token) return false;
  const { uid, gid } = statSync(dirname(file));
  writeFileSync(`${file}.new`, token, { mode: 0o400, flush: true });
  chownSync(`${file}.new`, uid, gid);
  renameSync(`${file}.new`, file);
  return true;
}
