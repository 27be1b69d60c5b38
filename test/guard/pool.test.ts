import { guardLayer } from './guard.js';

guardLayer('pool');
