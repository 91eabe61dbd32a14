
[ "$1" = configure ] || exit 0
remember_before
make_group
# What install.sh of the tarball left would hide what the package brings.
if [ -f /etc/systemd/system/shoal-agent.service ]; then rm -f /etc/systemd/system/shoal-agent.service; fi
has_systemd || exit 0
systemctl daemon-reload
if is_running; then
  # An upgrade. The unit's restart leaves everything in place: no failover, no lost connection.
  deb-systemd-invoke restart shoal-agent.service
elif [ -z "${2:-}" ] && [ ! -e "$LVS_CF" ]; then
  systemctl enable --quiet shoal-agent.service
  deb-systemd-invoke start shoal-agent.service
else
  # With a configuration it would begin to serve, perhaps beside something else that still does.
  echo 'The agent does not run. Start it, now and at every boot: systemctl enable --now shoal-agent'
fi
