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

# A console that is let in comes back every few seconds, and no user goes that runs a program: its way in goes first, then
# what it has running.
remove_user() {
  rm -rf "$STATE/home"
  id=$(id -u shoal)
  tries=0
  until userdel shoal 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" = 10 ]; then
      # Says why.
      userdel shoal
      return
    fi
    for process in /proc/[0-9]*; do
      if grep -qs "^Uid:[[:space:]]$id[[:space:]]" "$process/status"; then
        kill -KILL "${process#/proc/}" 2>/dev/null || true
      fi
    done
    sleep 0.5
  done
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
  *:"$STATE"/home:*) remove_user ;;
  esac
  if getent group shoal >/dev/null; then groupdel shoal; fi
  rm -rf "$STATE" /run/shoal
}
