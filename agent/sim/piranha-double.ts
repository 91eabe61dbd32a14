/**
 * Piranha's pulse 0.8.6 (lvs mode) as its observers describe it: the partner of an agent without a cluster key, in
 * the simulator and in the lab. Written apart from agent/pulse, so that the two cannot share a misunderstanding. It
 * knows no clock and no socket: the host asks it to turn its loop.
 */

export const RUNNING = 0xbdaddbda;
export const STOPPED = 0xadbddabd;
const STOP_ME = 0xdeaddada;
const HOLD = 0xdeafbabe;
const HELD = 0xdeafdada;

export interface PiranhaHost {
  /** One word, on every channel. */
  send(word: number): void;
  /** Starts lvsd, brings the aliases up and repeats gratuitous ARP, all in the background. */
  activate(): void;
  /** Ends lvsd and takes the aliases down. The loop stands still until `deactivated`. */
  deactivate(): void;
  /** Repeats the gratuitous ARPs. */
  announce(): void;
  log(message: string): void;
}

export interface PiranhaOptions {
  readonly isMaster: boolean;
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
}

export class PiranhaDouble {
  isActive = false;
  hasLinkFail = false;
  hasChildFail = false;
  /** Deactivation waits for lvsd without a limit, and no heartbeat is sent or read meanwhile. */
  isBlocked = false;
  private readonly options: PiranhaOptions;
  private readonly host: PiranhaHost;
  private sendAt: number;
  private needAt: number;
  private waiting: number[] = [];

  constructor(options: PiranhaOptions, host: PiranhaHost, now: number) {
    this.options = options;
    this.host = host;
    this.sendAt = now + options.keepaliveMs;
    this.needAt = now + options.deadtimeMs;
    host.log(`STARTING PULSE AS ${options.isMaster ? 'MASTER' : 'BACKUP'}`);
  }

  /** When the loop wants to be turned next. */
  wakeAt(): number {
    return this.isBlocked ? Number.POSITIVE_INFINITY : Math.min(this.sendAt, this.needAt);
  }

  /** A datagram from one of the partner's addresses; anything beyond four bytes is not looked at. */
  receive(bytes: Uint8Array, now: number) {
    if (bytes.length < 4) {
      this.host.log('bad heartbeat packet');
      return;
    }
    const word = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    if (this.isBlocked) this.waiting.push(word);
    else this.heed(word, now);
  }

  /** One turn of the loop without a packet. */
  turn(now: number): void {
    if (this.isBlocked) return;
    if (now >= this.sendAt) {
      this.host.send(this.isActive ? RUNNING : STOPPED);
      this.sendAt = now + this.options.keepaliveMs;
    }
    if (now < this.needAt) return;
    this.needAt = now + this.options.deadtimeMs;
    if (this.isFree()) this.goActive('partner dead: activating lvs');
  }

  /** Lvsd has ended and the aliases are down. */
  deactivated(now: number) {
    this.isBlocked = false;
    while (!this.isBlocked) {
      const word = this.waiting.shift();
      if (word === undefined) return this.turn(now);
      this.heed(word, now);
    }
  }

  childDies(): void {
    if (this.isActive) this.goInactive('lvsd died');
    this.hasChildFail = true;
  }

  /** With monitor_links. */
  linkIs(isUp: boolean): void {
    this.hasLinkFail = !isUp;
    if (!isUp && this.isActive) this.goInactive('link lost: deactivating LVS');
  }

  private heed(word: number, now: number) {
    switch (word) {
      case RUNNING:
        this.needAt = now + this.options.deadtimeMs;
        return this.heedRunning();
      case STOPPED:
        this.needAt = now + this.options.deadtimeMs;
        if (this.isFree()) {
          this.goActive(`${this.options.isMaster ? 'backup' : 'primary'} inactive: activating lvs`);
        }
        return;
      case STOP_ME:
        // An active master would stop lvsd and keep its aliases: nobody here sends it that.
        this.needAt = now + this.options.deadtimeMs;
        return this.heedRunning();
      case HOLD:
      case HELD:
        this.needAt = now + this.options.deadtimeMs;
        return;
      default:
        this.host.log(`incompatible heartbeat ${word.toString(16)}`);
    }
  }

  private heedRunning() {
    this.hasChildFail = false;
    if (!this.isActive) return;
    if (this.options.isMaster) {
      this.host.log('partner active: resending arps');
      return this.host.announce();
    }
    this.host.send(RUNNING);
    this.goInactive('partner active: deactivating LVS');
  }

  private isFree(): boolean {
    return !this.isActive && !this.hasLinkFail && !this.hasChildFail;
  }

  private goActive(why: string): void {
    this.isActive = true;
    this.host.log(why);
    this.host.activate();
  }

  private goInactive(why: string): void {
    this.isActive = false;
    this.isBlocked = true;
    this.host.log(why);
    this.host.deactivate();
  }
}
