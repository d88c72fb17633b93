/** Valid text with the faults that files and answers have: flipped bytes, cuts, lines twice, wild numbers. */
import fc from "fast-check";

type Mutation = (text: string) => string;

/** A place in a text, as a share of its length. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (text: string, share: number) => Math.floor(share * text.length);

const wildNumbers = [
  "1e308",
  "1e999",
  "-1e999",
  "99999999999999999999",
  "-0",
  "0",
  "-300",
  "4000",
  "0x10",
  "1_000",
  "NaN",
  "Infinity",
  "null",
  "",
  "1.7976931348623157e308",
  "-5e-324",
  "9007199254740993",
  "٣",
];
const fragments = [
  "\0",
  "\r",
  "\n",
  "\r\n",
  ",",
  ";",
  '"',
  '""',
  "\uFEFF",
  "\uD800",
  "\u2028",
  "{",
  "}",
  "[",
  "]",
  ":",
  '"__proto__":{"x":1},',
  '"constructor":1,',
  "é",
  "💥",
  "\\",
];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // a bit of a byte
  fc.tuple(place, fc.nat({ max: 7 })).map(
    ([share, bit]): Mutation =>
      (text) => {
        const i = at(text, share);
        return `${text.slice(0, i)}${String.fromCharCode((text.charCodeAt(i) || 0) ^ (1 << bit))}${text.slice(i + 1)}`;
      },
  ),
  // the beginning only
  place.map(
    (share): Mutation =>
      (text) =>
        text.slice(0, at(text, share)),
  ),
  // a line twice, or not at all
  fc.tuple(place, fc.constantFrom(0, 2)).map(
    ([share, times]): Mutation =>
      (text) => {
        const from = text.lastIndexOf("\n", at(text, share)) + 1;
        const next = text.indexOf("\n", from);
        const to = next < 0 ? text.length : next + 1;
        return text.slice(0, from) + text.slice(from, to).repeat(times) + text.slice(to);
      },
  ),
  // a number that is none, or a wild one
  fc.tuple(place, fc.constantFrom(...wildNumbers)).map(
    ([share, wild]): Mutation =>
      (text) => {
        const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
        number.lastIndex = at(text, share);
        const found = number.exec(text);
        return found ? text.slice(0, found.index) + wild + text.slice(number.lastIndex) : text + wild;
      },
  ),
  // something that does not belong there
  fc.tuple(place, fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary", maxLength: 8 }))).map(
    ([share, fragment]): Mutation =>
      (text) => {
        const i = at(text, share);
        return text.slice(0, i) + fragment + text.slice(i);
      },
  ),
  // a stretch missing, or twice
  fc.tuple(place, fc.nat({ max: 200 }), fc.constantFrom(0, 2)).map(
    ([share, length, times]): Mutation =>
      (text) => {
        const i = at(text, share);
        return text.slice(0, i) + text.slice(i, i + length).repeat(times) + text.slice(i + length);
      },
  ),
);

/** One to `most` faults in a text. */
export function mutated(text: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.array(mutation, { minLength: 1, maxLength: most }))
    .map(([valid, mutations]) => mutations.reduce((result, mutate) => mutate(result), valid));
}

/** Text of every kind, control characters and halves of characters included. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(...wildNumbers, ...fragments),
);
