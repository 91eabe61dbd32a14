# What the tarball's install.sh and uninstall.sh and the scripts of the Debian package have in common. It is read by the
# first two and stands at the beginning of the others.

LVS_CF=/etc/sysconfig/ha/lvs.cf
STATE=/var/lib/shoal

has_systemd() {
  [ -d /run/systemd/system ]
}

is_running() {
  has_systemd && systemctl is-active --quiet shoal-agent.service
}

# The console's way in is a user of this group; "shoalctl enrol" makes the user.
make_group() {
  getent group shoal >/dev/null || groupadd --system shoal
}

# At the first installation: what lvs.cf was before Shoal. Nothing is known of it once there is a state folder.
remember_before() {
  [ ! -e "$STATE" ] || return 0
  install -d -m 0755 "$STATE" "$STATE/before"
  if [ -e "$LVS_CF" ]; then
    cp -pL "$LVS_CF" "$STATE/before/lvs.cf"
  else
    : >"$STATE/before/no-lvs.cf"
  fi
}

# Hands over to the partner, then takes everything of the agent's out of the kernel.
end_service() {
  if has_systemd; then
    systemctl disable --quiet shoal-agent.service 2>/dev/null || true
    systemctl stop shoal-agent.service
  elif /usr/lib/shoal/shoalctl.mjs status >/dev/null 2>&1; then
    echo 'The agent still runs, and there is no systemd here to end it: end it by SIGTERM first.' >&2
    return 1
  fi
  /usr/lib/shoal/shoal-agent.mjs --clear
  rm -rf /run/shoal
}

# Configuration, memory, cluster key, the console's way in: nothing of it comes back.
purge_state() {
  if [ -e "$STATE/before/lvs.cf" ]; then
    cp -p "$STATE/before/lvs.cf" "$LVS_CF"
  elif [ -e "$STATE/before/no-lvs.cf" ]; then
    rm -f "$LVS_CF"
    rmdir /etc/sysconfig/ha /etc/sysconfig 2>/dev/null || true
  fi
  case "$(getent passwd shoal)" in
  *:"$STATE"/home:*) userdel shoal ;;
  esac
  if getent group shoal >/dev/null; then groupdel shoal; fi
  rm -rf "$STATE" /run/shoal
}
