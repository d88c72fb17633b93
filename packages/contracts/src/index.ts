export type { Point } from "./point.ts";
