import { defineConfig } from 'prisma/config';

/** Only `prisma generate`, `validate` and `format` read this; migrations have their own runner. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
