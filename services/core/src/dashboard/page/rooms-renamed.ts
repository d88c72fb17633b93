/** What became of rooms whose names were written anew. */

/** By a room's name of before, its name now; rooms that are gone are not in it. */
export function roomsRenamed(before: readonly string[], now: readonly string[]): Map<string, string> {
  const renamed = new Map<string, string>();
  before.forEach((room, i) => {
    if (now.includes(room)) renamed.set(room, room);
    else if (before.length === now.length) renamed.set(room, now[i]);
  });
  return renamed;
}
