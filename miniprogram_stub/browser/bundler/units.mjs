/**
 * Lengths of a phone: 750rpx are its shorter side, so that nothing grows on one that is turned; `vh`
 * is the page without bars, safe areas are the frame's.
 */
export function units(value) {
  return value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, count) => `${round(Number(count) / 7.5)}vmin`)
    .replace(/(-?\d*\.?\d+)vh\b/g, "$1cqh")
    .replace(/(?:env|constant)\(safe-area-inset-(top|bottom)\)/g, "var(--safe-$1)");
}

function round(number) {
  return Math.round(number * 100000) / 100000;
}
