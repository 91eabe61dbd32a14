/** Many small fish that look like one: the mark of Shoal. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-6 text-accent" aria-hidden="true">
      <g fill="currentColor">
        <path d="M20.5 9.2c-3.2-2.3-7.6-2-10.3.6L7.5 7.6v6.6l2.7-2.2c2.7 2.6 7.1 2.9 10.3.6 1-.7 1.9-1.7 1.9-1.7s-.9-1-1.9-1.7Z" />
        <path
          opacity=".75"
          d="M28 15.4c-2.6-1.9-6.2-1.6-8.4.5l-2.2-1.8v5.4l2.2-1.8c2.2 2.1 5.8 2.4 8.4.5.9-.6 1.5-1.4 1.5-1.4s-.6-.8-1.5-1.4Z"
        />
        <path
          opacity=".55"
          d="M14.6 20.6c-2.6-1.9-6.2-1.6-8.4.5L4 19.3v5.4l2.2-1.8c2.2 2.1 5.8 2.4 8.4.5.9-.6 1.5-1.4 1.5-1.4s-.6-.8-1.5-1.4Z"
        />
      </g>
    </svg>
  );
}
