export { dayMs, homeDay, homeHour, homeInstant, homeMinute, hourMs, parseHomeTime } from "./home-time.ts";
