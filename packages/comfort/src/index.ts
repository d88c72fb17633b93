export { ceilingAt_c, highestCeiling_c, stepCeilings_c } from "./ceiling.ts";
export { comfortCourse, isAway, type Stretch, stepSetpoints_c } from "./course.ts";
export { isOff, off_c, roomSetpoints_c, roomWishes } from "./room-wishes.ts";
export { defaultWishes, newHomeWishes, scheduleAlone, settled } from "./wishes.ts";
