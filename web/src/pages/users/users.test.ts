import { describe, expect, it } from 'vitest';
import { isLastAdmin, named, type User } from './api';
import { madePassword } from './password';
import { validateSearch } from './search';

const user = (id: number, role: User['role'], isActive = true) =>
  ({ id, role, isActive, username: `User${id}` }) as User;

describe('users', () => {
  it('are found by a part of their name, whatever the case', () => {
    const all = [user(1, 'admin'), user(12, 'app')];
    expect(named(all, ' USER1').map((each) => each.id)).toEqual([1, 12]);
    expect(named(all, 'r12')).toHaveLength(1);
    expect(named(all)).toHaveLength(2);
  });

  it('know the last administrator, who has to stay', () => {
    const [only, off, reader] = [user(1, 'admin'), user(2, 'admin', false), user(3, 'analyst')];
    expect(isLastAdmin(only, [only, off, reader])).toBe(true);
    expect(isLastAdmin(only, [only, user(4, 'admin')])).toBe(false);
    expect(isLastAdmin(off, [only, off])).toBe(false);
    expect(isLastAdmin(reader, [only, reader])).toBe(false);
  });

  it('are opened by the address', () => {
    expect(validateSearch({ user: 'new' }).user).toBe('new');
    expect(validateSearch({ user: '7', edit: '1', q: 'a' })).toEqual({ user: 7, edit: true, q: 'a' });
    expect(validateSearch({ user: 'x', edit: '0' })).toEqual({});
  });
});

describe('a password that was made', () => {
  it('is long, readable and never the same', () => {
    const made = new Set(Array.from({ length: 50 }, madePassword));
    expect(made.size).toBe(50);
    for (const each of made) expect(each).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{5}-){3}[a-km-zA-HJ-NP-Z2-9]{5}$/);
  });
});
