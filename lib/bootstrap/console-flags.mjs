/** How Node.js runs the console, wherever it is started. */

/**
 * V8 lets the heap of a machine with much memory grow to several times what is in use. The console of a large cluster
 * stands beside other things for months: it collects more often and is half as large, as fast as before.
 */
export const consoleFlags = ['--max-semi-space-size=4', '--heap-growing-percent=10'];

/**
 * After a large piece of memory was freed, glibc keeps pieces of that size in its heaps and cannot give them back for
 * what lies behind them: 50 MB of a large cluster's console. Fixed at what it begins with, they are the system's again.
 */
export const consoleEnvironment = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
