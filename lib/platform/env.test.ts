import { describe, expect, it } from 'vitest';
import { EnvError, readEnv } from './env.ts';

describe('the environment', () => {
  it('resolves the data folder where the console was started', () => {
    expect(readEnv({}, '/srv/shoal').dataFolder).toBe('/srv/shoal/data');
    expect(readEnv({ SHOAL_DATA: 'here' }, '/srv/shoal').dataFolder).toBe('/srv/shoal/here');
    expect(readEnv({ SHOAL_DATA: '/var/lib/shoal-console' }, '/srv/shoal').dataFolder).toBe(
      '/var/lib/shoal-console',
    );
  });

  it('refuses a data folder inside the build, which the next build would delete', () => {
    const cwd = '/srv/shoal/.next/standalone';
    expect(() => readEnv({}, cwd)).toThrow(/absolute path/);
    expect(() => readEnv({ SHOAL_DATA: 'data' }, cwd)).toThrow(EnvError);
    expect(readEnv({ SHOAL_DATA: '/srv/data' }, cwd).dataFolder).toBe('/srv/data');
  });

  it('refuses half an administrator, a short secret and an address that is none', () => {
    expect(() => readEnv({ SHOAL_ADMIN_USER: 'admin' }, '/')).toThrow(/go together/);
    expect(() => readEnv({ SHOAL_SECRET: 'short' }, '/')).toThrow(/32 characters/);
    expect(() => readEnv({ NEXTAUTH_URL: 'console' }, '/')).toThrow(/NEXTAUTH_URL/);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnv({ SHOAL_SECRET: '', NEXTAUTH_URL: '', SHOAL_SEED: '' }, '/')).toMatchObject({
      secret: null,
      publicUrl: null,
      seedFile: null,
    });
  });
});
