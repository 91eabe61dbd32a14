'use client';
import { ErrorPage } from '#components/panels/error-page.tsx';

export default ErrorPage;
