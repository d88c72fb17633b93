/** Environment variables that processes of one home must agree on, for their declarations of what they read. */
import { z } from "zod";
import { roomNameSchema, topicLevelSchema } from "./quantities.ts";
import { defaultSite } from "./topics.ts";

export const homeVariables = {
  site: {
    env: "AZRU_SITE",
    schema: topicLevelSchema.default(defaultSite),
    description: "first level of every MQTT topic",
  },
  building: {
    env: "AZRU_BUILDING",
    schema: z.string().default("examples/buildings/medium.json"),
    description: "file of the building",
  },
  room: {
    env: "AZRU_ROOM",
    schema: roomNameSchema.default("living-room"),
    description: "the heated room, in its topics",
  },
};
