import { types } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DOMException, isDOMException } from '../../src/core/dom-exception.js';

const codes: [name: string, constant: string, code: number][] = [
  ['IndexSizeError', 'INDEX_SIZE_ERR', 1],
  ['', 'DOMSTRING_SIZE_ERR', 2],
  ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR', 3],
  ['WrongDocumentError', 'WRONG_DOCUMENT_ERR', 4],
  ['InvalidCharacterError', 'INVALID_CHARACTER_ERR', 5],
  ['', 'NO_DATA_ALLOWED_ERR', 6],
  ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR', 7],
  ['NotFoundError', 'NOT_FOUND_ERR', 8],
  ['NotSupportedError', 'NOT_SUPPORTED_ERR', 9],
  ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR', 10],
  ['InvalidStateError', 'INVALID_STATE_ERR', 11],
  ['SyntaxError', 'SYNTAX_ERR', 12],
  ['InvalidModificationError', 'INVALID_MODIFICATION_ERR', 13],
  ['NamespaceError', 'NAMESPACE_ERR', 14],
  ['InvalidAccessError', 'INVALID_ACCESS_ERR', 15],
  ['', 'VALIDATION_ERR', 16],
  ['TypeMismatchError', 'TYPE_MISMATCH_ERR', 17],
  ['SecurityError', 'SECURITY_ERR', 18],
  ['NetworkError', 'NETWORK_ERR', 19],
  ['AbortError', 'ABORT_ERR', 20],
  ['URLMismatchError', 'URL_MISMATCH_ERR', 21],
  ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR', 22],
  ['TimeoutError', 'TIMEOUT_ERR', 23],
  ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR', 24],
  ['DataCloneError', 'DATA_CLONE_ERR', 25],
];

describe('a DOMException', () => {
  it.each(codes)('%s goes with %s, %i', (name, constant, code) => {
    if (name !== '') expect(new DOMException('', name).code).toBe(code);
    for (const holder of [DOMException, DOMException.prototype])
      expect(Object.getOwnPropertyDescriptor(holder, constant)).toEqual({
        value: code,
        writable: false,
        enumerable: true,
        configurable: false,
      });
  });

  it.each(['Error', 'TypeError', 'Abort', 'aborterror', 'DomstringSizeError', '-ValidationError', ''])(
    'has the code 0 under the name %o',
    (name) => {
      expect(new DOMException('', name).code).toBe(0);
    },
  );

  it('has defaults, and converts its arguments in order', () => {
    const plain = new DOMException();
    expect([plain.message, plain.name]).toEqual(['', 'Error']);
    const order: string[] = [];
    const text = (value: string) => ({ toString: () => (order.push(value), value) }) as unknown as string;
    const made = new DOMException(text('m'), text('n'));
    expect([order, made.message, made.name]).toEqual([['m', 'n'], 'm', 'n']);
    expect(new DOMException(null as never, null as never).name).toBe('null');
    expect(() => new DOMException(Symbol() as never)).toThrow(TypeError);
  });

  it('takes name and cause from an object', () => {
    const cause = new Error('first');
    const error = new DOMException('m', { name: 'DataCloneError', cause });
    expect([error.name, error.cause, error.code]).toEqual(['DataCloneError', cause, 25]);
    expect(Object.keys(error)).toEqual([]);
    expect('cause' in new DOMException('m', { name: 'X' })).toBe(false);
    expect(new DOMException('m', { cause }).name).toBe('Error');
  });

  it('is an error to language and engine, with a stack that names it', () => {
    const error = new DOMException('gone', 'AbortError');
    expect(error).toBeInstanceOf(Error);
    expect(types.isNativeError(error)).toBe(true);
    expect(String(error)).toBe('AbortError: gone');
    expect(error.stack).toMatch(/^AbortError: gone\n.*dom-exception\.test/);
    expect(Object.getOwnPropertyNames(error)).toEqual(['stack']);
  });

  it('has a stack where the engine cannot capture one on request', () => {
    const { captureStackTrace } = Error;
    Reflect.deleteProperty(Error, 'captureStackTrace');
    try {
      expect(new DOMException('gone', 'AbortError').stack).toContain('dom-exception.test');
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });

  it('can be subclassed', () => {
    class Mine extends DOMException {}
    const error = new Mine('m', 'AbortError');
    expect(error).toBeInstanceOf(Mine);
    expect(error.code).toBe(20);
  });

  it('is told from other errors, the native kind included', () => {
    expect(isDOMException(new DOMException())).toBe(true);
    expect(isDOMException(new globalThis.DOMException())).toBe(true);
    for (const value of [new Error(), { name: 'AbortError' }, null, { [Symbol.toStringTag]: 'DOMException' }])
      expect(isDOMException(value)).toBe(false);
  });
});
