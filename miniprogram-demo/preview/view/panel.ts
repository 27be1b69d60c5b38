/** The panel beside the phone: what the logic layer does, live, while the view stays free to draw it. */
import type { LogLine, WorkerFaults } from '../shared/protocol.js';
import { make, makeButton } from './dom.js';
import { now } from './stats.js';
import type { Stats } from './stats.js';
import { StripChart } from './strip-chart.js';

const drawEveryMs = 100;
const recentMs = 12_000;

const workerStates = {
  none: '未启动 none',
  running: '运行中 running',
  terminated: '已结束 terminated',
  killed: '被系统结束 killed',
  failed: '出错 failed',
} as const;

const threads = { logic: '逻辑 logic', worker: '线程 worker', view: '视图 view' } as const;

export class Panel {
  readonly element = make('aside', 'panel');
  private readonly chart: StripChart;
  private readonly values = new Map<string, HTMLElement>();
  private readonly state = make('span', 'badge');
  private readonly log = make('ol', 'log');
  private readonly workerState = make('span', 'worker-state');
  private lastCounters = { messages: 0, setDataCalls: 0, setDataBytes: 0 };
  private lastRateMs = now();

  constructor(
    private readonly stats: Stats,
    private readonly clock: Float64Array | null,
    private readonly sendFaults: (faults: WorkerFaults) => void,
    strict: boolean,
  ) {
    const canvas = make('canvas', 'strip');
    this.element.append(
      this.head(strict),
      this.blockSection(canvas),
      this.numbers(),
      this.workerSection(),
      this.logSection(),
    );
    this.chart = new StripChart(canvas, {
      good: '#2f9e6b',
      fair: '#e0a100',
      bad: '#d64545',
      worker: '#6b7fd7',
      line: '#e6e8eb',
      text: '#8a9099',
    });
    setInterval(() => {
      this.draw();
    }, drawEveryMs);
  }

  write(line: LogLine): void {
    const item = make(
      'li',
      `line line-${line.level}`,
      make('span', 'line-thread', threads[line.thread]),
      make('span', 'line-text', line.text),
    );
    this.log.append(item);
    if (this.log.childElementCount > 200) this.log.firstElementChild?.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }

  private head(strict: boolean): HTMLElement {
    const mode = strict ? '严格 strict' : '宽松 loose';
    const labels = make('span', 'badge badge-quiet', mode);
    labels.title = strict
      ? 'Only ECMAScript, timers, console and wx, as on a device'
      : 'The browser’s globals are visible';
    return make(
      'header',
      'panel-head',
      make('h1', 'panel-title', 'mp-lanes', make('small', '', '预览 Preview')),
      labels,
    );
  }

  private blockSection(canvas: HTMLElement): HTMLElement {
    const head = make(
      'div',
      'section-head',
      make('h2', '', '逻辑层阻塞 ', make('small', '', 'Logic-layer block time, ms')),
      this.state,
    );
    const big = make(
      'div',
      'headline',
      this.figure('longest', '最长 longest', 'ms'),
      this.figure('answer', '点按到响应 tap to answer', 'ms'),
      this.figure('fps', '视图帧率 view', 'fps'),
    );
    return make('section', 'section', head, big, canvas);
  }

  private numbers(): HTMLElement {
    return make(
      'section',
      'section grid',
      this.figure('setData', 'setData', '/s'),
      this.figure('bytes', '数据 data', 'kB/s'),
      this.figure('messages', '消息 messages', '/s'),
      this.figure('busy', '占用 busy', '%'),
    );
  }

  private workerSection(): HTMLElement {
    const carrier = make('select', 'control');
    carrier.append(new Option('JSON 载体 carrier', 'json'), new Option('structured clone', 'clone'));
    carrier.setAttribute('aria-label', 'Message carrier');
    carrier.addEventListener('change', () => {
      this.sendFaults({ carrier: carrier.value === 'clone' ? 'clone' : 'json' });
    });
    const delay = make('select', 'control');
    for (const ms of [0, 50, 300, 2000])
      delay.append(new Option(ms === 0 ? '无延迟 no delay' : `+${String(ms)} ms`, String(ms)));
    delay.setAttribute('aria-label', 'Message delay');
    delay.addEventListener('change', () => {
      this.sendFaults({ delayMs: Number(delay.value) });
    });
    const kill = makeButton(
      'control control-bad',
      'Kill the worker',
      () => {
        this.sendFaults({ kill: true });
      },
      '结束 Kill',
    );
    const head = make(
      'div',
      'section-head',
      make('h2', '', '线程 ', make('small', '', 'Worker')),
      this.workerState,
    );
    return make('section', 'section', head, make('div', 'controls', carrier, delay, kill));
  }

  private logSection(): HTMLElement {
    const clear = makeButton(
      'link',
      'Clear the log',
      () => {
        this.log.replaceChildren();
      },
      '清空 clear',
    );
    const head = make(
      'div',
      'section-head',
      make('h2', '', '控制台 ', make('small', '', 'Console of all threads')),
      clear,
    );
    return make('section', 'section section-log', head, this.log);
  }

  private figure(name: string, label: string, unit: string): HTMLElement {
    const value = make('b', '', '–');
    this.values.set(name, value);
    return make(
      'div',
      'figure',
      make('span', 'figure-label', label),
      make('span', 'figure-value', value, make('i', '', unit)),
    );
  }

  private set(name: string, value: string, grade = ''): void {
    const element = this.values.get(name);
    if (element === undefined) return;
    if (element.textContent !== value) element.textContent = value;
    element.className = grade;
  }

  private draw(): void {
    const time = now();
    const runningSince = this.clock?.[0] ?? 0;
    const running = runningSince > 0 ? Math.max(0, time - runningSince) : 0;
    const logic =
      running > 1
        ? [...this.stats.turns.logic, [runningSince, running, ''] as const]
        : this.stats.turns.logic;
    const workerSince = this.clock?.[1] ?? 0;
    const worker =
      workerSince > 0
        ? [...this.stats.turns.worker, [workerSince, time - workerSince, ''] as const]
        : this.stats.turns.worker;
    this.chart.draw({ nowMs: time, logic: logic as never, worker: worker as never });
    this.headline(time, running);
    this.rates(time);
    const { state, detail } = this.stats.worker;
    this.workerState.textContent = workerStates[state];
    this.workerState.className = `worker-state worker-${state}`;
    this.workerState.title = detail;
  }

  private headline(time: number, running: number): void {
    const longest = Math.max(this.stats.longest(time - recentMs), running);
    this.set('longest', longest.toFixed(longest < 10 ? 1 : 0), grade(longest));
    const answer = this.stats.answers.findLast(({ type }) => type === 'tap' || type === 'input');
    this.set(
      'answer',
      answer === undefined ? '–' : answer.lengthMs.toFixed(answer.lengthMs < 10 ? 1 : 0),
      grade(answer?.lengthMs ?? 0),
    );
    this.set('fps', String(Math.min(this.stats.fps(), 120)));
    const blocked = running > 50;
    this.state.textContent = blocked ? `阻塞中 blocked ${(running / 1000).toFixed(1)} s` : '空闲 free';
    this.state.className = `badge ${blocked ? 'badge-bad' : 'badge-good'}`;
  }

  private rates(time: number): void {
    const elapsed = (time - this.lastRateMs) / 1000;
    if (elapsed < 1) return;
    const { messages, setDataCalls, setDataBytes } = this.stats.counters;
    const last = this.lastCounters;
    this.set('setData', String(Math.round((setDataCalls - last.setDataCalls) / elapsed)));
    this.set('bytes', ((setDataBytes - last.setDataBytes) / 1024 / elapsed).toFixed(1));
    this.set('messages', String(Math.round((messages - last.messages) / elapsed)));
    const busy = this.stats.turnsSince(time - 1000).reduce((sum, [, length]) => sum + length, 0);
    this.set('busy', String(Math.min(100, Math.round(busy / 10))));
    this.lastCounters = { messages, setDataCalls, setDataBytes };
    this.lastRateMs = time;
  }
}

function grade(ms: number): string {
  return ms <= 16.7 ? 'good' : ms <= 100 ? 'fair' : 'bad';
}
