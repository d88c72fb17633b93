/**
 * Gives every buffer memory of its own, in the whole process, instead of a slice of one that Node shares among them.
 *
 * mqtt-packet keeps a buffer of two bytes for each length of a packet that it has written. As slices they kept 64 KB
 * each in Node 24, 8 KB before: a core whose plans differ in length grew by megabytes a day. By themselves all that
 * there can be, 16,384, take some 3 MB.
 *
 * @see https://github.com/mqttjs/mqtt-packet/issues/163
 */
export function separateSmallBuffers(): void {
  Buffer.poolSize = 0;
}
