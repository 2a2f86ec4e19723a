# SPDX-License-Identifier: Apache-2.0
# Sourced by build, test and quickstart: brings in what tools/packages lists, and asks apt only if something is
# missing, so that a second run costs a fraction of a second and needs no rights.

tools_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root: $* (become root, or install sudo)"
  fi
}

# Names of all installed packages, and of those that they stand in for (a Node.js with npm in it, say), one a line.
installed_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' | tr ',' '\n' \
    | sed 's/ *(.*//; s/ //g'
}

# Packages of the list that are not installed, one a line.
missing_packages() {
  grep -v '^#' "$tools_dir/packages" | grep . | grep -vxFf <(installed_packages | grep .)
}

# apt may remove nothing: a conflict (another Boost, say) is the owner's decision.
install_packages() {
  command -v dpkg-query >/dev/null || fail "only Debian 12 and its derivatives are supported (no dpkg found)"
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] && return
  echo "installing ${#missing[@]} packages: ${missing[*]}"
  as_root apt-get update -q </dev/null || fail "apt-get update failed, see above"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-remove \
    "${missing[@]}" </dev/null || fail "apt-get could not install: ${missing[*]}"
}
