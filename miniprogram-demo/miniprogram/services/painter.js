// Figures that change faster than anybody reads: setData at most ten times a second, and only with what has changed.

const PAINT_MS = 100;

function createPainter(page) {
  const shown = {}; // path → what the view has
  let waiting = {};
  let timer = null;
  let paintedAt = 0;

  const flush = () => {
    clearTimeout(timer);
    timer = null;
    const changed = {};
    let any = false;
    for (const path of Object.keys(waiting)) {
      if (shown[path] === waiting[path]) continue;
      changed[path] = shown[path] = waiting[path];
      any = true;
    }
    waiting = {};
    if (!any) return;
    paintedAt = Date.now();
    page.setData(changed);
  };
  const paint = (values) => {
    Object.assign(waiting, values);
    const restMs = paintedAt + PAINT_MS - Date.now();
    if (restMs <= 0) flush();
    else if (timer === null) timer = setTimeout(flush, restMs);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    waiting = {};
  };
  return { paint, flush, stop };
}

module.exports = { createPainter, PAINT_MS };
