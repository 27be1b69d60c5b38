import { guardLayer } from './guard.js';

guardLayer('rpc');
