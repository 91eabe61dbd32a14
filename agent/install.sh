#!/bin/sh
# Installs the Shoal agent on a router: the two programs, the service, and starts it. Run as root on the router, with
# shoal-agent.mjs and shoalctl.mjs beside this file or in the folder that is given. A second run is an upgrade: the
# new agent takes over from the old one without a failover. With --no-start as the first word nothing is started: for a
# router on which something else still balances.
set -eu

start=yes
if [ "${1:-}" = --no-start ]; then
  start=no
  shift
fi

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
programs=${1:-}
if [ -z "$programs" ]; then
  programs=$here
  [ -f "$programs/shoal-agent.mjs" ] || programs=$here/../dist/agent
fi
unit=$here/systemd/shoal-agent.service
[ -f "$unit" ] || unit=$here/shoal-agent.service

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || fail 'this installs a system service and needs root; run it with sudo'
for file in "$programs/shoal-agent.mjs" "$programs/shoalctl.mjs" "$unit"; do
  [ -f "$file" ] || fail "$file is missing; build it first: npm run build"
done
command -v node >/dev/null || fail 'Node.js is missing; install it: apt-get install nodejs'
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || fail "Node.js $major is too old; the agent needs 18 or newer"
missing=
for program in ipvsadm ip arping sshd; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || [ -x "/sbin/$program" ] || missing="$missing $program"
done
[ -z "$missing" ] ||
  fail "these programs are missing:$missing; install them: apt-get install ipvsadm iproute2 iputils-arping openssh-server"

install -d -m 0755 /usr/lib/shoal /var/lib/shoal /etc/sysconfig/ha
for name in shoal-agent.mjs shoalctl.mjs; do
  # Beside and renamed: a program that runs is never half new.
  install -m 0755 "$programs/$name" "/usr/lib/shoal/.$name.new"
  mv -f "/usr/lib/shoal/.$name.new" "/usr/lib/shoal/$name"
done
ln -sfn /usr/lib/shoal/shoalctl.mjs /usr/sbin/shoalctl
# Beside the programs when they come from "npm run build"; a router serves without them.
if [ -f "$programs/shoalctl.8" ]; then
  install -d -m 0755 /usr/share/man/man8 /usr/share/bash-completion/completions /usr/share/zsh/vendor-completions
  install -m 0644 "$programs/shoalctl.8" /usr/share/man/man8/shoalctl.8
  install -m 0644 "$programs/shoalctl.bash" /usr/share/bash-completion/completions/shoalctl
  install -m 0644 "$programs/_shoalctl" /usr/share/zsh/vendor-completions/_shoalctl
fi
getent group shoal >/dev/null || groupadd --system shoal

if [ -d /run/systemd/system ]; then
  install -m 0644 "$unit" /etc/systemd/system/shoal-agent.service
  systemctl daemon-reload
  if systemctl is-active --quiet shoal-agent; then
    systemctl kill --kill-who=main --signal=SIGUSR2 shoal-agent
    echo 'The agent is upgraded; connections and roles are as before.'
  elif [ $start = no ]; then
    echo 'The agent is installed and does not run. Start it, now and at every boot: systemctl enable --now shoal-agent'
  else
    systemctl enable --now shoal-agent
    echo 'The agent runs.'
  fi
else
  echo 'The programs are installed in /usr/lib/shoal. There is no systemd here: start /usr/lib/shoal/shoal-agent.mjs yourself.'
fi
echo "Next: let the console in with  shoalctl enrol 'ssh-ed25519 AAAA…'  (the console shows the line)."
