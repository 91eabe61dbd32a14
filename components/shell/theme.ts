/** The choice of light or dark, kept in a cookie so that the server draws the page right at once. */
export const themeCookie = 'shoal-theme';

export const themes = [
  { value: 'system', title: 'As the system' },
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
] as const;

export type Theme = (typeof themes)[number]['value'];

export const readTheme = (cookie: string | undefined): Theme =>
  themes.find(({ value }) => value === cookie)?.value ?? 'system';
