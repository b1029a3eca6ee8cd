import { ApiError } from '@/api/errors';

/** A field's name in a form: `baseUrl`, or a path: `targets`, 0, `modelCode`. */
export type FieldName = string | (string | number)[];

/** `targets[0].modelCode` or `targets.0.modelCode` as a path; a plain name stays one. */
export function pathOf(field: string): FieldName {
  const parts = field.split(/[.[\]]+/).filter((part) => part !== '');
  const path = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return path.length === 1 ? field : path;
}

/** Splits a failure into words for the form's fields and the rest, which no field can show. */
export function fieldErrors(error: ApiError, known: readonly string[]) {
  const fields = new Map<string, { name: FieldName; errors: string[] }>();
  const rest: string[] = [];
  for (const { field, message } of error.details) {
    const name = field ? pathOf(field) : '';
    const first = Array.isArray(name) ? String(name[0]) : name;
    if (!field || !known.includes(first)) {
      rest.push(field ? `${field}: ${message}` : message);
      continue;
    }
    const shown = fields.get(field) ?? { name, errors: [] };
    shown.errors.push(message);
    fields.set(field, shown);
  }
  const all = [...fields.values()];
  if (all.length > 0 && rest.length === 0) return { fields: all, rest: null };
  const message = rest.length > 0 ? rest.join('; ') : error.message;
  return {
    fields: all,
    rest: new ApiError(error.kind, message, error.status, error.requestId, error.details, error.retryAfterMs),
  };
}
