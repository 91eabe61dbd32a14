import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: { '/*': ['./prisma/migrations/**/*'] },
  serverExternalPackages: ['ssh2'],
  poweredByHeader: false,
  // In development Next would print the arguments of actions, passwords among them.
  logging: { serverFunctions: false },
  experimental: {
    // An lvs.cf of 40 000 real servers has 4 MB; the import takes 16.
    serverActions: { bodySizeLimit: '20mb' },
    proxyClientMaxBodySize: '20mb',
  },
};

export default config;
