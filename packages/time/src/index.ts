export { homeDay, homeInstant, homeMinute, parseHomeTime } from "./home-time.ts";
