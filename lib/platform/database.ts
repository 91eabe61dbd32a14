/** The console's database connection: one per process, with the settings and the lock that the stock adapter lacks. */
import 'server-only';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { databaseFile } from './data-folder.ts';
import { env } from './env.ts';
import { singleton } from './singleton.ts';

export type Database = PrismaClient;
/** Inside `db.$transaction(async (tx) => …)`. Never wait for a network there: everybody else waits too. */
export type Transaction = Prisma.TransactionClient;

const pragmas =
  'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY;';

/** A lock whose holder frees it by calling what it got. */
function createLock(): () => Promise<() => void> {
  let tail: Promise<void> = Promise.resolve();
  return async () => {
    const before = tail;
    let free = (): void => {};
    tail = new Promise((resolve) => {
      free = resolve;
    });
    await before;
    return free;
  };
}

const undoneCounter = (): { count: number } => singleton('undone-transactions', () => ({ count: 0 }));

function countUndone(): void {
  undoneCounter().count += 1;
}

const undone = (error: unknown): never => {
  countUndone();
  throw error;
};

/** How many transactions of this process were rolled back: what was read inside one of them may never have been. */
export const undoneTransactions = (): number => undoneCounter().count;

/**
 * The stock adapter has one connection, on which a query issued outside an open transaction joins it: an
 * acknowledged write vanishes when that transaction rolls back. Here every query and every transaction waits
 * for its turn.
 */
class SerialSqlite extends PrismaBetterSqlite3 {
  override async connect() {
    const db = await super.connect();
    await db.executeScript(pragmas);
    const acquire = createLock();
    const locked =
      <Args extends unknown[], Result>(run: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        const free = await acquire();
        try {
          return await run(...args);
        } finally {
          free();
        }
      };
    db.queryRaw = locked(db.queryRaw.bind(db));
    db.executeRaw = locked(db.executeRaw.bind(db));
    const start = db.startTransaction.bind(db);
    db.startTransaction = async (level) => {
      const free = await acquire();
      try {
        const transaction = await start(level);
        const commit = transaction.commit.bind(transaction);
        const rollback = transaction.rollback.bind(transaction);
        transaction.commit = () => commit().catch(undone).finally(free);
        transaction.rollback = () => rollback().finally(countUndone).finally(free);
        return transaction;
      } catch (error) {
        free();
        throw error;
      }
    };
    return db;
  }
}

/** Opens a database file that is already migrated. */
export function openDatabase(file: string): Database {
  return new PrismaClient({
    adapter: new SerialSqlite({ url: `file:${file}`, timeout: 10_000 }),
    transactionOptions: { maxWait: 20_000, timeout: 20_000 },
  });
}

/** The console's database. Made on first use, because `next build` imports modules without a data folder. */
export const database = (): Database =>
  singleton('database', () => openDatabase(databaseFile(env().dataFolder)));
