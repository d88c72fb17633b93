import { storeVariables, type Variables } from "@azru/runtime";
import { z } from "zod";

/** What the environment may set. */
export const variables = {
  url: {
    env: "INFLUXDB_URL",
    schema: z.url({ protocol: /^https?$/ }).default("http://localhost:8086"),
    description: "the InfluxDB",
  },
  adminToken: {
    env: "INFLUXDB_ADMIN_TOKEN",
    schema: z.string(),
    description: "the operator token that InfluxDB was set up with",
    secret: true,
  },
  org: storeVariables.influxOrg,
  bucket: storeVariables.influxBucket,
  secretsFolder: {
    env: "AZRU_SECRETS",
    schema: z.string().default("/secrets"),
    description: "where the services' secrets are mounted, one folder each",
  },
} satisfies Variables;
