/** Who does the work. */

export interface Subject {
  readonly name: string;
  /** Worker threads; 0 for this thread alone, without a pool. */
  readonly threads: number;
  readonly inline: boolean;
}

export const referenceName = 'this thread, in a loop';
export const oneName = 'a pool of one thread';
export const allName = 'a pool of two threads and this one';

export const subjects: readonly Subject[] = [
  { name: referenceName, threads: 0, inline: false },
  { name: oneName, threads: 1, inline: false },
  { name: 'a pool of one thread and this one', threads: 1, inline: true },
  { name: 'a pool of two threads', threads: 2, inline: false },
  { name: allName, threads: 2, inline: true },
];
