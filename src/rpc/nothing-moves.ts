import type { TransferList } from '../channel/transfer-list.js';

/** The transfer list of a message that moves nothing. */
export const nothingMoves: TransferList = { buffers: new Set(), ports: [] };
