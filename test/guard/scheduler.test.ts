import { guardLayer } from './guard.js';

guardLayer('scheduler');
