import { guardLayer } from './guard.js';

guardLayer('codec');
