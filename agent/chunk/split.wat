;; The splitter gear64/1 (docs/format.md §3.1) over bytes that lie in this module's memory.
;; Bytes 0..2047 hold the gear table, 256 little-endian u64. `scripts/build-wasm.ts` turns this file into split.generated.ts.
;; It also finds beginnings of known pieces (known-starts.ts): places where the hash of 64 bytes is one of a set.
(module
  (memory (export "memory") 1)

  ;; Hashes from $i to $end and returns the position behind the first byte after which the hash is below $limit, or 0.
  ;; The hash is kept in the global so that the phases of one chunk continue one another.
  (global $h (mut i64) (i64.const 0))

  (func $scan (param $i i32) (param $end i32) (param $limit i64) (result i32)
    (local $hash i64)
    (local.set $hash (global.get $h))
    (block $done
      (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
      (loop $next
        (local.set $hash
          (i64.add
            (i64.shl (local.get $hash) (i64.const 1))
            (i64.load (i32.shl (i32.load8_u (local.get $i)) (i32.const 3)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (if (i64.lt_u (local.get $hash) (local.get $limit)) (then (return (local.get $i))))
        (br_if $next (i32.lt_u (local.get $i) (local.get $end)))))
    (global.set $h (local.get $hash))
    (i32.const 0))

  ;; The length of the chunk that begins at $at, of which $length bytes are there: all of the data's rest, or at least 4 MiB.
  (func (export "cut") (param $at i32) (param $length i32) (result i32)
    (local $end i32)
    (local $found i32)
    (if (i32.le_u (local.get $length) (i32.const 262144)) (then (return (local.get $length))))
    (global.set $h (i64.const 0))
    ;; 63 bytes without a decision, so that the first decision knows 64 bytes.
    (drop (call $scan
      (i32.add (local.get $at) (i32.const 262080))
      (i32.add (local.get $at) (i32.const 262143))
      (i64.const 0)))
    (local.set $end (select (local.get $length) (i32.const 1048575) (i32.lt_u (local.get $length) (i32.const 1048575))))
    (local.set $found (call $scan
      (i32.add (local.get $at) (i32.const 262143))
      (i32.add (local.get $at) (local.get $end))
      (i64.const 0x80000000000)))
    (if (local.get $found) (then (return (i32.sub (local.get $found) (local.get $at)))))
    (if (i32.eq (local.get $end) (local.get $length)) (then (return (local.get $length))))
    (local.set $end (select (local.get $length) (i32.const 4194304) (i32.lt_u (local.get $length) (i32.const 4194304))))
    (local.set $found (call $scan
      (i32.add (local.get $at) (i32.const 1048575))
      (i32.add (local.get $at) (local.get $end))
      (i64.const 0x200000000000)))
    (if (local.get $found) (then (return (i32.sub (local.get $found) (local.get $at)))))
    (local.get $end))

  ;; The upper half of the hash of the 64 bytes at $at, made odd: 0 marks a free slot.
  (func (export "start") (param $at i32) (result i32)
    (global.set $h (i64.const 0))
    (drop (call $scan (local.get $at) (i32.add (local.get $at) (i32.const 64)) (i64.const 0)))
    (i32.or (i32.wrap_i64 (i64.shr_u (global.get $h) (i64.const 32))) (i32.const 1)))

  ;; Where the last place that was found ended, its hash and its slot.
  (global $lastEnd (mut i32) (i32.const 0))
  (global $lastKey (mut i32) (i32.const 0))
  (global $slot (export "slot") (mut i32) (i32.const 0))

  ;; The first place from $at on whose 64 bytes end by $end and hash to a key of the set, or -1. In runs of one byte, whose hashes are all
  ;; the same, only the first place counts. The set: two bits for each key in one of the words at $words, the keys in $slots with open addressing.
  (func (export "find") (param $at i32) (param $end i32) (param $words i32) (param $wordMask i32) (param $slots i32) (param $slotMask i32)
    (result i32)
    (local $i i32)
    (local $hash i64)
    (local $key i32)
    (local $index i32)
    (local $bits i32)
    (local $held i32)
    (local.set $i (i32.add (local.get $at) (i32.const 63)))
    (if (i32.ge_u (local.get $i) (local.get $end)) (then (return (i32.const -1))))
    (global.set $h (i64.const 0))
    (drop (call $scan (local.get $at) (local.get $i) (i64.const 0)))
    (local.set $hash (global.get $h))
    (loop $next
      (local.set $hash
        (i64.add
          (i64.shl (local.get $hash) (i64.const 1))
          (i64.load (i32.shl (i32.load8_u (local.get $i)) (i32.const 3)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (local.set $key (i32.or (i32.wrap_i64 (i64.shr_u (local.get $hash) (i64.const 32))) (i32.const 1)))
      (local.set $bits
        (i32.or
          (i32.shl (i32.const 1) (i32.shr_u (local.get $key) (i32.const 1)))
          (i32.shl (i32.const 1) (i32.shr_u (local.get $key) (i32.const 6)))))
      (local.set $index (i32.and (i32.shr_u (local.get $key) (i32.const 11)) (local.get $wordMask)))
      (if (i32.eq
            (i32.and
              (i32.load (i32.add (local.get $words) (i32.shl (local.get $index) (i32.const 2))))
              (local.get $bits))
            (local.get $bits))
        (then
          (local.set $index (i32.and (i32.shr_u (local.get $key) (i32.const 1)) (local.get $slotMask)))
          (block $absent
            (loop $probe
              (local.set $held (i32.load (i32.add (local.get $slots) (i32.shl (local.get $index) (i32.const 2)))))
              (br_if $absent (i32.eqz (local.get $held)))
              (if (i32.eq (local.get $held) (local.get $key))
                (then
                  (if (i32.and
                        (i32.eq (local.get $key) (global.get $lastKey))
                        (i32.eq (local.get $i) (i32.add (global.get $lastEnd) (i32.const 1))))
                    (then
                      (global.set $lastEnd (local.get $i))
                      (br $absent)))
                  (global.set $lastKey (local.get $key))
                  (global.set $lastEnd (local.get $i))
                  (global.set $slot (local.get $index))
                  (return (i32.sub (local.get $i) (i32.const 64)))))
              (local.set $index (i32.and (i32.add (local.get $index) (i32.const 1)) (local.get $slotMask)))
              (br $probe)))))
      (br_if $next (i32.lt_u (local.get $i) (local.get $end))))
    (i32.const -1)))
