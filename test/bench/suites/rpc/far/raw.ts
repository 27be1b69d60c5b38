/** The raw worker: the least that answers a call. */
import type { RawPipe, Serve } from '../../../harness/kit.js';
import { WINDOW, add, weigh } from '../api.js';
import type { RawRequest, RawResponse } from '../raw-protocol.js';

export const serve: Serve = ({ parent }) => serveRaw(parent);

export function serveRaw(pipe: RawPipe): void {
  const post = (response: RawResponse): void => pipe.post(response);
  let [called, dealtWith, wanted] = [0, 0, 0];

  /** As many callbacks as a window allows; the next when all of it were dealt with. */
  function callBack(): void {
    if (dealtWith === wanted) post({ done: true });
    else for (const end = Math.min(wanted, called + WINDOW); called < end;) post({ callback: ++called });
  }

  pipe.listen((received) => {
    const request = received as RawRequest;
    if ('a' in request) post({ id: request.id, result: add(request.a, request.b) });
    else if ('buffer' in request) post({ id: request.id, result: weigh(request.buffer, request.at) });
    else if ('visited' in request) {
      if (++dealtWith === called) callBack();
    } else if ('visit' in request) {
      [called, dealtWith, wanted] = [0, 0, request.visit];
      callBack();
    } else {
      for (let item = 1; item <= request.items; item++) post({ item });
      post({ done: true });
    }
  });
}
