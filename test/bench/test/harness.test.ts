import { describe, expect, it, vi } from 'vitest';
import { within } from '../harness/limit.js';
import { Recorder } from '../harness/recorder.js';
import { Tally } from '../harness/tally.js';

describe('Tally', () => {
  it('ends with the last expected task and notes when', async () => {
    let nowMs = 0;
    const tally = new Tally(3, () => nowMs);
    for (nowMs = 1; nowMs <= 3; nowMs++) tally.task();
    await tally.finished;
    expect(tally.endMs).toBe(3);
    tally.assertExact();
  });

  it('finds tasks that ran too often, or not at all', () => {
    const often = new Tally(1, () => 0);
    often.task();
    often.task();
    expect(() => often.assertExact()).toThrow('ran 2 tasks where 1 were to run');
    expect(() => new Tally(2, () => 0).assertExact()).toThrow('ran 0 tasks where 2 were to run');
  });

  it('expects fewer after a cancel, also when those have run already', async () => {
    const tally = new Tally(4, () => 7);
    tally.task();
    tally.task();
    tally.expect(2);
    await tally.finished;
    expect(tally.endMs).toBe(7);
    tally.assertExact();
  });
});

describe('Recorder', () => {
  it('keeps samples by workload, subject and metric, in their order', () => {
    const recorder = new Recorder();
    recorder.record('run', 'a', 'cost', 2);
    recorder.record('run', 'b', 'cost', 9);
    recorder.record('run', 'a', 'cost', 1);
    expect(recorder.samples('run', 'a', 'cost')).toEqual([2, 1]);
    expect(recorder.samples('run', 'a', 'other')).toEqual([]);
    expect(recorder.series).toHaveLength(2);
  });

  it('refuses what is no figure', () => {
    expect(() => new Recorder().record('run', 'a', 'cost', 0 / 0)).toThrow('run, a: cost is NaN');
  });

  it('drops what a subject had in the workload in which it failed, and nothing else', () => {
    const recorder = new Recorder();
    for (const workload of ['run', 'cancel']) recorder.record(workload, 'a', 'cost', 1);
    recorder.exclude('run', 'a', 'hangs');
    recorder.record('run', 'a', 'cost', 2); // A sample that was given up and ends late.
    expect(recorder.samples('run', 'a', 'cost')).toEqual([]);
    expect(recorder.samples('cancel', 'a', 'cost')).toEqual([1]);
    expect(recorder.isExcluded('run', 'a')).toBe(true);
    expect(recorder.isExcluded('cancel', 'a')).toBe(false);
  });

  it('leaves out of every workload who cannot run at all', () => {
    const recorder = new Recorder();
    recorder.exclude('', 'a', 'needs a window');
    expect(recorder.isExcluded('run', 'a')).toBe(true);
    expect(recorder.absences).toEqual([{ workload: '', subject: 'a', reason: 'needs a window' }]);
  });
});

describe('within', () => {
  it('gives up what never comes, and says what happened until then', async () => {
    const timer = vi.fn<(callback: () => void, delayMs: number) => void>();
    const outcome = within(new Promise(() => undefined), 3000, timer, () => 'ran 1 of 2');
    const [callback, delayMs] = timer.mock.calls[0]!;
    expect(delayMs).toBe(3000);
    callback();
    await expect(outcome).rejects.toThrow('ran 1 of 2');
  });

  it('hands on what comes in time', async () => {
    await expect(within(Promise.resolve(5), 10, () => undefined)).resolves.toBe(5);
    await expect(within(Promise.reject(new Error('no')), 10, () => undefined)).rejects.toThrow('no');
  });
});
