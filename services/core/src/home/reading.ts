import type { SensorMetrics } from "@azru/contracts";

/** What a room's sensors measured, and when by home time (Unix ms). */
export interface Reading {
  readonly room: string;
  readonly metrics: SensorMetrics;
  readonly timeMs: number;
}
