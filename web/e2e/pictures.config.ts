import { defineConfig } from 'vitest/config';
import e2e from './vitest.config';

/** As the tests in a browser, for the pictures of the documents alone. */
export default defineConfig({ ...e2e, test: { ...e2e.test, include: ['pictures.ts'] } });
