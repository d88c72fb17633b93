/** Whether what is written there may be coloured: a terminal that shows colours, and no NO_COLOR in the environment. */
export function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors();
}
