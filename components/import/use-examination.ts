'use client';
import { useEffect, useRef, useState } from 'react';
import type { Examination, Question } from '#lib/import/examine.ts';

export interface Examined {
  /** What the last answer was about. */
  readonly question: Question;
  readonly examination: Examination;
}

export interface ExaminationState {
  /** The newest answer; null before the first. */
  readonly examined: Examined | null;
  /** A newer question waits for its answer. */
  readonly isBusy: boolean;
  /** The worker did not start or ended: the page can say nothing. */
  readonly isBroken: boolean;
}

/** Examines a text beside the page, one question at a time: of those that come meanwhile the last one counts. */
export function useExamination(question: Question): ExaminationState {
  const worker = useRef<Worker | null>(null);
  const asked = useRef<Question | null>(null);
  const waiting = useRef<Question | null>(null);
  const [examined, setExamined] = useState<Examined | null>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const started = new Worker(new URL('./examine-worker.ts', import.meta.url), { type: 'module' });
    started.onmessage = ({ data }: MessageEvent<Examination>) => {
      const answered = asked.current;
      const next = waiting.current;
      asked.current = next;
      waiting.current = null;
      if (answered) setExamined({ question: answered, examination: data });
      if (next) started.postMessage(next);
    };
    started.onerror = () => setBroken(true);
    worker.current = started;
    return () => {
      started.terminate();
      worker.current = null;
      asked.current = null;
      waiting.current = null;
    };
  }, []);
  const { text, dialect, device, liveTable } = question;
  useEffect(() => {
    const next: Question = { text, dialect, device, liveTable };
    if (asked.current) waiting.current = next;
    else {
      asked.current = next;
      worker.current?.postMessage(next);
    }
  }, [text, dialect, device, liveTable]);
  const isAnswered =
    examined !== null &&
    examined.question.text === text &&
    examined.question.dialect === dialect &&
    examined.question.device === device &&
    examined.question.liveTable === liveTable;
  return { examined, isBusy: !isAnswered, isBroken };
}
