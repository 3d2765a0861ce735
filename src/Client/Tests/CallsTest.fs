module GopherFlow.Client.Tests.CallsTest

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

[<Emit("globalThis.fetch = $0")>]
let private setFetch (_answer: System.Func<string, obj, JS.Promise<obj>>) : unit = jsNative

let private answerWith (answer: string -> obj -> JS.Promise<obj>) : unit = setFetch (System.Func<_, _, _>(answer))

let private responseWith (retryAfter: string) (status: int) (body: obj) : JS.Promise<obj> =
    resolved (
        createObj [
            "status", box status
            "headers", createObj [ "get", box (fun (_: string) -> retryAfter) ]
            "text", box (fun () -> resolved (JS.JSON.stringify body))
        ]
    )

let private response status body = responseWith null status body

let private entry (id: int) : obj =
    createObj [
        "id", box id
        "workflowId", box 7
        "executorId", null
        "executionCount", box 0
        "retryCount", box 0
        "type", box "LOG"
        "name", box "Init"
        "text", box "t"
        "dateTime", box "2026-11-22T19:00:00Z"
        "kind", box "VARIABLES_CHANGED"
        "from", box "Init"
        "to", box "Init"
        "status", box "NEW"
    ]

[<Emit("new URL($0, 'http://x').searchParams.get($1)")>]
let private parameter (_url: string) (_name: string) : string = jsNative

/// A server with a history of `length` entries and at most `most` per page. Returns the URLs that are requested.
let private serveAtMost (most: int) (length: int) : ResizeArray<string> =
    let requests = ResizeArray<string>()

    answerWith (fun url _ ->
        requests.Add url
        let limit = min most (int (parameter url "limit"))
        let before = parameter url "cursor"
        let newest = if isNull before then length else int before - 1

        [| for id in newest .. -1 .. max 1 (newest - limit + 1) -> entry id |]
        |> box
        |> response 200)

    requests

let private serve = serveAtMost 1000

let private ids (history: Action list) =
    history |> List.map (fun action -> int action.Id)

testLater "a history is fetched page by page until the end" (fun () ->
    promise {
        let requests = serve 2500
        let! history = Calls.actions 7.0 []
        equal [ 2500..-1..1 ] (ids history)
        equal 4 requests.Count
    })

testLater "no entries are lost if the server returns smaller pages than requested" (fun () ->
    promise {
        serveAtMost 200 950 |> ignore
        let! history = Calls.actions 7.0 []
        equal [ 950..-1..1 ] (ids history)
    })

testLater "only the new pages of a known history are fetched" (fun () ->
    promise {
        serve 2500 |> ignore
        let! known = Calls.actions 7.0 []
        let requests = serve 2650
        let! history = Calls.actions 7.0 known
        equal [ 2650..-1..1 ] (ids history)
        equal 2 requests.Count
    })

testLater "an unchanged history stays the same" (fun () ->
    promise {
        serve 3 |> ignore
        let! known = Calls.actions 7.0 []
        let! history = Calls.actions 7.0 known
        equal [ 3; 2; 1 ] (ids history)
    })

testLater "a history that was reset on the server replaces the known one" (fun () ->
    promise {
        serve 900 |> ignore
        let! known = Calls.actions 7.0 []
        serve 5 |> ignore
        let! history = Calls.actions 7.0 known
        equal [ 5..-1..1 ] (ids history)
        serve 0 |> ignore
        let! history = Calls.actions 7.0 known
        equal [] (ids history)
    })

testLater "nobody is signed in when the server returns no session" (fun () ->
    promise {
        answerWith (fun _ _ -> response 200 (createObj [ "session", null ]))
        let! visitor = Calls.session ()
        equal SignedOut visitor
    })

testLater "a request that changes something has the console's header and a body" (fun () ->
    promise {
        let sent = ResizeArray<obj>()

        answerWith (fun _ options ->
            sent.Add options
            response 200 (createObj [ "ok", box true ]))

        do! Calls.operate 7.0 "priority" [ "priority", box 3 ]
        equal "POST" sent[0]?``method``
        equal "console" sent[0]?headers?("X-GopherFlow")
        equal """{"priority":3}""" sent[0]?body
    })

testLater "the error for an unreadable response names the field" (fun () ->
    promise {
        answerWith (fun _ _ -> response 200 (createObj [ "id", box "x" ]))

        let! reason =
            Calls.workflow 7.0
            |> map (fun _ -> "read")
            |> catch (Http.Problem.ofException >> _.Detail >> resolved)

        equal "workflow.id: expected a number, received \"x\"" reason
    })

[<Emit("$0.signal.addEventListener('abort', () => $1(new Error('aborted')))")>]
let private whenAborted (_options: obj) (_reject: exn -> unit) : unit = jsNative

[<Emit("new Promise((_, reject) => $0(reject))")>]
let private never (_begin: (exn -> unit) -> unit) : JS.Promise<obj> = jsNative

let private silentFor (seconds: int) (ask: unit -> JS.Promise<'t>) : JS.Promise<Http.Problem option> =
    promise {
        FakeClock.start ()
        answerWith (fun _ options -> never (whenAborted options))
        let problem: Http.Problem option ref = ref None

        ask ()
        |> map ignore
        |> catch (fun failure ->
            problem.Value <- Some(Http.Problem.ofException failure)
            resolved ())
        |> start

        do! FakeClock.pass (seconds * 1000)
        FakeClock.stop ()
        return problem.Value
    }

testLater "a request without a response times out after 30 s with a message" (fun () ->
    promise {
        let! before = silentFor 29 (fun () -> Calls.workflow 7.0)
        equal None before
        let! after = silentFor 31 (fun () -> Calls.workflow 7.0)
        equal (Some "The server has not answered within 30 s.") (after |> Option.map _.Title)
    })

testLater "a request that is known to be slow has a longer timeout" (fun () ->
    promise {
        let! problem = silentFor 100 (fun () -> ScriptCalls.enable "Demo")
        equal None problem
    })

let private refusalOf (call: unit -> JS.Promise<unit>) : JS.Promise<Http.Problem option> =
    promise {
        try
            do! call ()
            return None
        with failure ->
            return Some(Http.Problem.ofException failure)
    }

testLater "a refused delete is an error" (fun () ->
    promise {
        answerWith (fun _ _ -> response 409 (createObj [ "title", box "No" ]))
        let! refusal = refusalOf (fun () -> AccountCalls.deleteUser 1.0)
        equal (Some "No") (refusal |> Option.map _.Title)
    })

testLater "a refusal contains the time until the next attempt" (fun () ->
    promise {
        answerWith (fun _ _ -> responseWith "12" 429 (createObj [ "title", box "Wait" ]))
        let! refusal = refusalOf (fun () -> AccountCalls.deleteUser 1.0)
        equal (Some 12) (refusal |> Option.bind _.RetryAfter)
    })

testLater "signing out of an expired session succeeds" (fun () ->
    promise {
        answerWith (fun _ _ -> response 401 (createObj [ "title", box "Not signed in" ]))
        let! refusal = refusalOf Calls.signOut
        equal None refusal
    })

// Searches.

let private found (id: int) : obj =
    createObj [
        "id", box id
        "status", box "IN_PROGRESS"
        "executionCount", box 0
        "retryCount", box 0
        "created", box "2026-11-22T19:00:00Z"
        "modified", box "2026-11-22T19:00:00Z"
        "executorGroup", box "default"
        "workflowType", box "Demo"
        "version", box "1"
        "externalId", box $"ext-{id}"
        "businessKey", box $"key-{id}"
        "state", box "Work"
        "stateVarsOmitted", box false
        "priority", box 5
        "openChildren", box 0
        "pauseRequested", box false
        "awaitedSignals", box [||]
        "keptSignals", box [||]
        "outputOmitted", box false
    ]

let private pageOf (ids: int list) (next: string option) : obj =
    createObj [
        "results", box ids.Length
        "workflows", box (ids |> List.map found |> Array.ofList)
        "offset", box 0
        "partial", box false
        match next with
        | Some next -> "next", box next
        | None -> ()
    ]

/// A server that answers searches and records the requests.
let private searchable (answer: obj -> obj) : ResizeArray<obj> =
    let requests = ResizeArray<obj>()

    answerWith (fun _ options ->
        let body: obj = JS.JSON.parse (unbox<string> options?body)
        requests.Add body
        response 200 (answer body))

    requests

let private idsOf (rows: Workflow seq) =
    rows |> Seq.map (fun row -> int row.Id) |> List.ofSeq

testLater "of many children, the newest and the failed ones are read" (fun () ->
    promise {
        let requests =
            searchable (fun body ->
                if isNullOrUndefined body?filter then
                    pageOf [ 9; 8 ] (Some "8")
                else
                    pageOf [ 8; 3 ] None)

        let! children = Calls.children 1.0
        equal [ 3; 8; 9 ] (idsOf children)
        equal [ "FAILED"; "ERROR" ] (List.ofArray (unbox<string[]> requests[1]?filter?statuses))
    })

testLater "children that fit on one page need one request" (fun () ->
    promise {
        let requests = searchable (fun _ -> pageOf [ 9; 8 ] None)
        let! children = Calls.children 1.0
        equal [ 8; 9 ] (idsOf children)
        equal 1 requests.Count
    })

let private listOf (name: string) =
    WorkflowFilter.where [ WorkflowFilter.Field.Type, name ]

let private readDownTo (id: float) = { Listing.unread with ReadTo = id }

let private hold (filter: WorkflowFilter.WorkflowFilter) (listing: Listing.Listing) =
    Query.put (LiveCache.listKey filter) listing

let private heldOf (filter: WorkflowFilter.WorkflowFilter) : Listing.Listing =
    Query.tryCached (LiveCache.listKey filter) |> Option.defaultValue Listing.unread

testLater "older rows are added to the cached list, together with events that arrive meanwhile" (fun () ->
    promise {
        let filter = listOf "Demo"
        hold filter (readDownTo 50.0)
        let receive = LiveCache.follow ()

        let requests =
            searchable (fun _ ->
                receive [ WorkflowChanged(Samples.change 45.0 "Work" InProgress 1) ]
                pageOf [ 48; 40 ] (Some "40"))

        do! Queries.readOn filter
        equal "50" requests[0]?cursor
        let held = heldOf filter
        equal [ 48; 40 ] (idsOf held.Rows)
        equal (Set [ 45.0 ]) held.Wanted
    })

testLater "older rows are not added to a list that was reset meanwhile" (fun () ->
    promise {
        let filter = listOf "Anew"
        hold filter (readDownTo 50.0)

        searchable (fun _ ->
            hold filter (readDownTo 900.0)
            pageOf [ 48; 40 ] (Some "40"))
        |> ignore

        do! Queries.readOn filter
        equal (Some 900.0) (Listing.next (heldOf filter))
        equal [] (idsOf (heldOf filter).Rows)
    })

testLater "no older rows are read for a list that is not cached" (fun () ->
    promise {
        let requests = searchable (fun _ -> pageOf [ 48 ] None)
        do! Queries.readOn (listOf "Other")
        equal 0 requests.Count
    })
