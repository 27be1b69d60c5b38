// Finds the canvas of `page`: { node, width, height } in pixels of the page, or null where there is none.
function findCanvas(page, selector) {
  return new Promise((resolve) => {
    page
      .createSelectorQuery()
      .select(selector)
      .fields({ node: true, size: true })
      .exec(([found]) => resolve(found && found.node ? found : null));
  });
}

// The same, as sharp as the screen and ready to be drawn on: { context, width, height }, or null.
async function openCanvas(page, selector) {
  const found = await findCanvas(page, selector);
  if (found === null) return null;
  const { node, width, height } = found;
  const ratio = wx.getWindowInfo ? wx.getWindowInfo().pixelRatio : 2;
  node.width = width * ratio;
  node.height = height * ratio;
  const context = node.getContext('2d');
  context.scale(ratio, ratio);
  return { context, width, height };
}

module.exports = { findCanvas, openCanvas };
