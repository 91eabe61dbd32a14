/** What the console adds to next-auth's types. */
import 'next-auth';
import 'next-auth/jwt';

declare module 'next-auth' {
  interface User {
    id: string;
    name: string;
    tokenVersion: number;
  }
  interface Session {
    /** Missing when the session was revoked. */
    user?: { id: string; name: string; role: 'admin' | 'operator' | 'viewer' };
    expires: string;
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    userId?: string;
    tokenVersion?: number;
  }
}
