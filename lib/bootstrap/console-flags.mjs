/** How Node.js runs the console, wherever it is started. */

/**
 * V8 lets the heap of a machine with much memory grow to several times what is in use. The console of a large cluster
 * stands beside other things for months: it collects more often and is half as large, as fast as before.
 */
export const consoleFlags = ['--max-semi-space-size=4', '--heap-growing-percent=10'];
