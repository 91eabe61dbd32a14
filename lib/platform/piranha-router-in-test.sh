#!/bin/sh
# Test program: the login shell of a router, as sshd's forced command. Argument: a folder. What is asked is written to
# its file `asked`; ipvsadm prints its file `table`, or fails when there is none; everything else runs for real.
folder=$1
printf '%s\n' "$SSH_ORIGINAL_COMMAND" >>"$folder/asked"
case $SSH_ORIGINAL_COMMAND in
"test -e /proc/net/ip_vs") [ -e "$folder/table" ] || [ -e "$folder/refusal" ] ;;
"/sbin/ipvsadm -Sn")
  echo "sh: 1: /sbin/ipvsadm: not found" >&2
  exit 127
  ;;
"/usr/sbin/ipvsadm -Sn")
  [ -e "$folder/table" ] && exec cat "$folder/table"
  cat "$folder/refusal" >&2
  exit 255
  ;;
*) exec sh -c "$SSH_ORIGINAL_COMMAND" ;;
esac
