import { describe, expect, test } from 'vitest';
import type { Preset } from './api';
import type { Provider } from './health';
import { emptyValues, freeCode, newProvider, patchOf, problemOfUrl, valuesFrom, valuesOf } from './values';

const provider = {
  ...emptyValues(),
  id: 7,
  providerName: 'OpenAI',
  providerCode: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  description: null,
  extraHeaders: { 'x-team': 'blue' },
  modelsCount: 3,
  activeKeysCount: 1,
  createdAt: '',
  updatedAt: '',
} as unknown as Provider;

describe('a change of a provider', () => {
  test('is empty where nothing was changed', () => {
    expect(patchOf(valuesOf(provider), provider)).toEqual({});
  });

  test('names only what was changed, and clears what was emptied', () => {
    const values = { ...valuesOf(provider), maxRetries: 5, extraHeaders: [], defaultModel: ' ' };
    expect(patchOf(values, { ...provider, defaultModel: 'gpt' })).toEqual({
      maxRetries: 5,
      extraHeaders: {},
      defaultModel: null,
    });
  });

  test('leaves a number as it is when its field was emptied', () => {
    expect(patchOf({ ...valuesOf(provider), maxRetries: null }, provider)).toEqual({});
  });
});

describe('a new provider', () => {
  const preset = {
    providerCode: 'qwen',
    providerName: 'Qwen',
    protocol: 'openai',
    baseUrl: 'https://dashscope.example/v1',
    description: null,
    defaultModel: 'qwen-plus',
    extraHeaders: {},
    quirks: { developer_as_system: true },
  } as unknown as Preset;

  test('takes everything from its preset, and a code of its own where that is taken', () => {
    const values = { ...emptyValues(), ...valuesFrom(preset, new Set(['qwen', 'qwen-2'])) };
    const body = newProvider(values);
    expect(body).toMatchObject({ providerCode: 'qwen-3', baseUrl: preset.baseUrl, quirks: { developer_as_system: true }, defaultModel: 'qwen-plus' });
    expect(body).not.toHaveProperty('description');
  });

  test('has the defaults of the server for what was emptied', () => {
    expect(newProvider({ ...emptyValues(), maxRetries: null })).not.toHaveProperty('maxRetries');
  });

  test('has headers by name', () => {
    const body = newProvider({ ...emptyValues(), extraHeaders: [{ name: ' x-team ', value: 'blue' }] });
    expect(body.extraHeaders).toEqual({ 'x-team': 'blue' });
  });
});

test('a code stays within what the server takes', () => {
  const long = 'a'.repeat(50);
  expect(freeCode(long, new Set([long]))).toHaveLength(48);
  expect(freeCode('new', new Set())).toBe('new');
});

test.each([
  ['', 'baseUrlNone'],
  ['https://{resource}.azure.com', 'baseUrlBraces'],
  ['api.example.com/v1', 'baseUrlScheme'],
  [' https://api.example.com/v1 ', null],
  ['http://localhost:8000/v1', null],
])('the base URL %j is told %s', (url, problem) => {
  expect(problemOfUrl(url)).toBe(problem);
});
