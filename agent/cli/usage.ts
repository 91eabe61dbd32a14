/** Usage of shoalctl. */
export const usageText = `shoalctl: speaks to the Shoal agent on this router, and works on lvs.cf files

usage: shoalctl COMMAND [ARGUMENTS] [--json] [--socket PATH]

files, without an agent (- is standard input)
  check FILE              says everything that is wrong with the file
  fmt FILE                prints it in canonical form
  plan FILE               prints the routing table it makes, as ipvsadm -R takes it
  diff A B                prints the difference in words

this router
  status                  role, partner, VIPs, routing table, health, problems
  apply FILE              makes the file the running configuration
    --dry-run               only says what would change
    --confirm-within N      the configuration before returns after N seconds unless confirmed
  confirm                 ends a trial: what runs stays
  rollback                returns to the configuration before
  reload                  takes the configuration file on disk in (as SIGHUP does)
  drain VS RS             no new connections to real server RS of virtual server VS
  undrain VS RS           new connections again
  switchover              gives the service to the partner
  stop, start             takes this router out of the service, and in again
  events [--follow]       what happened

console
  rpc                     the agent's protocol on standard input and output (for sshd)
  enrol 'KEY'             lets the console with this public SSH key in; needs root

  --json                  prints data instead of text
  --socket PATH           the agent's socket (/run/shoal/agent.sock)
  --version, --help

exit code: 0 fine, 1 faults in what was given, 2 wrong usage, 3 no answer from the agent
`;
