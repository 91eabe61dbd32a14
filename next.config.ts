import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: { '/*': ['./prisma/migrations/**/*'] },
  serverExternalPackages: ['ssh2'],
  poweredByHeader: false,
};

export default config;
