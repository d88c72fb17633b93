/** The file of a home's heated rooms. */
import { roomsFileSchema } from "@azru/contracts";
import { exampleFile } from "@azru/contracts/building-file";
import { settingsFile } from "@azru/runtime/settings-file";

export const roomsFile = settingsFile({
  variable: "AZRU_ROOMS",
  schema: roomsFileSchema,
  page: "docs/rooms.md",
  advice: `copy ${exampleFile("examples/rooms/rooms.example.yaml")} there`,
});
