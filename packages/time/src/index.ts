export { homeDay, homeHour, homeInstant, homeMinute, parseHomeTime } from "./home-time.ts";
