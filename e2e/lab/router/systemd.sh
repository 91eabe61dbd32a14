#!/bin/sh
# Hands a running router over to systemd. boot.sh has done what a distribution does at boot (file systems, network,
# sshd), so of all that comes with systemd only the journal starts; nothing of the host's own services shines through.
set -e
rm -rf /etc/systemd/system
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -s /lib/systemd/system/remote-fs.target /etc/systemd/system/multi-user.target.wants/
# A container's word that packages start no service.
rm -f /usr/sbin/policy-rc.d
: >/etc/fstab
hostname >/etc/hostname
for wish in /lib/systemd/system/sysinit.target.wants/* /lib/systemd/system/sockets.target.wants/* \
  /lib/systemd/system/timers.target.wants/*; do
  unit=${wish##*/}
  case $unit in
  systemd-journald.service | systemd-journald.socket | systemd-journald-dev-log.socket) ;;
  *) ln -s /dev/null "/etc/systemd/system/$unit" ;;
  esac
done
cat >/etc/systemd/system/shoal-lab.target <<UNIT
[Unit]
Description=What the lab needs of systemd
Wants=systemd-journald.service
After=systemd-journald.service
UNIT
mount -t cgroup2 cgroup2 /sys/fs/cgroup
kill -USR1 1
