// Stands in for the package 'server-only' where tests import server code outside Next.
export {};
