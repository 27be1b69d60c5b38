/** `@ungap/structured-clone` brings no types, and those of DefinitelyTyped know no JSON form. */
declare module '@ungap/structured-clone' {
  export function serialize(value: unknown): unknown;
  export function deserialize(records: unknown): unknown;
}
declare module '@ungap/structured-clone/json' {
  export function stringify(value: unknown): string;
  export function parse(text: string): unknown;
}
