# What the lints share, sourced by each with its name: where it looks, and how a broken rule is said.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
# The proof of a lint lets it look at a copy.
cd "${FIELDLINE_LINT_ROOT:-$root}" || exit 1

lint="$1"
broken=0
breaks() {
  broken=1
  printf '%s: %s\n' "$lint" "$1"
  sed 's/^/    /' <<<"$2"
}
