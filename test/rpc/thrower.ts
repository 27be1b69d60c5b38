/** What throws, in a file of its own, so that a stack tells it from its caller. */
export function throwRange(): never {
  throw new RangeError('out of range');
}
