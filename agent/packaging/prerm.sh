
# An upgrade leaves the agent running; the new package restarts it.
[ "$1" = remove ] || exit 0
end_service
