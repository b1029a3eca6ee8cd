import { describe, expect, it } from 'vitest';
import { optionOf, told, type Looks } from './option';
import type { ChartSpec } from './types';

const looks: Looks = { text: '#000', line: '#ccc', ground: '#fff', font: 'sans-serif', isStill: true };
const spec: ChartSpec = {
  kind: 'bar',
  labels: ['Mon', 'Tue'],
  format: (value) => `${value} calls`,
  series: [
    { name: 'Success', values: [3, 0], colour: '#0a0', stack: 'calls' },
    { name: 'Error', values: [5, null], colour: '#a00', stack: 'calls' },
  ],
};

describe('the option of a chart', () => {
  it('begins at zero and says nothing in markup', () => {
    const option = optionOf(spec, looks);
    expect(option.yAxis).toMatchObject({ min: 0 });
    expect(option.tooltip).toMatchObject({ renderMode: 'richText' });
    expect(option.animation).toBe(false);
  });

  it('draws the time before as a dashed line, also beside bars', () => {
    const before = { name: 'Before', values: [1, 2], colour: '#888', isBefore: true };
    const option = optionOf({ ...spec, series: [...spec.series, before] }, looks);
    expect(option.series).toMatchObject([{ type: 'bar' }, { type: 'bar' }, { type: 'line', lineStyle: { type: 'dashed' } }]);
  });

  it('tells the biggest part first, and nothing of what is not known', () => {
    expect(told(spec, 0).map(({ name, value }) => `${name} ${value}`)).toEqual(['Error 5 calls', 'Success 3 calls']);
    expect(told(spec, 1).map(({ name }) => name)).toEqual(['Success']);
  });
});
