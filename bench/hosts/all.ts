/** The hosts, in the order in which they are run. */
import type { Host } from './host.js';
import { nodeHost } from './node.js';

export const allHosts: readonly Host[] = [nodeHost];
