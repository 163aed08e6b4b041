/** `wx.createSelectorQuery`: where elements of a page are, how far they are scrolled, the node of a canvas. */
import { currentPage, pageOf } from "../pages.js";
import { whenAwake } from "../timers.js";

export function createSelectorQuery() {
  const asked = [];
  let around = null;
  const query = {
    in(component) {
      around = component;
      return query;
    },
    select: (selector) => nodes(selector, true),
    selectAll: (selector) => nodes(selector, false),
    selectViewport: () => nodes(null, true),
    exec(callback) {
      // After the layout of what `setData` has changed.
      requestAnimationFrame(() => {
        const results = asked.map(({ find, fields, told }) => {
          const found = find(fields);
          if (told) whenAwake(() => told(found));
          return found;
        });
        if (callback) whenAwake(() => callback(results));
      });
      return query;
    },
  };
  const nodes = (selector, isSingle) => {
    const ask = (fields, told) => {
      const component = around ?? currentPage();
      asked.push({ find: () => answer(component, selector, isSingle, fields), fields, told });
      return query;
    };
    return {
      boundingClientRect: (told) => ask({ id: true, dataset: true, rect: true, size: true }, told),
      scrollOffset: (told) => ask({ id: true, dataset: true, scrollOffset: true }, told),
      fields: ask,
      node: (told) => ask({ node: true }, told),
      context: (told) => ask({ node: true }, told),
    };
  };
  return query;
}

function answer(component, selector, isSingle, fields) {
  const page = pageOf(component);
  if (!page) return isSingle ? null : [];
  if (selector === null)
    return facts(page.view, null, { ...fields, rect: true, size: true }, page, page.body);
  const shadow = component._$?.getShadowRoot();
  const found = shadow ? deep(shadow, selector) : [];
  const all = found.map((element) => facts(element.$$, element, fields, page));
  return isSingle ? (all[0] ?? null) : all;
}

/** All elements of a selector, `>>>` reaching into a component. */
function deep(shadow, selector) {
  const [first, ...rest] = selector.split(">>>").map((part) => part.trim());
  let found = shadow.querySelectorAll(first);
  for (const part of rest)
    found = found.flatMap((element) => element.getShadowRoot?.()?.querySelectorAll(part) ?? []);
  return found;
}

function facts(node, element, fields, page, scrolled = node) {
  const result = {};
  const top = page.view.getBoundingClientRect().top;
  const rect = node.getBoundingClientRect();
  if (fields.id) result.id = element?.id ?? "";
  if (fields.dataset) result.dataset = element?.dataset ?? {};
  if (fields.rect)
    Object.assign(result, {
      left: rect.left,
      right: rect.right,
      top: rect.top - top,
      bottom: rect.bottom - top,
    });
  if (fields.size) Object.assign(result, { width: rect.width, height: rect.height });
  if (fields.scrollOffset) {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = scrolled;
    Object.assign(result, { scrollLeft, scrollTop, scrollWidth, scrollHeight });
  }
  if (fields.node) result.node = element?.node ?? null;
  for (const name of fields.properties ?? []) result[name] = element?.data?.[name];
  const style = fields.computedStyle ? getComputedStyle(node) : null;
  for (const name of fields.computedStyle ?? []) result[name] = style[name];
  return result;
}
