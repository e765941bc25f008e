#!/bin/sh
# make-libc-stubs.sh OUT_DIR LLVM_BIN: stubs of libc, libm and the loader, which
# ingotc links against on machines that have no development files.
#
# A stub has the names and default symbol versions of this machine's library, as
# far as GLIBC_2.34 knows them (from there on pthreads and dlopen are in libc
# itself): 2.34 is the oldest glibc that an output runs on, whatever the machine
# that built ingotc has.
set -eu
out=$1 bin=$2
mkdir -p "$out"
for name in libc.so.6 libm.so.6 ld-linux-x86-64.so.2; do
  library=$("$bin/clang" -print-file-name=$name)
  [ -e "$library" ] || library=/lib64/$name
  "$bin/llvm-nm" -D --defined-only "$library" |
    awk '$3 ~ /@@GLIBC_[0-9.]+$/ && $2 ~ /[TWiDBVR]/ {
      split($3, part, "@@"); version = substr(part[2], 7); split(version, n, ".")
      if (n[1] == 2 && n[2] > 34) next
      kind = ($2 ~ /[DBVR]/) ? "object" : "function"
      print part[1], part[2], kind }' | LC_ALL=C sort > "$out/$name.list"
  awk '{ print ".globl " $1 "\n.type " $1 ",@" $3 "\n.size " $1 ",8\n" $1 ":\n.quad 0" }' \
    "$out/$name.list" > "$out/$name.s"
  awk '{ of[$2] = of[$2] " " $1 ";" }
       END { for (v in of) print v " { global:" of[v] " };" }' \
    "$out/$name.list" | LC_ALL=C sort > "$out/$name.map"
  "$bin/clang" -c -x assembler --target=x86_64-unknown-linux-gnu "$out/$name.s" -o "$out/$name.o"
  "$bin/ld.lld" -shared -soname "$name" --version-script="$out/$name.map" \
    --hash-style=gnu --build-id=none -o "$out/$name" "$out/$name.o"
  rm -f "$out/$name.s" "$out/$name.o" "$out/$name.map" "$out/$name.list"
done
