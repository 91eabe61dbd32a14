#!/bin/sh
# Takes away what install.sh brought: hands over to the partner, takes everything of the agent's out of the kernel,
# removes the programs and the service. Configuration and state stay, unless --purge is given.
set -eu

purge=no
case "${1:-}" in
'') ;;
--purge) purge=yes ;;
*)
  echo 'usage: uninstall.sh [--purge]' >&2
  exit 2
  ;;
esac
[ "$(id -u)" = 0 ] || {
  echo 'uninstall.sh: this removes a system service and needs root; run it with sudo' >&2
  exit 1
}
# Its own folder goes: the functions are in memory by then.
. "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)/common.sh"

end_service
rm -f /etc/systemd/system/shoal-agent.service /usr/sbin/shoalctl /usr/share/man/man8/shoalctl.8 \
  /usr/share/bash-completion/completions/shoalctl /usr/share/zsh/vendor-completions/_shoalctl
rm -rf /usr/lib/shoal
if has_systemd; then systemctl daemon-reload; fi
if [ $purge = yes ]; then
  rm -f /etc/default/shoal-agent
  purge_state
  echo 'The agent, its configuration and its state are gone.'
else
  echo "The agent is gone. $LVS_CF, /etc/default/shoal-agent and $STATE are still there; with --purge they go, too."
fi
