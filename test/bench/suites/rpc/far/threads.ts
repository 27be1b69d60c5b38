/** The other thread with threads.js. */
import { Observable } from 'threads/observable';
import { expose } from 'threads/worker';
import type { Serve } from '../../../harness/kit.js';
import { add, weigh } from '../api.js';

export const serve: Serve = () => {
  expose({
    add,
    weigh,
    items: (count: number) =>
      new Observable<number>((observer) => {
        for (let n = 1; n <= count; n++) observer.next(n);
        observer.complete();
      }),
  });
};
