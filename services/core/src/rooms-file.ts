/** The file of a home's heated rooms. */
import { roomsFileSchema } from "@azru/contracts";
import { settingsFile } from "@azru/runtime/settings-file";

export const roomsFile = settingsFile({
  variable: "AZRU_ROOMS",
  schema: roomsFileSchema,
  page: "docs/rooms.md",
  advice: "copy examples/rooms/rooms.example.yaml there",
});
