/** The other thread with Comlink. */
import { expose } from 'comlink';
import type { Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Serve } from '../../../harness/kit.js';
import { add, visit, weigh } from '../api.js';

export const serve: Serve = ({ native, host }) => {
  const api = { add, weigh, visit };
  if (host === 'node') expose(api, nodeEndpoint(native));
  else expose(api, native as Endpoint);
};
