/** All curves, by area. */
import type { Curve } from '../curve.js';
import { callCurves } from './calls.js';
import { graphCurves } from './graphs.js';
import { portCurves } from './ports.js';
import { routineCurves } from './routines.js';
import { taskCurves } from './tasks.js';
import { timerCurves } from './timers.js';
import { waiterCurves } from './waiters.js';

export const curves: readonly Curve[] = [
  ...taskCurves,
  ...timerCurves,
  ...routineCurves,
  ...waiterCurves,
  ...graphCurves,
  ...portCurves,
  ...callCurves,
];

export const areas: readonly string[] = [...new Set(curves.map(({ area }) => area))];
