/** What the raw worker and its caller say to each other: plain objects, told apart by what they have. */

export type RawRequest =
  | { readonly id: number; readonly a: number; readonly b: number }
  /** So many callbacks, each of which is to be answered; then `done`. */
  | { readonly visit: number }
  /** A callback was dealt with. */
  | { readonly visited: number }
  /** So many items, then `done`. */
  | { readonly items: number }
  | { readonly id: number; readonly buffer: ArrayBuffer; readonly at: number };

export type RawResponse =
  | { readonly id: number; readonly result: number }
  | { readonly callback: number }
  | { readonly item: number }
  | { readonly done: true };
