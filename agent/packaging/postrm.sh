
case "$1" in
remove) if has_systemd; then systemctl daemon-reload; fi ;;
purge) purge_state ;;
esac
