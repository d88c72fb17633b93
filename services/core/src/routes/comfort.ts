/** Comfort requests. */
import {
  comfortResponseSchema,
  comfortSettingsSchema,
  controlPresenceBodySchema,
  controlPresetBodySchema,
  controlRoomBodySchema,
  controlSetpointBodySchema,
  controlVacationBodySchema,
} from "@azru/contracts";
import { tokenScheme } from "../plugins/access.ts";
import { type Router, refusals } from "./router.ts";

export function comfortRoutes({ app, core, changing }: Router): void {
  const { comfort } = core;
  const common = {
    tags: ["comfort"],
    security: [tokenScheme],
    response: { 200: comfortResponseSchema, ...refusals },
  };

  app.get(
    "/comfort",
    {
      schema: {
        tags: ["comfort"],
        summary: "What is requested, what of it holds now and until when, and the next 7 days",
        response: { 200: comfortResponseSchema },
      },
    },
    async () => comfort.response,
  );

  app.put(
    "/comfort",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Presets, weekly schedule, setpoints of an empty home: all of them anew",
        body: comfortSettingsSchema,
      },
    },
    async ({ body }) => comfort.setSettings(body),
  );

  app.post(
    "/control/preset",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Another preset for a while, or back to the schedule",
        body: controlPresetBodySchema,
      },
    },
    async ({ body }) => comfort.setPreset(body),
  );

  app.post(
    "/control/setpoint",
    {
      ...changing(),
      schema: { ...common, summary: "Another setpoint for a while", body: controlSetpointBodySchema },
    },
    async ({ body }) => comfort.setSetpoint(body),
  );

  app.post(
    "/control/room",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "Another setpoint or preset for a while in one room that is heated by itself, or off",
        body: controlRoomBodySchema,
      },
    },
    async ({ body }) => core.setRoom(body),
  );

  app.post(
    "/control/presence",
    {
      ...changing(),
      schema: { ...common, summary: "Somebody is home, or nobody", body: controlPresenceBodySchema },
    },
    async ({ body }) => comfort.setPresence(body.present),
  );

  app.post(
    "/control/vacation",
    {
      ...changing(),
      schema: {
        ...common,
        summary: "A vacation: cool until the return, and warm by then",
        body: controlVacationBodySchema,
      },
    },
    async ({ body }) => comfort.setVacation(body),
  );

  app.delete(
    "/control/vacation",
    { ...changing(), schema: { ...common, summary: "No vacation after all, or back early" } },
    async () => comfort.endVacation(),
  );
}
