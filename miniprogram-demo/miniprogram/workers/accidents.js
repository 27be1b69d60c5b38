// What may befall a worker, for people who want to see it.
const accidents = {
  // The system takes the thread, as on iOS when memory is short. WeChat can simulate that:
  // https://developers.weixin.qq.com/miniprogram/dev/api/worker/Worker.testOnProcessKilled.html
  kill() {
    if (typeof worker.testOnProcessKilled !== 'function')
      throw Object.assign(new Error('worker.testOnProcessKilled is missing'), { code: 'ERR_NOT_SIMULATED' });
    worker.testOnProcessKilled();
    return new Promise(() => {}); // whoever could answer is gone
  },

  // Code that never comes to its end: nothing is let in any more.
  hang() {
    for (;;);
  },
};

module.exports = { accidents };
