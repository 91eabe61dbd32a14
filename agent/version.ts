/** The version, from package.json; put in by the bundler. */
declare const SHOAL_VERSION: string | undefined;

export const VERSION: string = typeof SHOAL_VERSION === 'string' ? SHOAL_VERSION : 'development';
