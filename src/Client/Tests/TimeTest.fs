module GopherFlow.Client.Tests.TimeTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Time

let private now = Samples.noon
let private after seconds = Instant.add (seconds * 1000.0) now
let private shown seconds = relative now (after seconds)

test "relative times are shown in the largest whole unit" (fun () ->
    equal "now" (shown 0.4)
    equal "in 5 s" (shown 5.9)
    equal "59 s ago" (shown -59.0)
    equal "in 1 min" (shown 60.0)
    equal "59 min ago" (shown -3599.0)
    equal "in 3 h" (shown (3.0 * 3600.0))
    equal "9 d ago" (shown (-9.0 * 86400.0)))

test "a distant time is shown as a date" (fun () ->
    equal (Instant.date (after (-200.0 * 86400.0))) (shown (-200.0 * 86400.0)))

test "durations are exact" (fun () ->
    equal "0 s" (duration 0.0)
    equal "250 ms" (duration 0.25)
    equal "10 s" (duration 10.0)
    equal "1 min 30 s" (duration 90.0)
    equal "1 h" (duration 3600.0)
    equal "25 h" (duration 90000.0))

test "times on the wire are read to the millisecond and written as UTC" (fun () ->
    equal (Some "2026-11-22T19:00:00.123Z") (Instant.tryParse "2026-11-22T19:00:00.123456Z" |> Option.map Instant.iso)

    equal None (Instant.tryParse "soon"))

test "an empty time field means no time" (fun () ->
    equal None (ofLocalField " ")
    isTrue "a filled field is a time" (ofLocalField "2026-11-22T19:00:00").IsSome)

test "local and exact times agree with the input field" (fun () ->
    equal (Some "2026-11-22 19:00:05") (ofLocalField "2026-11-22T19:00:05" |> Option.map Instant.exact))
