import { describe, expect, it } from 'vitest';
import { compileStyle, convertSelector } from '../../miniprogram-demo/preview/compile/style.js';
import { convertUnits } from '../../miniprogram-demo/preview/shared/units.js';

const read = (files: Record<string, string>) => (path: string) => files[path] ?? null;
const flat = (css: string): string => css.replace(/\s+/g, ' ').trim();

describe('units', () => {
  it('makes 750 rpx the width of the phone', () => {
    expect(convertUnits('750rpx')).toBe('100cqw');
    expect(convertUnits('calc(100vh - 15rpx)')).toBe('calc(100cqh - 2cqw)');
    expect(convertUnits('-.5rpx 2vw')).toBe('-0.06667cqw 2cqw');
  });

  it('leaves names, strings and urls alone', () => {
    expect(convertUnits('"12rpx" url(a-2rpx.png) 2px var(--rpx)')).toBe(
      '"12rpx" url(a-2rpx.png) 2px var(--rpx)',
    );
  });
});

describe('selectors', () => {
  it('names the elements of the preview', () => {
    expect(convertSelector('view.a > input::placeholder')).toBe('wx-view.a > taro-input-core::placeholder');
    expect(convertSelector('page #id, my-card')).toBe('wx-page #id, wx-my-card');
  });

  it('prefixes the classes of a component and finds its host', () => {
    expect(convertSelector('.a .b:not(.c)', 'card1')).toBe('.card1--a .card1--b:not(.card1--c)');
    expect(convertSelector(':host .a', 'card1')).toBe('[wx-host=card1] .card1--a');
  });
});

describe('style sheets', () => {
  it('inlines imports relative to the file that has them', () => {
    const files = {
      'pages/a/a.wxss': '@import "../../shared/x.wxss"; .a { width: 75rpx }',
      'shared/x.wxss': '@import "./y.wxss"; .x { top: 0 }',
      'shared/y.wxss': '.y { left: 0 }',
    };
    const css = flat(compileStyle('pages/a/a.wxss', read(files)));
    expect(css).toBe('.y { left: 0 } .x { top: 0 } .a { width: 10cqw }');
  });

  it('says which import is missing and which goes in a circle', () => {
    expect(() => compileStyle('a.wxss', read({ 'a.wxss': '@import "b.wxss";' }))).toThrow(
      'a.wxss imports b.wxss',
    );
    const circle = { 'a.wxss': '@import "b.wxss";', 'b.wxss': '@import "a.wxss";' };
    expect(() => compileStyle('a.wxss', read(circle))).toThrow('a circle');
  });

  it('asks questions about size of the phone and others of the browser', () => {
    const text =
      '@media (min-width: 400px) { .a { top: 0 } } @media (prefers-color-scheme: dark) { .b { top: 0 } }';
    const css = compileStyle('a.wxss', read({ 'a.wxss': text }));
    expect(css).toContain('@container (min-width: 400px)');
    expect(css).toContain('@media (prefers-color-scheme: dark)');
  });

  it('leaves the steps of keyframes alone', () => {
    const css = compileStyle(
      'a.wxss',
      read({ 'a.wxss': '@keyframes k { from { top: 0 } 50% { top: 75rpx } to { top: 0 } }' }),
    );
    expect(flat(css)).toBe('@keyframes k { from { top: 0 } 50% { top: 10cqw } to { top: 0 } }');
  });

  it('is empty where a page has no style sheet', () => {
    expect(compileStyle('none.wxss', read({}))).toBe('');
  });
});
