module GopherFlow.Client.Tests.FilterTest

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter

/// Pseudo-random numbers, the same on every run.
let private next (seed: int) = (seed * 1103 + 12345) % 65536

let private texts = [
    "a"
    "Order"
    "a b"
    "type:x"
    "in:"
    "\"quoted\""
    "back\\slash"
    "two  blanks"
    " edge "
    "tab\tline\n"
    "ü&c=d/?#%"
    "foo:bar"
    "*"
    ">17"
    "\\\""
]

let private pick (items: 'a list) (seed: int) = items[seed % items.Length]

let private anyFilter (seed: int) : WorkflowFilter =
    let seeds = List.scan (fun seed _ -> next seed) (next seed) [ 1..16 ]

    let terms =
        seeds
        |> List.pairwise
        |> List.truncate (seeds[3] % 6)
        |> List.map (fun (one, other) -> term (snd (pick names one)) (pick texts other))

    {
        List.fold add empty terms with
            Text = if seeds[9] % 3 = 0 then "" else pick texts seeds[10]
    }

test "a filter that is printed and parsed is the same" (fun () ->
    for seed in 1..1000 do
        let filter = anyFilter seed
        equal filter (FilterText.parse (FilterText.print filter)))

test "a filter survives the round trip through the address bar" (fun () ->
    for seed in 1..300 do
        let filter = anyFilter seed
        let address = Router.address (Router.Workflows filter)

        match address.IndexOf '?' with
        | -1 -> equal (Router.Workflows filter) (Router.parse address "")
        | at -> equal (Router.Workflows filter) (Router.parse (address.Substring(0, at)) (address.Substring at)))

test "unknown parameters are ignored" (fun () ->
    equal (Router.Workflows empty) (Router.parse "/workflows" "?before=12&other=1"))

test "statuses are accepted in words and as the API writes them" (fun () ->
    let expected = where [ Field.Status, "in-progress" ]
    equal expected (FilterText.parse "status:IN_PROGRESS")
    equal expected (FilterText.parse "STATUS:\"In progress\"")
    equal expected (ofQuery [ "status", "IN_PROGRESS" ]))

test "the field names of the API are accepted too" (fun () ->
    equal (where [ Field.Ended, "1h"; Field.Changed, "1d" ]) (FilterText.parse "finished:1h modified:1d"))

test "typed text becomes a term when it is complete" (fun () ->
    equal ([], "status:fai") (FilterText.absorb "status:fai")
    equal ([ term Field.Status "failed" ], "") (FilterText.absorb "status:failed ")
    equal ([ term Field.Status "failed" ], "4711") (FilterText.absorb "status:failed 4711")
    equal ([], "state:\"In Re ") (FilterText.absorb "state:\"In Re ")
    equal (Some(Field.State, "In Re")) (FilterText.unfinished "4711 state:\"In Re")
    equal "4711" (FilterText.beside "4711 state:\"In Re"))

let private criteria (text: string) =
    FilterText.parse text
    |> FilterSearch.criteria noon
    |> createObj
    |> JS.JSON.stringify

test "fields have their wire names, and several values are a list" (fun () ->
    equal
        """{"workflowTypes":["A","B"],"versions":["1"],"states":["Review"],"statuses":["FAILED","IN_PROGRESS"],"executorGroups":["g"],"waitsFor":["person"]}"""
        (criteria "type:A type:B version:1 state:Review status:failed status:in-progress group:g waits:person"))

test "keys, parents and ids" (fun () ->
    equal """{"businessKey":"abc","parentWorkflowId":5,"idFrom":17,"idTo":17}""" (criteria "key:abc parent:5 id:17")
    equal """{"businessKeyPrefix":"abc","withoutParent":true,"idFrom":18}""" (criteria "key:abc* parent:none id:>17")
    equal """{"idFrom":3,"idTo":9}""" (criteria "id:3..9"))

let private iso (hours: float) =
    Instant.iso (Instant.add (hours * 3600000.0) noon)

let private day (date: string) =
    (Instant.tryParse (date + "T00:00")).Value |> Instant.iso

test "time ranges" (fun () ->
    equal $"""{{"modifiedFrom":"{iso -1.0}"}}""" (criteria "in:1h")
    equal $"""{{"finishedFrom":"{iso -48.0}"}}""" (criteria "ended:2d")

    equal
        $"""{{"createdFrom":"{day "2026-11-01"}","createdBefore":"{day "2026-11-02"}"}}"""
        (criteria "created:2026-11-01")

    equal $"""{{"createdFrom":"{day "2026-11-02"}"}}""" (criteria "created:>2026-11-01")
    equal $"""{{"createdBefore":"{day "2026-11-01"}"}}""" (criteria "created:<2026-11-01")

    equal
        $"""{{"createdFrom":"{day "2026-11-01"}","createdBefore":"{day "2026-11-06"}"}}"""
        (criteria "created:2026-11-01..2026-11-05")

    equal
        $"""{{"createdFrom":"{day "2026-11-01"}","createdBefore":"{day "2026-11-06"}"}}"""
        (criteria "created:>=2026-11-01 created:<=2026-11-05"))

let private faults (text: string) =
    let filter = FilterText.parse text

    filter.Terms
    |> List.filter (FilterSearch.fault filter >> Option.isSome)
    |> List.map FilterText.printTerm

test "terms that cannot be searched for are errors" (fun () ->
    equal [] (faults "type:A state:B status:failed waits:limit in:1h key:a* parent:none id:1..3 created:>2026-11-01")

    equal
        [
            "status:done"
            "waits:rain"
            "in:2026-11-01"
            "parent:x"
            "id:0"
            "created:soon"
        ]
        (faults "status:done waits:rain in:2026-11-01 parent:x id:0 created:soon")

    equal [ "key:b" ] (faults "key:a key:b"))

test "free text is an id, an external id or a business key" (fun () ->
    let search text cursor =
        FilterSearch.toSearch noon 50 cursor { empty with Text = text }
        |> JS.JSON.stringify

    equal """{"limit":50,"withVariables":false,"externalId":"42","businessKey":"42","id":42}""" (search " 42 " None)

    equal
        """{"limit":50,"withVariables":false,"externalId":"abc","businessKey":"abc","cursor":"9"}"""
        (search "abc" (Some 9.0)))

test "a job without a condition covers every workflow, from id 1" (fun () ->
    equal """{"idFrom":1}""" (FilterSearch.toJob noon empty |> createObj |> JS.JSON.stringify))
