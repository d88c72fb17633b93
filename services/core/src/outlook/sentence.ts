const longest = 500; // characters of a sentence in a message

/** A text short enough for a message. */
export function sentenceOf(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;
}
