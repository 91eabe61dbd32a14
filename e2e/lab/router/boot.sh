#!/bin/sh
# First process of a router. Plays the part of a distribution's start-up: network, kernel modules, sshd, and the
# agent if it is installed. Words of the kernel's command line: n= number, lab= the lab's folder, kernel= where
# the modules are, node= the Node.js of this router.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/var/lib/lab-root
for word in $(cat /proc/cmdline); do
  case $word in n=*) n=${word#n=} ;; lab=*) lab=${word#lab=} ;; kernel=*) kernel=${word#kernel=} ;; node=*) node=${word#node=} ;; esac
done
mount -t tmpfs run /run
mkdir -p /dev/pts /dev/shm /run/sshd /run/lock
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
hostname "r$n"

# The kernel loads the modules of schedulers by itself when it finds them where it looks.
version=$(uname -r)
[ -e "/lib/modules/$version" ] || { mkdir -p /lib/modules && ln -s "$kernel/lib/modules/$version" "/lib/modules/$version"; }
modprobe -a af_packet ip_vs ip_vs_wrr ip_vs_wlc nf_conntrack || echo "modules are missing" >/dev/console

ip link set lo up
ip link set eth0 up && ip addr add "192.0.2.1$n/24" dev eth0
ip link set eth1 up && ip addr add "10.11.12.$n/24" dev eth1
echo 1 >/proc/sys/net/ipv4/ip_forward

if [ ! -e /etc/shoal-lab/installed ]; then
  # First boot of this disk: nothing of the host's own Shoal shines through, and the host keys are made once.
  rm -rf /etc/sysconfig/ha /var/lib/shoal /usr/local/lib/shoal /etc/shoal-lab
  mkdir -p /etc/shoal-lab /var/lib/lab-root
  # Root of a router has a home of its own: the host's shell profile is none of its business, and may be slow.
  sed -i 's#^root:.*#root:*:0:0:root:/var/lib/lab-root:/bin/sh#' /etc/passwd
  ssh-keygen -q -t ed25519 -N '' -f /etc/shoal-lab/host_key
  cp "$lab/admin.pub" /etc/shoal-lab/admin.pub
  ln -sf "$node" /usr/local/bin/node
  # Modules of a home folder are not for everybody's eyes; an account without rights must be able to run Node.
  setpriv --reuid=65534 --regid=65534 --clear-groups node -e 0 2>/dev/null || { rm /usr/local/bin/node; cp "$node" /usr/local/bin/node; }
  touch /etc/shoal-lab/installed
  sync
fi

strict=yes
[ "$(stat -c %u /)" = 0 ] || strict=no # the lab of an ordinary user: files of the host's root have another owner
cat >/etc/shoal-lab/sshd_config <<CONFIG
HostKey /etc/shoal-lab/host_key
PidFile /run/sshd.pid
UsePAM no
UseDNS no
StrictModes $strict
PasswordAuthentication no
PermitRootLogin prohibit-password
Match User root
  AuthorizedKeysFile /etc/shoal-lab/admin.pub
CONFIG
/usr/sbin/sshd -f /etc/shoal-lab/sshd_config
[ -e /etc/shoal-lab/agent ] && setsid sh "$(dirname "$0")/supervise.sh" &
echo "READY $(cat /proc/uptime)" >/dev/console
# SIGUSR1 makes systemd itself the first process, for what needs it (a cgroup2 has to be mounted on /sys/fs/cgroup).
trap 'exec /lib/systemd/systemd --unit=shoal-lab.target' USR1
while :; do sleep 1000 & wait $!; done
