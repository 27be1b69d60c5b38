/** The hosts, in the order in which they are run. */
import { chromiumHost } from './chromium.js';
import type { Host } from './host.js';
import { jitlessHost, nodeHost } from './node.js';
import { previewHost } from './preview.js';

export const allHosts: readonly Host[] = [nodeHost, jitlessHost, chromiumHost, previewHost];
