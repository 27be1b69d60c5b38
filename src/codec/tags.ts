/**
 * The text form of a message.
 *
 * A message that JSON can say is that JSON. Any other is `{"~":[root, entry1, entry2, …]}`: a side table whose entry
 * 0 is the value itself and whose other entries are the objects that JSON has no word for, that are met more than once,
 * or that lie deeper than `maxDepth`. Inside such a message only strings can be tags: they begin with `~`, and a
 * user's string that begins so is written with one `~` more. Objects and arrays are always data.
 *
 * | string | value |
 * |---|---|
 * | `~~text` | the string `~text` |
 * | `~12` | the object of entry 12 |
 * | `~12.5` | row 5 of the table in entry 12 |
 * | `~@12` `~@12.5` | in the first column of a table: the whole row is that object; its other cells are `~h` |
 * | `~u` `~n` `~i` `~j` `~z` `~h` | undefined, NaN, Infinity, -Infinity, -0, a hole in an array or a cell that a row has not |
 * | `~gff` `~g-ff` | a BigInt in hexadecimal |
 * | `~p3` | the platform object transferred as number 3 |
 * | `~d86400000` `~d` | a Date; an invalid one |
 * | `~rgi/source` | a RegExp: flags, slash, source |
 * | `~T` `~F` | a Boolean object |
 * | `~N1.5` `~Nn` `~Ni` `~Nj` `~Nz` | a Number object |
 * | `~Stext` | a String object |
 * | `~Gff` | a BigInt object |
 * | `~b2` `~b2,1024` | ArrayBuffer number 2; resizable up to 1024 bytes |
 * | `~vUint8Array,5,0,10` `~vUint8Array,5,0` | a view on the buffer of entry 5 from byte 0, of length 10; to the end |
 *
 * | entry | object |
 * |---|---|
 * | an object | that plain object |
 * | a string | one of the object tags above |
 * | `["A", array]` | that array |
 * | `["a", length, {key: value}]` | an array with holes or properties of its own |
 * | `["T", [key, …], [cell, …], …]` | an array of objects with the same keys: for each key the column of its cells |
 * | `["R", name, data]` | an instance of the registered type of that name |
 * | `["M", key, value, …]` | a Map |
 * | `["S", member, …]` | a Set |
 * | `["E", name, message, stack]` `["E", name, message, stack, cause]` | an Error; `null` for what is absent |
 * | `["X", name, message, stack]` | a DOMException |
 */

/** The first character of every tag, and the key of the side table. */
export const MARK = '~';
export const MARK_CODE = 126;

/** A number that JSON cannot say, by its letter. */
export const specialNumbers: Readonly<Record<string, number>> = { n: NaN, i: Infinity, j: -Infinity, z: -0 };

/** The letter of a number that JSON cannot say, or the empty string. */
export function specialLetter(value: number): string {
  if (value === 0) return 1 / value < 0 ? 'z' : '';
  if (value - value === 0) return '';
  return value !== value ? 'n' : value > 0 ? 'i' : 'j';
}

/** The names an Error may have after a clone; any other becomes `Error`, as the standard says. */
export const errorNames: readonly string[] = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
];
