#!/bin/sh
# Runs every target, or those named, for so many seconds each, one after the other, and prints what each has done.
# Usage: run_all.sh SECONDS [TARGET...]
set -eu
cd "$(dirname "$0")"
seconds=$1
shift
export RUSTC_BOOTSTRAP=1 RAYON_NUM_THREADS=1
[ $# -gt 0 ] || set -- $(cargo fuzz list)
mkdir -p logs
for target in "$@"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    log=logs/$target.$(date +%s).log
    failed=no
    nice -n 15 cargo fuzz run -O "$target" "corpus/$target" "seeds/$target" -- -max_total_time="$seconds" -timeout=2 \
        -rss_limit_mb=1024 -malloc_limit_mb=1024 -max_len=16384 -print_final_stats=1 >"$log" 2>&1 || failed=yes
    start=$(grep -m1 INITED "$log" | sed 's/.*\(cov: [0-9]*\) \(ft: [0-9]*\).*/\1 \2/')
    end=$(grep 'cov: ' "$log" | tail -1 | sed 's/.*\(cov: [0-9]*\) \(ft: [0-9]*\).*/\1 \2/')
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    echo "$target: ${runs:-?} runs, ${rate:-?}/s, start ${start:-?}, end ${end:-?}, failed: $failed, $log"
done
