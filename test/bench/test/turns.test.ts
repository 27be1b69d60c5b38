import { describe, expect, it } from 'vitest';
import { OneAtATime, connected, sampleOf } from '../harness/turns.js';

describe('a subject with a second thread', () => {
  it('stays connected where there can be many threads, and is sampled once', async () => {
    const subject = connected('a', { count: 0 });
    const sample = (connection: { count: number }) => Promise.resolve(++connection.count);
    expect(await sampleOf(subject, sample)).toBe(1);
    expect(await sampleOf(subject, sample)).toBe(2);
  });

  it('has a thread of its own for each sample where there can be but one, and warms it up', async () => {
    const log: string[] = [];
    let opened = 0;
    const subject = new OneAtATime(2).reachable('a', (began) => {
      log.push(`open ${String(++opened)}`);
      began(() => void log.push('close'));
      return Promise.resolve(opened);
    });
    let samples = 0;
    const sample = (connection: number) => {
      log.push(`sample on ${String(connection)}`);
      return Promise.resolve(++samples);
    };
    expect(await sampleOf(subject, sample)).toBe(3);
    expect(log).toEqual(['open 1', 'sample on 1', 'sample on 1', 'sample on 1', 'close']);
    await sampleOf(subject, sample);
    expect(log.slice(5)).toEqual(['open 2', 'sample on 2', 'sample on 2', 'sample on 2', 'close']);
  });

  it('ends the thread of a sample that failed, so that the next can begin', async () => {
    let isOpen = false;
    const subject = new OneAtATime(1).reachable('a', (began) => {
      isOpen = true;
      began(() => void (isOpen = false));
      return Promise.resolve(null);
    });
    await expect(sampleOf(subject, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(isOpen).toBe(false);
  });

  it('ends the thread of a sample that never came to its end, before the next begins', async () => {
    const log: string[] = [];
    const turns = new OneAtATime(1);
    const open = (name: string) =>
      turns.reachable(name, (began) => {
        log.push(`open ${name}`);
        began(() => void log.push(`close ${name}`));
        return name === 'stuck' ? new Promise<null>(() => undefined) : Promise.resolve(null);
      });
    void sampleOf(open('stuck'), () => Promise.resolve());
    await sampleOf(open('next'), () => Promise.resolve());
    expect(log).toEqual(['open stuck', 'close stuck', 'open next', 'close next']);
  });
});
