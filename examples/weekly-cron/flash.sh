#!/bin/sh
# Writes the flash report of the last complete week as a page (flash.html) and as data (flash.json), and prints whose lead measures are
# below what was agreed. Cron mails what is printed; nothing is printed when all is well.
#
# usage: flash.sh EXPORTS FOLDER [OPTION OF LEADLAG]...
# Exit codes: 0 all is well, 1 somebody is below, 2 the report could not be made (why is said on standard error, which cron mails too).
set -eu
exports=$1 folder=$2
shift 2
mkdir -p "$folder"

status=0
leadlag check "$exports" -q "$@" --require 'new_prospect_meetings >= 3 per owner' -o "$folder/check.txt" || status=$?
case $status in
0) ;;
1) cat "$folder/check.txt" ;;
*) exit "$status" ;;
esac

# What has been restated since the report of a week ago; one of today is no report of a week ago.
if [ -n "$(find "$folder" -name flash.json -mtime +0)" ]; then
    mv "$folder/flash.json" "$folder/last.json"
fi
if [ -f "$folder/last.json" ]; then
    set -- "$@" --since "$folder/last.json"
fi
leadlag report "$exports" -q "$@" -o "$folder/flash.json"
leadlag report "$exports" -q "$@" -o "$folder/flash.html"
exit "$status"
