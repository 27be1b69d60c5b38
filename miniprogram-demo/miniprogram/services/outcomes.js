// What the worker's page says of a run, in both languages: { kind, zh, en }, `kind` being 'idle', 'running', 'good' or 'bad'.

const hint = say('idle', '开始后杀掉线程，看看会怎样', 'Start, then kill the thread, and watch');
const again = say('running', '线程死了，正在重跑', 'The thread died: it runs again in the next');

function running({ zh, en }) {
  return say('running', zh, en);
}

// Whatever befell the thread: the pixels must be those of a run that nothing disturbed, if there was one.
function done({ sum, undisturbed = sum, times, seconds }) {
  if (undisturbed !== sum)
    return say('bad', `像素不一致，应为 ${undisturbed}`, `Not the pixels of an undisturbed run: ${sum}`);
  if (times === 1) return say('good', `完成，${seconds} 秒`, `Done in ${seconds} s, checksum ${sum}`);
  return say(
    'good',
    `调用还在：跑了 ${times} 遍，像素一致`,
    `The call survived: run ${times}, checksum ${sum}`,
  );
}

function cancelled(rows, of) {
  return say('idle', `已取消，画了 ${rows} 行`, `Cancelled after ${rows} of ${of} rows`);
}

function lost(code, rows, of) {
  return say('bad', code, `Lost after ${rows} of ${of} rows`);
}

function say(kind, zh, en) {
  return { kind, zh, en };
}

module.exports = { hint, again, running, done, cancelled, lost };
