export { ceilingAt_c, highestCeiling_c, stepCeilings_c } from "./ceiling.ts";
export { comfortCourse, isAway, isSameRequest, type Stretch, stepSetpoints_c } from "./course.ts";
export { defaultRequests, newHomeRequests, scheduleAlone, settled } from "./requests.ts";
export { isRoomOff, off_c, type RoomWithRequest, roomRequests, roomSetpoints_c } from "./room-requests.ts";
