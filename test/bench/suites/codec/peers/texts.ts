/** Peers whose wire form is JSON text. */
import { textCodec } from './peer.js';
import type { Peer } from './peer.js';

const tags = ['text'];

/** Its own JSON form; `lossy` by its choice. */
export const ungapJson: Peer = {
  name: '@ungap/structured-clone json',
  tags,
  async load() {
    const { stringify, parse } = await import('@ungap/structured-clone/json');
    return textCodec(stringify, parse);
  },
};

/** Errors by a reducer and a reviver as its documentation shows them, for it leaves out nothing else that we measure. */
export const devalue: Peer = {
  name: 'devalue',
  tags,
  async load() {
    const { stringify, parse } = await import('devalue');
    const reducers = { Error: (value: unknown) => value instanceof Error && value.message };
    const revivers = { Error: (message: string) => new Error(message) };
    return textCodec(
      (value) => stringify(value, reducers),
      (text): unknown => parse(text, revivers),
    );
  },
};

export const superjson: Peer = {
  name: 'superjson',
  tags,
  async load() {
    const { stringify, parse } = (await import('superjson')).default;
    return textCodec(stringify, parse);
  },
};

/** The form without `eval`, which mini-programs do not have, and without the limits that it sets to what it does not trust. */
export const seroval: Peer = {
  name: 'seroval',
  tags,
  async load() {
    const { toJSON, fromJSON } = await import('seroval');
    const limits = { depthLimit: Number.MAX_SAFE_INTEGER, maxBase64Length: Number.MAX_SAFE_INTEGER };
    return textCodec(
      (value) => JSON.stringify(toJSON(value, { depthLimit: Number.MAX_SAFE_INTEGER })),
      (text) => fromJSON(JSON.parse(text) as Parameters<typeof fromJSON>[0], limits),
    );
  },
};

export const flatted: Peer = {
  name: 'flatted',
  tags,
  async load() {
    const { stringify, parse } = await import('flatted');
    return textCodec((value) => stringify(value), parse);
  },
};

/** Of any depth: by itself it cuts off at ten levels. */
export const telejson: Peer = {
  name: 'telejson',
  tags,
  async load() {
    const { stringify, parse } = await import('telejson');
    return textCodec(
      (value) => stringify(value, { maxDepth: Infinity }),
      (text): unknown => parse(text, { maxDepth: Infinity }),
    );
  },
};
