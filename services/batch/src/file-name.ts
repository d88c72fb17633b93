/** A name as part of a file's: letters, digits and `_.-`, so that it stays readable and no shell or file system minds it. */
export function fileNameOf(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "_");
}
