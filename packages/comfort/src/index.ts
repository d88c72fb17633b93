export { comfortCourse, isAway, type Stretch, stepSetpoints_c } from "./course.ts";
export { defaultWishes, scheduleAlone, settled } from "./wishes.ts";
