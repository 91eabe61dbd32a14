#!/bin/busybox sh
# First process of the initramfs: the host's file system, read-only over 9p, under an overlay on the router's own
# disk. What a router writes survives the death of its machine, as on a real one.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose host /host
mount -t ext4 /dev/vda /overlay
mkdir -p /overlay/upper /overlay/work
mount -t overlay -o lowerdir=/host,upperdir=/overlay/upper,workdir=/overlay/work overlay /root
mount --move /dev /root/dev
mount --move /proc /root/proc
mount --move /sys /root/sys
for word in $(cat /root/proc/cmdline); do case $word in boot=*) boot=${word#boot=} ;; esac; done
exec switch_root /root /bin/sh "$boot"
