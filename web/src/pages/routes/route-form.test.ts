import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import { besideFields, bodyOf, emptyRoute, valuesOf } from './route-form';
import type { Route } from './targets';

describe('the form of a route', () => {
  it('shows no weight where there is none, and sends 0 for it', () => {
    const targets = [
      { providerCode: 'a', modelCode: 'm', weight: 0 },
      { providerCode: 'b', modelCode: 'n', weight: 3 },
    ];
    const route = { alias: 'fast', description: null, targets, fallbackOn: ['failure'], isActive: true } as unknown as Route;

    const values = valuesOf(route);

    expect(values.targets.map(({ weight }) => weight)).toEqual([null, 3]);
    expect(bodyOf(values).targets).toEqual(targets);
  });

  it('trims names and keeps what is not chosen empty, so that the server names it', () => {
    const body = bodyOf({ ...emptyRoute, alias: 'x', description: '', targets: [{ modelCode: ' m ' }] });

    expect(body).toMatchObject({ description: null, targets: [{ providerCode: '', modelCode: 'm', weight: 0 }] });
  });

  it('puts words about a whole target beside its model', () => {
    const details = [
      { field: 'targets[1]', message: 'is there already' },
      { field: 'targets[0].weight', message: 'too much' },
      { field: 'targets', message: 'none' },
    ];
    const moved = besideFields(new ApiError('validation_failed', 'm', 422, 'id', details));

    expect(moved.details.map(({ field }) => field)).toEqual(['targets[1].modelCode', 'targets[0].weight', 'targets']);
    expect([moved.status, moved.requestId]).toEqual([422, 'id']);
  });
});
