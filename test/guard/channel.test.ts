import { guardLayer } from './guard.js';

guardLayer('channel');
