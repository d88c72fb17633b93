import type { Variables } from "@azru/runtime";
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
  org: { env: "INFLUXDB_ORG", schema: z.string().default("azru"), description: "organisation" },
  bucket: { env: "INFLUXDB_BUCKET", schema: z.string().default("home-energy"), description: "bucket" },
  secretsFolder: {
    env: "AZRU_SECRETS",
    schema: z.string().default("/secrets"),
    description: "where the services' secrets are mounted, one folder each",
  },
} satisfies Variables;
