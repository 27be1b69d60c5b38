/** Messages between the logic thread and the network thread. */

export type NetworkRequest =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly url: string;
      readonly method: string;
      readonly header: Readonly<Record<string, string>>;
      readonly body: string | ArrayBuffer | null;
      readonly timeoutMs: number;
      readonly binary: boolean;
    }
  | { readonly type: 'abort'; readonly id: number };

export type NetworkReply =
  | { readonly type: 'headers'; readonly id: number; readonly header: Readonly<Record<string, string>> }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly status: number;
      readonly header: Readonly<Record<string, string>>;
      readonly body: string | ArrayBuffer;
    }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
