#!/bin/sh
# Puts Tokendial into the menu of this user, and the command `tokendial` into ~/.local/bin. Nothing is copied but the
# icons: the program stays in this folder. `sh install.sh --remove` takes both away again, and keeps your data.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/tokendial.desktop
command=$HOME/.local/bin/tokendial

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$data"/icons/hicolor/*/apps/tokendial.png
    if [ -L "$command" ]; then rm -f "$command"; fi
    echo "Tokendial is no longer in the menu. This folder can be deleted now."
    exit 0
fi
if [ $# -gt 0 ]; then
    echo "usage: sh install.sh [--remove]" >&2
    exit 2
fi
if [ ! -x "$here/tokendial" ]; then
    echo "install.sh: the program is not beside this script" >&2
    exit 1
fi

# In a desktop entry \ " $ and ` are escaped within quotes, every \ once more, and % is doubled.
program=$(printf '%s' "$here/tokendial" | sed -e 's/[\\"$`]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
mkdir -p "$data/applications" "$data/icons" "$HOME/.local/bin"
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec=env TOKENDIAL_DIALOGS=1 "%s"\n' "$program" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$here/share/applications/tokendial.desktop" >"$entry"
cp -R "$here/share/icons/hicolor" "$data/icons/"
if [ -e "$command" ] && [ ! -L "$command" ]; then
    echo "$command was there already and was left alone."
else
    ln -sfn "$here/tokendial" "$command"
fi
touch "$data/icons/hicolor"  # else a cache of the icons may still count
echo "Tokendial is in the menu now; in a terminal it is $command."
