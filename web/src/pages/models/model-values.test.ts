import { describe, expect, it } from 'vitest';
import { bodyOf, changesOf, valuesOf } from './model-values';
import type { Model } from './uses';

const model = {
  id: 5,
  providerId: 2,
  modelCode: 'm-1',
  modelName: 'M 1',
  modelType: 'chat',
  maxInputTokens: 128_000,
  maxOutputTokens: null,
  supportsStreaming: true,
  supportsFunctionCall: false,
  supportsVision: false,
  isActive: true,
  isDefault: false,
  lifecycle: 'active',
  shutdownDate: null,
  constraints: {},
  costPer1kPromptTokens: 0.0025,
  costPer1kCompletionTokens: 0.01,
  costPer1kCacheReadTokens: null,
  costPer1kCacheWriteTokens: null,
} as unknown as Model;

describe('the form of a model', () => {
  it('shows prices for a million tokens and sends them for a thousand', () => {
    const values = valuesOf(model);

    expect(values.costPer1kPromptTokens).toBe('2.5');
    const body = bodyOf({ ...values, costPer1kCacheReadTokens: '0.25' });
    expect(body).toMatchObject({ costPer1kPromptTokens: 0.0025, costPer1kCacheReadTokens: 0.00025 });
    expect(body).not.toHaveProperty('costPer1kCacheWriteTokens');
  });

  it('sends only what was changed', () => {
    const before = valuesOf(model);

    expect(changesOf(before, { ...before })).toEqual({});
    expect(changesOf(before, { ...before, isActive: false, maxInputTokens: null })).toEqual({
      isActive: false,
      maxInputTokens: null,
    });
    expect(changesOf(before, { ...before, costPer1kPromptTokens: null, costPer1kCompletionTokens: null })).toEqual({
      costPer1kPromptTokens: null,
      costPer1kCompletionTokens: null,
    });
    expect(changesOf(before, { ...before, modelName: '' })).toEqual({ modelName: 'm-1' });
  });

  it('leaves what is empty to its default when it is new', () => {
    const body = bodyOf({ ...valuesOf(null, 3), modelCode: 'x' });

    expect(body).toMatchObject({ providerId: 3, modelCode: 'x', supportsStreaming: true, isActive: true });
    expect(body).not.toHaveProperty('modelName');
    expect(body).not.toHaveProperty('shutdownDate');
  });
});
