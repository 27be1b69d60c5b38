/** Which figures the pages show, suite by suite: one plot and one table each. The commands print all of them. */

export type Language = 'en' | 'zh';

export type Texts = Readonly<Record<Language, string>>;

export interface DocFigure {
  readonly suite: string;
  readonly workload: string;
  readonly metric: string;
  readonly title: Texts;
  /** Above the plot and the table: what a figure is in. */
  readonly unit: string;
}

const figureOf = (
  suite: string,
  workload: string,
  metric: string,
  unit: string,
  en: string,
  zh: string,
): DocFigure => ({ suite, workload, metric, unit, title: { en, zh } });

export const docFigures: readonly DocFigure[] = [
  figureOf(
    'scheduler',
    'run 100,000',
    'all',
    'ns',
    'Schedule and run 100,000 empty tasks, a task',
    '调度并执行 100,000 个空任务，平均每个',
  ),
  figureOf(
    'scheduler',
    'latency',
    'p99',
    'ms',
    'How long a user-blocking task waits behind background work, p99',
    'user-blocking 任务在后台任务之后的等待时间，p99',
  ),
  figureOf(
    'scheduler',
    'gaps',
    'longest',
    'ms',
    'The longest time in which nobody else gets a turn',
    '其他代码最长多久轮不到执行',
  ),
  figureOf('scheduler', 'bytes', 'bytes', 'bytes', 'Heap of a queued task', '每个排队任务占用的堆内存'),
  figureOf(
    'codec',
    'small message',
    'both',
    'µs',
    'Encode and decode a small message',
    '编码并解码一条小消息',
  ),
  figureOf(
    'codec',
    '10,000 rows',
    'both',
    'µs',
    'Encode and decode 10,000 uniform rows',
    '编码并解码 10,000 行同构数据',
  ),
  figureOf(
    'codec',
    '10,000 rows',
    'bytes',
    'bytes',
    'Bytes sent for 10,000 uniform rows',
    '10,000 行同构数据的传输字节数',
  ),
  figureOf(
    'codec',
    'rich graph',
    'both',
    'µs',
    'Encode and decode Map, Set, Date, typed arrays, BigInt and cycles',
    '编码并解码 Map、Set、Date、类型化数组、BigInt 与循环引用',
  ),
  figureOf(
    'channel',
    'burst of 10,000',
    'cost',
    'µs',
    '10,000 small messages posted in one turn, a message',
    '同一轮内发出 10,000 条小消息，平均每条',
  ),
  figureOf('channel', 'trip, small', 'cost', 'µs', 'A small message there and back', '一条小消息往返'),
  figureOf(
    'channel',
    'trip, rows',
    'cost',
    'µs',
    '10,000 uniform rows there and back',
    '10,000 行同构数据往返',
  ),
  figureOf('rpc', 'sequential', 'cost', 'µs', 'One call after the other, a call', '逐个调用，平均每次'),
  figureOf(
    'rpc',
    '1,000 in flight',
    'cost',
    'µs',
    '1,000 calls at once, a call',
    '同时发出 1,000 次调用，平均每次',
  ),
  figureOf(
    'rpc',
    'stream',
    'cost',
    'µs',
    'A stream of 100,000 items, an item',
    '100,000 项的数据流，平均每项',
  ),
  figureOf(
    'go',
    'ping-pong',
    'cost',
    'ns',
    'Ping-pong between two routines, a message',
    '两个例程之间一来一回，平均每条消息',
  ),
  figureOf(
    'go',
    'buffered',
    'cost',
    'ns',
    'Through a buffered channel, a message',
    '经过带缓冲通道，平均每条消息',
  ),
  figureOf(
    'go',
    'sleepers',
    'over',
    'ms',
    '100,000 routines sleep for a second: how much longer it all takes',
    '100,000 个例程各睡一秒：总共多花的时间',
  ),
  figureOf(
    'go',
    'sleepers’ bytes',
    'bytes',
    'bytes',
    'Heap of a sleeping routine',
    '每个睡眠例程占用的堆内存',
  ),
  figureOf('pool', 'mixed', 'total', 'ms', 'A mixed load of jobs, all of them', '一批长短不一的作业，总时间'),
  figureOf(
    'startup',
    'cold',
    'jitless',
    'ms',
    'Evaluate an entry for the first time, without a compiler',
    '首次加载一个入口，无 JIT',
  ),
  figureOf(
    'startup',
    'cold',
    'jit',
    'ms',
    'Evaluate an entry for the first time, with one',
    '首次加载一个入口，有 JIT',
  ),
];

/** Suites that have a block of their own on the pages. */
export const docSuites: readonly string[] = [...new Set(docFigures.map(({ suite }) => suite))];

export const growthUnit = 'ns';

/** The areas of the growth suite; one that is missing here goes by its own name. */
export const growthAreas: Readonly<Record<string, Texts>> = {
  tasks: { en: 'tasks', zh: '任务' },
  timers: { en: 'timers', zh: '定时器' },
  routines: { en: 'routines', zh: '例程' },
  waiters: { en: 'waiters', zh: '等待者' },
  graphs: { en: 'object graphs', zh: '对象图' },
  ports: { en: 'ports', zh: '端口' },
  calls: { en: 'calls and jobs', zh: '调用与作业' },
};

export const words = {
  notMeasured: { en: '*Not in this run.*', zh: '*本次运行未测。*' },
  subject: { en: '', zh: '' },
  again: { en: 'A/A', zh: 'A/A' },
  growth: { en: 'What one of *n* costs', zh: '*n* 个中每一个的开销' },
  machine: { en: 'machine', zh: '机器' },
  date: { en: 'date', zh: '日期' },
  version: { en: 'version', zh: '版本' },
  commit: { en: 'commit', zh: '提交' },
  engines: { en: 'hosts', zh: '宿主' },
  short: { en: 'plans', zh: '轮数' },
  quick: { en: 'short (`--quick`): fewer rounds, rougher figures', zh: '短（`--quick`）：轮数少，数字较粗' },
  full: { en: 'full', zh: '完整' },
  suite: { en: 'suite', zh: '组' },
  host: { en: 'host', zh: '宿主' },
  held: { en: 'held', zh: '达到' },
  missed: { en: 'missed', zh: '未达到' },
  near: { en: 'of these within noise', zh: '其中在噪声内' },
  open: { en: 'not measured', zh: '未测' },
  all: { en: 'Every target', zh: '全部目标（原文为英文）' },
  target: { en: 'target', zh: '目标' },
  verdict: { en: 'verdict', zh: '结论' },
  measured: { en: 'measured', zh: '测得' },
  wanted: { en: 'wanted', zh: '要求' },
} as const satisfies Readonly<Record<string, Texts>>;

export const hostTitles: Readonly<Record<string, Texts>> = {
  node: { en: 'Node', zh: 'Node' },
  jitless: { en: 'Node without JIT', zh: 'Node（无 JIT）' },
  chromium: { en: 'Chromium', zh: 'Chromium' },
  preview: { en: 'preview’s logic layer', zh: '预览的逻辑层' },
};
