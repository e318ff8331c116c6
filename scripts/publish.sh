#!/usr/bin/env bash
# Publishes files as data versions: checks them, `dvc add`, a commit of the pointers, `dvc push`, and then `git push`,
# so that no pointer ever names what the remote has not. Run again it goes on where it failed, or does nothing.
#   scripts/publish.sh [FILE…]      outputs/preds_api.csv, and the search database where there is one
# Somebody who published at the same time loses nothing: their rows are taken into the journal first.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d .venv/bin ] && PATH="$PWD/.venv/bin:$PATH"
export PROJECT_ROOT="$PWD"
journal=outputs/preds_api.csv studies=optimisations/optuna_xgb_recall_small.db
theirs=outputs/.theirs.csv
tries="${PUBLISH_TRIES:-5}"
trap 'rm -f "$theirs" "$theirs.dvc"' EXIT

say() { echo "publish: $*" >&2; }
refuse() { say "$*"; exit 1; }

if [ $# -gt 0 ]; then files=("$@"); else
    files=("$journal")
    [ ! -f "$studies" ] || files+=("$studies")
fi
branch="$(git symbolic-ref --quiet --short HEAD)" || refuse "no branch is checked out: git checkout BRANCH"
exec 9>"$(git rev-parse --git-dir)/raincast-publish.lock"
flock 9 # one publisher at a time in this folder

# Where the journal is in a database, the file is made from it.
exported() { [ -z "${DATABASE_URL:-}" ] || python -m raincast database export >&2 || refuse "the journal cannot be exported"; }

# The rows that a revision has published, into the journal; ours are kept.
take_in() {
    local pointer
    pointer="$(git show "$1:$journal.dvc" 2>/dev/null)" || return 0
    grep -q "md5: $(md5sum "$journal" | cut -d' ' -f1)" <<<"$pointer" && return 0
    sed "s|path: .*|path: $(basename "$theirs")|" <<<"$pointer" >"$theirs.dvc"
    dvc pull --quiet "$theirs.dvc" || refuse "what $1 has published cannot be fetched; is the remote there, are the credentials right?"
    python -m raincast.cli.publishing merge "$theirs" >&2
    rm -f "$theirs" "$theirs.dvc"
}

add() { # while nobody writes to the file
    local file=$1
    if [ "$file" = "$journal" ]; then
        exported
        take_in HEAD
        exported
        python -m raincast.cli.publishing validate "$file" >&2 || refuse "nothing is published"
    fi
    flock --shared "$(dirname "$file")/.$(basename "$file").lock" dvc add --quiet "$file" || refuse "dvc add $file failed"
    git add -- "$file.dvc"
}

commit() {
    local pointers=("${files[@]/%/.dvc}")
    git diff --cached --quiet -- "${pointers[@]}" && return 0
    git commit --quiet -m "Publish ${files[*]}" -- "${pointers[@]}"
}

# Our commit on top of what was published meanwhile: their pointers, then ours made anew with their rows inside.
onto_theirs() {
    local file
    for file in "${files[@]}"; do
        [ "$file" = "$journal" ] && continue
        git diff --quiet "HEAD...origin/$branch" -- "$file.dvc" || refuse "$file was published by somebody else meanwhile: 'git pull', then keep yours or theirs"
    done
    take_in "origin/$branch"
    git rebase --quiet -X theirs "origin/$branch" || { git rebase --abort; refuse "other changes on $branch do not fit: 'git pull --rebase' first"; }
}

for file in "${files[@]}"; do
    [ -f "$file" ] || refuse "$file is not there: the API and 'raincast predict' write the journal, 'raincast tune' the studies"
done
for ((try = 1; try <= tries; try++)); do
    for file in "${files[@]}"; do add "$file"; done
    commit
    dvc push --quiet "${files[@]/%/.dvc}" || refuse "the DVC remote does not take it; are the credentials right? Nothing was pushed to Git; run it again"
    if [ -z "$(git rev-parse --verify --quiet "origin/$branch")" ] || [ -n "$(git rev-list "origin/$branch..HEAD")" ]; then
        if git push --quiet origin "HEAD:$branch"; then say "published ${files[*]}"; exit 0; fi
    else
        say "nothing new"
        exit 0
    fi
    git fetch --quiet origin "$branch" || refuse "Git's remote does not answer; are the credentials right?"
    [ -n "$(git rev-list "HEAD..origin/$branch")" ] || refuse "Git's remote refuses the push, though nobody else has pushed"
    say "somebody has published meanwhile; taking theirs in"
    onto_theirs
done
refuse "gave up after $tries tries: others push too often"
