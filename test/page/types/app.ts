/** What an app writes, under WeChat's own typings: compiled, never run. */
import { taskBehavior, withTasks } from '../../../src/page.js';
import type { WithTasks } from '../../../src/page.js';

Page(
  withTasks({
    data: { count: 1, names: [] as string[] },
    onLoad(query) {
      const id: string | undefined = query['id'];
      const sum: Promise<number> = this.tasks.postTask(() => this.total() + (id ? 1 : 0));
      this.setData({ count: 2, 'names[0]': 'first' });
      // @ts-expect-error: a count is no text
      this.setData({ count: 'two' });
      // @ts-expect-error: there is no such member
      this.missing();
      // @ts-expect-error: it is for the library to set
      this.tasks = null;
      void sum;
    },
    onTap(event: WechatMiniprogram.TouchEvent) {
      this.tasks.scheduleTask(() => this.choose(event.currentTarget.dataset['id'] as number));
    },
    choose(id: number) {
      this.setData({ count: id });
    },
    total(): number {
      return this.data.count;
    },
  }),
);

/** The same with the whole of what WeChat's typings know of a page, as the guide has it. */
export const withWxTasks = withTasks as <
  Data extends WechatMiniprogram.Page.DataOption,
  Custom extends WechatMiniprogram.Page.CustomOption,
>(
  options: Custom &
    Partial<WechatMiniprogram.Page.Data<Data> & WechatMiniprogram.Page.ILifetime> &
    ThisType<WechatMiniprogram.Page.Instance<Data, Custom & WithTasks>>,
) => Custom & Partial<WechatMiniprogram.Page.Data<Data>>;

Page(
  withWxTasks({
    data: { count: 1 },
    onPageScroll({ scrollTop }) {
      this.selectComponent('.part');
      this.tasks.scheduleTask(() => this.setData({ count: scrollTop }));
      // @ts-expect-error: there is no such member
      this.missing();
    },
  }),
);

Component({
  behaviors: [Behavior(taskBehavior)],
  data: { count: 1 },
  lifetimes: {
    attached() {
      this.tasks.scheduleTask(() => this.setData({ count: 2 }), 'background');
    },
  },
  methods: {
    onTap() {
      const rows: Promise<number[]> = this.tasks.map([1], (each) => each + this.data.count);
      // @ts-expect-error: there is no such member
      this.missing();
      return rows;
    },
  },
});
