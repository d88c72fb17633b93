/** Names of rooms, for schemas, and for pages that do without them. */

export const roomNamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_.,&'’() -]{0,62}[\p{L}\p{M}\p{N}_)-])?$/u;

/** Words that other topics of a site begin with. */
export const reservedRooms = ["sensors", "sys", "mpc", "control"];

/** Whether a room cannot be called so although its letters allow it: rooms are fields of records as well. */
export function isReservedRoom(name: string): boolean {
  return reservedRooms.includes(name) || name in Object.prototype;
}

/** Whether a room can be called so. */
export function isRoomName(name: string): boolean {
  return roomNamePattern.test(name) && !isReservedRoom(name);
}

/** Heated rooms that a home is set up with at most. */
export const mostHeatedRooms = 20;
