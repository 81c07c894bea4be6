#!/usr/bin/env bash
# Holds the pages to the sources: every link of a page leads to a file that is there, every
# test that docs/ASVS.md and docs/MASVS.md rest on is there under that name, each of their
# rows is whole, and they count right. `scripts/lint-docs.sh prove` breaks every rule once
# in a copy and fails unless each is caught.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lint.sh" docs

# Each line of standard input that is no file, seen from the folder $1.
not_there() {
  while read -r path; do [ -e "$1/${path%%#*}" ] || echo "$path"; done
}

# Those a page leads to, in brackets or by a line of its own; not the web's, not its own parts.
for page in README.md CONTRIBUTING.md docs/*.md docs/decisions/*.md; do
  lost="$(sed '/^```/,/^```/d' "$page" | grep -oP '\]\(\K[^)\s]+|^\[[^]]+\]: \K\S+' | grep -vE '^(https?:|mailto:|#)' |
    not_there "$(dirname "$page")")"
  [ -z "$lost" ] || breaks 'a link leads to a file that is there' "$(sed "s|^|$page: |" <<<"$lost")"
done

# The names of the Rust tests.
tests="$(grep -rhA5 --include='*.rs' -E '^\s*#\[(tokio::)?test\b' crates src-tauri/src tests |
  grep -oP '^\s*(async )?fn \K\w+' | sort -u)"

# list PAGE ROWS SHAPE: a page that goes through ROWS requirements, numbered by SHAPE.
list() {
  local page="$1" rows lost counted said
  rows="$(grep -P "^\| $3 \|" "$page")"

  lost="$(grep -oP '`\K[a-z0-9]+(_[a-z0-9]+){2,}(?=`)' "$page" | sort -u | comm -23 - <(echo "$tests"))"
  [ -z "$lost" ] || breaks 'a test that a page rests on is there' "$(sed "s|^|$page: |" <<<"$lost")"

  lost="$(grep -oP '\[[^]]+\](?![(:])' "$page" | tr -d '[]' | sort -u |
    comm -23 - <(grep -oP '^\[\K[^]]+(?=\]: )' "$page" | sort -u))"
  [ -z "$lost" ] || breaks 'a file that a page names is told' "$(sed "s|^|$page: |" <<<"$lost")"

  lost="$(grep -vP '\| (met|\*\*not met\*\*|does not apply) \| .+ \|$' <<<"$rows")"
  [ -z "$lost" ] || breaks 'a row is met, not met, or does not apply' "$lost"

  # A file in brackets, or a test.
  lost="$(grep -F '| met |' <<<"$rows" | grep -vP '\[[^]]+\]|`[a-z0-9]+(_[a-z0-9]+){2,}`')"
  [ -z "$lost" ] || breaks 'what is met names what holds it' "$lost"

  lost="$(cut -d'|' -f2 <<<"$rows" | sort | uniq -d)"
  [ -z "$lost" ] || breaks 'a requirement has one row' "$lost"

  counted="Of $2: $(grep -cF '| met |' <<<"$rows") met, $(grep -cF '| **not met** |' <<<"$rows") not met, $(
    grep -cF '| does not apply |' <<<"$rows") do not apply."
  said="$(grep '^Of ' "$page")"
  [ "$said" = "$counted" ] && [ "$(wc -l <<<"$rows")" = "$2" ] ||
    breaks 'a page counts right' "$page: $said But: $counted ($(wc -l <<<"$rows") rows)"
}

list docs/ASVS.md 253 'V\d+\.\d+\.\d+'
list docs/MASVS.md 24 'MASVS-[A-Z]+-\d'

# Breaks each rule once in a copy of the pages and expects this script to name it.
prove() {
  local copy rule edit said missed=0
  copy="$(mktemp -d)"
  while IFS='~' read -r rule edit; do
    rm -rf "${copy:?}" && mkdir "$copy"
    # The sources as they are, the pages as copies.
    ln -s "$root"/* "$root"/.[a-z]* "$copy"/
    rm "$copy/docs" && cp -r "$root/docs" "$copy/docs"
    sed -i "$edit" "$copy/docs/ASVS.md"
    said="$(FIELDLINE_LINT_ROOT="$copy" "$root/scripts/lint-docs.sh" || true)"
    if [ -n "$edit" ] && grep -qF "docs: $rule" <<<"$said" || [ -z "$edit$said" ]; then continue; fi
    missed=1
    say "docs: not caught: $rule"
  done <<'END_OF_RULES'
that an unbroken copy is whole~
a link leads to a file that is there~s|src/http/guard.rs$|src/http/gone.rs|
a test that a page rests on is there~s|`only_the_right_password_is_right`|`only_the_wrong_password_is_right`|
a file that a page names is told~/^\[server\/http\/guard.rs\]: /d
a row is met, not met, or does not apply~s/^\(| V6.2.1 .*\)| met |/\1| nearly |/
what is met names what holds it~s/^\(| V6.2.10 .*| met |\).*/\1 there is no such rule |/
a requirement has one row~s/^| V6.2.2 /| V6.2.1 /
a page counts right~/^| V6.3.3 /d
END_OF_RULES
  rm -rf "$copy"
  return $missed
}

if [ "${1:-}" = prove ]; then prove || broken=1; fi
exit "$broken"
