/**
 * The startup suite, the part inside of a host: how long it takes to evaluate what an app requires when it starts, once, in a
 * process that has evaluated none of it. Node alone, which is asked for both: with its compilers, and without (`--jitless`), as
 * engines run that may not make code.
 */
import { SuiteBench } from '../../harness/bench.js';
import { seededRandom } from '../../harness/random.js';
import { Recorder } from '../../harness/recorder.js';
import type { RunSuite } from '../../harness/result.js';
import { assertAllRead } from './checks.js';
import { readSources, sizeOf, startCold, writeRequest } from './measure.js';
import { SAMPLE_LIMIT_MS, fullRounds, quickRounds, workload } from './plan.js';
import { subjects } from './subjects.js';
import type { Subject } from './subjects.js';

interface Prepared extends Subject {
  readonly sources: Record<string, string>;
  readonly request: string;
}

const modes = [
  { metric: 'jit', flags: [] },
  { metric: 'jitless', flags: ['--jitless'] },
] as const;

export const run: RunSuite = async (kit, { quick }) => {
  const recorder = new Recorder();
  const bench = new SuiteBench(kit, recorder, seededRandom(50), SAMPLE_LIMIT_MS);
  const sources = { own: readSources('own'), peer: readSources('peer') };
  const prepared = subjects.map((subject): Prepared => {
    const all = sources[subject.kind];
    return { ...subject, sources: all, request: writeRequest(subject, all) };
  });
  await bench.measure(workload, prepared, quick ? quickRounds : fullRounds, (subject) =>
    sample(bench, subject),
  );
  return {
    subjects: subjects.map(({ name, kind }) => ({ name, tags: [kind] })),
    series: recorder.series,
    absences: recorder.absences,
    rounds: recorder.rounds,
  };
};

async function sample({ recorder, kit }: SuiteBench, subject: Prepared): Promise<void> {
  const { name, request, sources } = subject;
  kit.progress(`${workload}: ${name}`);
  for (const { metric, flags } of modes) {
    const outcome = await startCold(request, flags);
    assertAllRead(subject, outcome);
    recorder.record(workload, name, metric, outcome.ms);
    if (recorder.samples(workload, name, 'files').length > 0) continue;
    const { files, minifiedBytes, gzippedBytes } = sizeOf(outcome.files, sources);
    recorder.record(workload, name, 'files', files);
    recorder.record(workload, name, 'minified', minifiedBytes / 1_000);
    recorder.record(workload, name, 'gzipped', gzippedBytes / 1_000);
  }
}
