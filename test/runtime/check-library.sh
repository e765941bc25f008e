#!/bin/sh
# check-library.sh LIB.so: fails unless the library needs only libc, libm and the
# loader and exports only the documented functions.
set -eu
library=$1
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v -e '^libc\.so' -e '^libm\.so' -e '^ld-linux' || true)
exported=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -v '^ingot_query' || true)
if [ -n "$needed$exported" ]; then
  echo "$library needs [$needed] and exports [$exported]" >&2
  exit 1
fi
