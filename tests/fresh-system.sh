#!/usr/bin/env bash
# The README's commands, word for word, in an empty system:
#   tests/fresh-system.sh SUITE      as root; bookworm, trixie, or another suite of the distribution of this machine
# debootstrap makes the system, from the mirror that this machine's apt uses. What is committed here is cloned into it, into a
# folder with a long name that holds blanks; a user who may use sudo runs the commands. A warning of CMake, of the compiler
# or of pandoc is a failure. Nothing is left behind. FRESH_SYSTEM_CACHE=FOLDER keeps the base system's packages for the next run.
set -euo pipefail

stop() {
  echo "fresh-system: $*" >&2
  exit 1
}

suite=${1:-}
[ $# = 1 ] || stop "which suite? tests/fresh-system.sh trixie"
[ "$(id -u)" = 0 ] || stop "this makes a system, and needs root: sudo tests/fresh-system.sh $suite"
for program in debootstrap unshare git; do
  command -v $program > /dev/null || stop "$program is not here: apt-get install $program"
done

project=$(cd "$(dirname "$0")/.." && pwd)
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
  awk -v release="$release" '$1 == release && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || stop "apt's sources name no mirror of $release"

work=$(mktemp -d)
system=$work/system
log=$work/log
# What is mounted is mounted in a namespace of its own, which ends with the process: it cannot be left behind.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP

in_system() { unshare --mount --pid --fork --kill-child --mount-proc="$system/proc" chroot "$system" "$@"; }

echo "fresh-system: an empty $suite"
options=(--variant=minbase --include=sudo,ca-certificates)
if [ -n "${FRESH_SYSTEM_CACHE:-}" ]; then
  mkdir -p "$FRESH_SYSTEM_CACHE"
  options+=(--cache-dir="$(cd "$FRESH_SYSTEM_CACHE" && pwd)")
fi
unshare --mount debootstrap "${options[@]}" "$suite" "$system" "$mirror" > "$log" 2>&1 || {
  tail -20 "$log" >&2
  stop "debootstrap could not make a $suite from $mirror"
}
# The network is reached as this machine reaches it.
apt-config dump | grep -E '^Acquire::(https?::|Retries|Check-|ForceIP)' > "$system/etc/apt/apt.conf.d/50network" || true
cp -L /etc/resolv.conf /etc/hosts "$system/etc/"
case $mirror in https:*) cp -L /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/" ;; esac
in_system apt-get update -q > "$log" 2>&1 || {
  cat "$log" >&2
  stop "apt-get update failed in the empty $suite"
}

in_system useradd --create-home --shell /bin/bash reader
echo "reader ALL=(ALL) NOPASSWD: ALL" > "$system/etc/sudoers.d/reader"
echo "debconf debconf/frontend select Noninteractive" | in_system debconf-set-selections
clone="/home/reader/a folder whose name is long and holds blanks, so that whoever takes a path for one word, or a message for one line, is told so here/attention-by-hand"
git clone --quiet --no-hardlinks "$project" "$system$clone"
in_system chown -R reader: /home/reader

as_reader() {
  in_system setpriv --reuid reader --regid reader --init-groups env -i HOME=/home/reader USER=reader PATH=/usr/local/bin:/usr/bin:/bin \
    ${CMAKE_BUILD_PARALLEL_LEVEL:+CMAKE_BUILD_PARALLEL_LEVEL="$CMAKE_BUILD_PARALLEL_LEVEL"} \
    bash -c 'cd "$1" && eval "$2"' bash "$clone" "$1" < /dev/null
}

mapfile -t commands < <(awk '/^```/ { inside = $0 == "```sh"; next } inside' "$system$clone/README.md")
[ ${#commands[@]} -gt 0 ] || stop "README.md has no command in a block of sh"
for command in "${commands[@]}"; do
  echo "fresh-system: $suite: $command"
  as_reader "$command" 2>&1 | tee "$log" || stop "$suite FAILED: $command"
  if grep -E 'CMake (Deprecation )?Warning|: warning: |\[WARNING\]' "$log"; then
    stop "$suite FAILED, with the warnings above: $command"
  fi
done

left=$(git -c safe.directory='*' -C "$system$clone" status --porcelain)
[ -z "$left" ] || stop "$suite FAILED: the commands left files outside of build/: $left"
echo "fresh-system: $suite passed: ${#commands[@]} commands of the README, with $(as_reader 'g++ -dumpfullversion; cmake --version; pandoc --version' |
  awk 'NR == 1 { print "g++ " $0 } /^cmake version/ { print "CMake " $3 } /^pandoc [0-9]/' | paste -sd, | sed 's/,/, /g')"
