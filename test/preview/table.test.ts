import { describe, expect, it } from 'vitest';
import { percentile } from '../../miniprogram-demo/preview/driver.js';
import { RowReport, formatTable } from '../../miniprogram-demo/preview/table.js';

describe('the report of a check', () => {
  it('fails by a value outside its limits and by an unmet check, and by nothing else', () => {
    const good = new RowReport();
    good.measure('free', 900, 'ms');
    good.measure('met', 16, 'ms', { max: 16 });
    good.note('said', 'so');
    expect(good.failed).toBe(false);
    const slow = new RowReport();
    slow.measure('block', 16.1, 'ms', { max: 16 });
    expect(slow.failed).toBe(true);
    const unmet = new RowReport();
    expect(unmet.check('there', false)).toBe(false);
    expect(unmet.failed).toBe(true);
  });

  it('fails by what is no number', () => {
    const report = new RowReport();
    report.measure('nothing', NaN, 'ms', { max: 16 });
    expect(report.failed).toBe(true);
  });

  it('is printed in columns, Chinese characters two wide', () => {
    const report = new RowReport();
    report.measure('最长 longest', 12.345, 'ms', { max: 16 });
    report.check('b', false, 'x');
    expect(formatTable('T', report.rows)).toBe(
      'T\n  ✓  最长 longest  12.3 ms  ≤ 16 ms\n  ✗  b             x',
    );
  });
});

describe('percentiles', () => {
  it('are values that occurred', () => {
    expect(percentile([5, 1, 3], 0.5)).toBe(3);
    expect(percentile([5, 1, 3], 0.99)).toBe(5);
    expect(percentile([], 0.5)).toBe(0);
  });
});
