import { guardLayer } from './guard.js';

guardLayer('go');
