import { Command } from '../ui/command.tsx';

/** Where the true fingerprint stands: on the machine itself, not in what the network brought. */
export function FingerprintHelp({ router }: { readonly router: string }) {
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p>On {router} itself, not over the network that is to be checked, this prints its fingerprints:</p>
      <Command
        text="for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done"
        label="Copy the command that prints the fingerprints"
      />
    </div>
  );
}
