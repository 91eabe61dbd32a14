/** What arrives at an action comes from a browser and may be anything: it is checked here before it is used. */
import 'server-only';
import * as z from 'zod';

export const id = z.string().min(1).max(100);
export const text = z.string().max(10_000);
export const version = z.number().int().min(1);
/** Form fields by model key. */
export const fieldValues = z.record(z.string().max(100), text);

/** The checked arguments, or null when they are not what the form sends. */
export function readInput<Shape extends z.ZodRawShape>(
  shape: Shape,
  given: Readonly<Record<keyof Shape, unknown>>,
): z.infer<z.ZodObject<Shape>> | null {
  const parsed = z.object(shape).safeParse(given);
  return parsed.success ? parsed.data : null;
}

export const badInput = 'The request is not what this page sends. Reload the page and try again';
