#!/bin/sh
# Installs the Shoal agent on a router: the two programs, the service, and starts it. Run as root on the router, in the
# unpacked tarball. A second run is an upgrade: the new agent takes over from the old one without a failover. With
# --no-start nothing is started: for a router on which something else still balances.
set -eu

start=yes
case "${1:-}" in
'') ;;
--no-start) start=no ;;
*)
  echo 'usage: install.sh [--no-start]' >&2
  exit 2
  ;;
esac

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/common.sh"

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || fail 'this installs a system service and needs root; run it with sudo'
for file in shoal-agent.mjs shoalctl.mjs shoal-agent.service end-agent uninstall.sh; do
  [ -f "$here/$file" ] || fail "$here/$file is missing; unpack the tarball again"
done
case "$(dpkg-query -W -f '${db:Status-Status}' shoal-agent 2>/dev/null || true)" in
installed) fail 'the Debian package shoal-agent is installed; upgrade it with: apt-get install ./shoal-agent_VERSION_all.deb' ;;
esac
command -v node >/dev/null || fail 'Node.js is missing; install it: apt-get install nodejs'
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || fail "Node.js $major is too old; the agent needs 18 or newer"
missing=
for program in ipvsadm ip arping sshd; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || [ -x "/sbin/$program" ] || missing="$missing $program"
done
[ -z "$missing" ] ||
  fail "these programs are missing:$missing; install them: apt-get install ipvsadm iproute2 iputils-arping openssh-server"

remember_before
make_group
install -d -m 0755 /usr/lib/shoal
for name in shoal-agent.mjs shoalctl.mjs end-agent uninstall.sh common.sh; do
  # Beside and renamed: a program that runs is never half new.
  install -m 0755 "$here/$name" "/usr/lib/shoal/.$name.new"
  mv -f "/usr/lib/shoal/.$name.new" "/usr/lib/shoal/$name"
done
ln -sfn /usr/lib/shoal/shoalctl.mjs /usr/sbin/shoalctl
install -d -m 0755 /usr/share/man/man8 /usr/share/bash-completion/completions /usr/share/zsh/vendor-completions
install -m 0644 "$here/shoalctl.8" /usr/share/man/man8/shoalctl.8
install -m 0644 "$here/shoalctl.bash" /usr/share/bash-completion/completions/shoalctl
install -m 0644 "$here/_shoalctl" /usr/share/zsh/vendor-completions/_shoalctl
[ -e /etc/default/shoal-agent ] || install -D -m 0644 "$here/shoal-agent.default" /etc/default/shoal-agent

if has_systemd; then
  install -m 0644 "$here/shoal-agent.service" /etc/systemd/system/shoal-agent.service
  systemctl daemon-reload
  if is_running; then
    systemctl restart shoal-agent
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
