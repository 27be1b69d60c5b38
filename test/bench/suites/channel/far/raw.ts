/** The second thread without us. */
import type { Serve } from '../../../harness/kit.js';
import { serveAt } from './serve.js';

export const serve: Serve = ({ parent, pipeOf }) => serveAt(parent, pipeOf);
