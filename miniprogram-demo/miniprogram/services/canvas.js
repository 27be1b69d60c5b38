// Finds the canvas of `page` and makes it as sharp as the screen: { context, width, height }, or null where there is none.
function openCanvas(page, selector) {
  return new Promise((resolve) => {
    page
      .createSelectorQuery()
      .select(selector)
      .fields({ node: true, size: true })
      .exec(([found]) => {
        if (!found || !found.node) return resolve(null);
        const { node, width, height } = found;
        const ratio = wx.getWindowInfo ? wx.getWindowInfo().pixelRatio : 2;
        node.width = width * ratio;
        node.height = height * ratio;
        const context = node.getContext('2d');
        context.scale(ratio, ratio);
        resolve({ context, width, height });
      });
  });
}

module.exports = { openCanvas };
