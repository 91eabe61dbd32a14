'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { buttonLook } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { type Theme, themeCookie, themes } from './theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, unknown>;

function show(theme: Theme): void {
  const root = document.documentElement;
  root.classList.remove('light', 'dark');
  if (theme !== 'system') root.classList.add(theme);
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https, consoles often have none
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}

export function ThemeMenu({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = icons[theme];
  const choose = (next: Theme) => {
    setTheme(next);
    show(next);
  };
  return (
    <Menu
      trigger={{
        label: 'Colour theme',
        className: buttonLook({ tone: 'quiet', size: 'icon' }),
        content: <Icon aria-hidden="true" />,
      }}
      entries={themes.map(({ value, title }) => {
        const Choice = icons[value];
        return {
          kind: 'action',
          text: title,
          icon: <Choice aria-hidden="true" />,
          isCurrent: value === theme,
          onSelect: () => choose(value),
        };
      })}
    />
  );
}
