/**
 * The strip chart: the last seconds of the logic layer's turns. Each turn is a bar as wide as it lasted and as high as
 * its length on a logarithmic scale from 1 to 1000 ms; a turn that still runs is drawn while it grows.
 */
import type { TurnSample } from '../shared/protocol.js';

const windowMs = 12_000;
const marks = [16, 100, 1000] as const;
const frameMs = 16.7;
const slowMs = 100;

export interface ChartColors {
  readonly good: string;
  readonly fair: string;
  readonly bad: string;
  readonly worker: string;
  readonly line: string;
  readonly text: string;
}

export interface ChartData {
  readonly nowMs: number;
  readonly logic: readonly TurnSample[];
  readonly worker: readonly TurnSample[];
}

/** Draws on a canvas whose size is that of its box. */
export class StripChart {
  private readonly context: CanvasRenderingContext2D;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly colors: ChartColors,
  ) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser has no 2d canvas');
    this.context = context;
  }

  draw(data: ChartData): void {
    const { width, height } = this.fit();
    if (width === 0) return;
    const laneHeight = 8;
    const plot = { left: 34, right: width - 2, top: 6, bottom: height - laneHeight - 22 };
    this.context.clearRect(0, 0, width, height);
    this.grid(plot);
    const x = (time: number): number =>
      plot.right - ((data.nowMs - time) / windowMs) * (plot.right - plot.left);
    for (const [start, length] of visible(data.logic, data.nowMs))
      this.bar(plot, x(start), x(start + length), length);
    this.workerLane(data, x, plot, plot.bottom + 8, laneHeight);
    this.timeAxis(plot, height - 3);
  }

  private fit(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = devicePixelRatio;
    if (
      this.canvas.width !== Math.round(width * ratio) ||
      this.canvas.height !== Math.round(height * ratio)
    ) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { width, height };
  }

  private grid(plot: Plot): void {
    const { context } = this;
    context.font = '10px ui-monospace, Menlo, Consolas, monospace';
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const mark of marks) {
      const y = Math.round(heightOf(mark, plot)) + 0.5;
      context.strokeStyle = this.colors.line;
      context.setLineDash(mark === 16 ? [3, 3] : []);
      context.beginPath();
      context.moveTo(plot.left, y);
      context.lineTo(plot.right, y);
      context.stroke();
      context.fillStyle = this.colors.text;
      context.fillText(String(mark), plot.left - 6, y);
    }
    context.setLineDash([]);
    context.strokeStyle = this.colors.line;
    context.strokeRect(plot.left + 0.5, plot.bottom + 0.5, plot.right - plot.left, 0);
  }

  private bar(plot: Plot, from: number, to: number, length: number): void {
    const left = Math.max(plot.left, from);
    const top = heightOf(length, plot);
    this.context.fillStyle =
      length <= frameMs ? this.colors.good : length <= slowMs ? this.colors.fair : this.colors.bad;
    this.context.fillRect(left, top, Math.max(1.5, to - left), plot.bottom - top);
  }

  private workerLane(
    data: ChartData,
    x: (time: number) => number,
    plot: Plot,
    top: number,
    height: number,
  ): void {
    this.context.fillStyle = this.colors.line;
    this.context.fillRect(plot.left, top, plot.right - plot.left, height);
    this.context.fillStyle = this.colors.worker;
    for (const [start, length] of visible(data.worker, data.nowMs)) {
      const left = Math.max(plot.left, x(start));
      this.context.fillRect(left, top, Math.max(1, x(start + length) - left), height);
    }
    this.context.fillStyle = this.colors.text;
    this.context.textAlign = 'right';
    this.context.fillText('W', plot.left - 6, top + height / 2);
  }

  private timeAxis(plot: Plot, y: number): void {
    this.context.fillStyle = this.colors.text;
    this.context.textBaseline = 'bottom';
    this.context.textAlign = 'left';
    this.context.fillText(`−${String(windowMs / 1000)} s`, plot.left, y);
    this.context.textAlign = 'right';
    this.context.fillText('now', plot.right, y);
  }
}

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function heightOf(length: number, plot: Plot): number {
  const part = Math.log10(Math.max(1.15, Math.min(length, 1000))) / 3;
  return plot.bottom - part * (plot.bottom - plot.top);
}

function visible(turns: readonly TurnSample[], nowMs: number): TurnSample[] {
  const since = nowMs - windowMs;
  let first = turns.length;
  while (first > 0 && (turns[first - 1]?.[0] ?? 0) + (turns[first - 1]?.[1] ?? 0) > since) first--;
  return turns.slice(first);
}
