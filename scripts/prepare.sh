# Sourced by scripts/start and scripts/test: brings what this machine lacks.
# Guarantees: nothing outside the clone and the cache folder changes without root's or the
# person's consent; what is there is left alone; a second run only looks (well under 1 s).
# Debian and Ubuntu; elsewhere it says what is missing and stops.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${BINNACLE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/binnacle}
node_pinned=20.19.6
npm_pinned=10.9.4
private_node=$cache/node-$node_pinned
assume_yes=
[ "${CI:-}" != true ] || assume_yes=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Library Electron needs -> packages that bring it, newest name first.
libraries() {
  cat <<'L'
libgtk-3.so.0 libgtk-3-0t64 libgtk-3-0
libnss3.so libnss3
libasound.so.2 libasound2t64 libasound2
libgbm.so.1 libgbm1
libdrm.so.2 libdrm2
libxkbcommon.so.0 libxkbcommon0
libatk-bridge-2.0.so.0 libatk-bridge2.0-0t64 libatk-bridge2.0-0
libcups.so.2 libcups2t64 libcups2
libXdamage.so.1 libxdamage1
libXcomposite.so.1 libxcomposite1
libXrandr.so.2 libxrandr2
L
}

# node_fits COMMAND: at least 20.19 or 22.12, which the build tools ask for.
node_fits() {
  command -v "$1" >/dev/null && "$1" -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1);' 2>/dev/null
}

use_private_node() {
  [ -e "$private_node/ready" ] || return 1
  export PATH=$private_node/node_modules/.bin:$PATH
}

# Prints one line for each thing that is missing: the packages that would bring it.
missing_packages() {
  local have name rest
  have=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | awk '{print $1}')
  while read -r name rest; do
    grep -qxF "$name" <<<"$have" || echo "$rest"
  done < <(libraries)
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  if [ -n "${want_xvfb:-}" ]; then
    command -v xvfb-run >/dev/null || echo xvfb
    command -v xauth >/dev/null || echo xauth
  fi
  if ! { node_fits node && command -v npm >/dev/null; } && [ ! -e "$private_node/ready" ]; then
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# consent TEXT COMMANDS: root and --yes have said so already; everybody else is asked.
consent() {
  local answer
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || die "$1 There is no sudo here: run as root: $2"
  [ -z "$assume_yes" ] || return 0
  [ -t 0 ] || die "$1 Run it again with --yes, or as root run: $2"
  say "$1"
  say "  sudo $2"
  read -r -p 'Go on? [y/N] ' answer
  case $answer in y|Y|yes) ;; *) die 'Stopped; nothing was changed.' ;; esac
}

prepare_machine() {
  local lines list line name chosen log
  [ "$(uname -s)" = Linux ] || return 0
  lines=$(missing_packages)
  [ -n "$lines" ] || return 0
  list=$(awk '{print $NF}' <<<"$lines" | tr '\n' ' ')
  command -v apt-get >/dev/null || die "Missing here (Debian's names): $list. Install them with this system's package manager."
  consent "Missing packages: $list" "apt-get install -y --no-install-recommends $list"
  say "Installing $list"
  log=$(mktemp)
  as_root apt-get update >"$log" 2>&1 || say "$(tail -3 "$log")"
  chosen=()
  while read -r line; do
    for name in $line; do
      if apt-cache show "$name" >/dev/null 2>&1; then chosen+=("$name"); break; fi
    done
  done <<<"$lines"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${chosen[@]}" >>"$log" 2>&1 ||
    { tail -20 "$log" >&2; die "apt-get failed; all it said is in $log"; }
  rm -f "$log"
}

# Node from the npm registry, for systems whose own is older: no root, nothing outside the cache.
prepare_node() {
  local arch
  if node_fits node && command -v npm >/dev/null; then return 0; fi
  use_private_node && return 0
  case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) die "Node 20.19 or newer is needed; this one is $(node --version 2>&1)." ;; esac
  say "Node here is $(node --version 2>/dev/null || echo missing); fetching Node $node_pinned into $private_node"
  mkdir -p "$private_node"
  (cd "$private_node" && echo '{"private":true}' >package.json &&
    npm install --no-audit --no-fund --no-progress --loglevel=error --ignore-scripts \
      "node-linux-$arch@$node_pinned" "npm@$npm_pinned") >&2 || die 'Node could not be fetched; npm says why above.'
  touch "$private_node/ready"
  use_private_node
  node_fits node || die 'The fetched Node does not run here.'
}

# npm ci, when the lockfile, Node's major or the platform changed since the last one.
prepare_modules() {
  local stamp file=$root/node_modules/.binnacle-stamp
  stamp=$(cat "$root/package-lock.json" <(node -p '[process.platform, process.arch, process.versions.modules].join()') | sha256sum | cut -d' ' -f1)
  [ "$(cat "$file" 2>/dev/null)" != "$stamp" ] || return 0
  say 'Installing npm packages (npm ci)'
  (cd "$root" && npm ci --include=dev --no-audit --no-fund --no-progress --loglevel=error) >&2 ||
    die 'npm ci failed; it says why above.'
  echo "$stamp" >"$file"
}

prepare() {
  prepare_machine
  prepare_node
  prepare_modules
}
