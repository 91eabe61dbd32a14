#!/bin/sh
# Plays systemd's part for shoal-agent: starts it again when it ends, until /run/shoal-lab-stop appears.
# /etc/shoal-lab/agent holds the command line.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/var/lib/lab-root
[ -e /run/shoal-supervise.pid ] && kill -0 "$(cat /run/shoal-supervise.pid)" 2>/dev/null && exit 0
echo $$ >/run/shoal-supervise.pid
while [ ! -e /run/shoal-lab-stop ]; do
  # shellcheck disable=SC2046
  $(cat /etc/shoal-lab/agent) </dev/null >>/var/log/shoal-agent.log 2>&1 &
  echo $! >/run/shoal-agent.pid
  wait $!
  echo "supervise: the agent ended with $?" >>/var/log/shoal-agent.log
  sleep 0.1
done
rm -f /run/shoal-supervise.pid /run/shoal-agent.pid
