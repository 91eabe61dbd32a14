#!/bin/sh
# Restarts sshd and ends every open session: what a router with a new host key looks like from outside.
old=$(cat /run/sshd.pid)
sessions=
for dir in /proc/[0-9]*; do
  pid=${dir#/proc/}
  [ "$pid" != "$old" ] && [ "$(cat "$dir/comm" 2>/dev/null)" = sshd ] && sessions="$sessions $pid"
done
kill "$old"
while kill -0 "$old" 2>/dev/null; do sleep 0.05; done
/usr/sbin/sshd -f /etc/shoal-lab/sshd_config
# The session that runs this script is among them: it may end with its own exit code first.
setsid sh -c "sleep 0.3; kill $sessions" >/dev/null 2>&1 &
