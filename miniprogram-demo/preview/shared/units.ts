/** Lengths of WXSS in terms of the phone's screen, which is a size container: used for style sheets and inline styles. */

/** 750 rpx are the width of the screen, which is `100cqw`. */
const cqwPerRpx = 100 / 750;
const unit = /(-?(?:\d+\.?\d*|\.\d+))(rpx|vw|vh)\b/g;

/** A value with the units that the phone's screen understands; strings and urls are left alone. */
export function convertUnits(value: string): string {
  return value
    .split(/("[^"]*"|'[^']*'|url\([^)]*\))/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(unit, convertUnit)))
    .join('');
}

function convertUnit(_match: string, number: string, name: string): string {
  if (name === 'vw') return `${number}cqw`;
  if (name === 'vh') return `${number}cqh`;
  return `${String(Number((Number(number) * cqwPerRpx).toFixed(5)))}cqw`;
}
