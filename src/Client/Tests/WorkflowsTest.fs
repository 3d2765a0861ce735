module GopherFlow.Client.Tests.WorkflowsTest

open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows
open GopherFlow.Client.Pages.Workflows.Search
open GopherFlow.Client.Pages.Workflows.Suggestions

let private known: Known = {
    Definitions = [ parent; order ]
    Groups = [ "default"; "reports" ]
}

let private play (filter: WorkflowFilter) (messages: Search.Message list) =
    messages
    |> List.fold
        (fun (search, filter, moves) message ->
            match Search.update filter message search with
            | search, Push next -> search, next, moves @ [ "push" ]
            | search, Replace next -> search, next, moves @ [ "replace" ]
            | search, _ -> search, filter, moves)
        (Search.init filter, filter, [])

test "a completed term becomes a new entry of the browser history" (fun () ->
    let search, filter, moves = play empty [ Typed "status:failed " ]
    equal (where [ Field.Status, "failed" ]) filter
    equal "" search.Typed
    equal [ "push" ] moves)

test "settled free text replaces the current address" (fun () ->
    let _, filter, moves =
        play empty [ Typed "4"; Typed "47"; Settled "4"; Settled "47" ]

    equal "47" filter.Text
    equal [ "replace" ] moves)

test "the first letters of a field name are searched for only after Enter" (fun () ->
    equal empty (let _, filter, _ = play empty [ Typed "sta"; Settled "sta" ] in filter)
    equal "sta" (let _, filter, _ = play empty [ Typed "sta"; Pressed(Enter, []) ] in filter.Text))

test "fields and then their values are suggested, and chosen with arrows and Enter" (fun () ->
    let offered = offer empty known "st"
    equal [ Name Field.State; Name Field.Status ] (List.truncate 2 offered)

    let search, _, _ =
        play empty [
            Typed "st"
            Pressed(Down, offered)
            Pressed(Down, offered)
            Pressed(Enter, offered)
        ]

    equal "status:" search.Typed
    let values = offer empty known "status:fa"
    equal [ Value(term Field.Status "failed") ] values
    let _, filter, _ = play empty [ Typed "status:fa"; Pressed(Enter, values) ]
    equal (where [ Field.Status, "failed" ]) filter)

test "the suggested states are those of the filtered types" (fun () ->
    equal [ Value(term Field.State "ParentFinish") ] (offer (where [ Field.Type, parent.Name ]) known "state:finish")

    equal [] (offer (where [ Field.Type, order.Name ]) known "state:finish"))

test "a value is also suggested for a single word, and not twice" (fun () ->
    isTrue "status" (List.contains (Value(term Field.Status "failed")) (offer empty known "failed"))
    equal [] (offer (where [ Field.Status, "failed" ]) known "status:failed"))

test "Backspace in an empty field removes the last term" (fun () ->
    let filter = where [ Field.Type, "A"; Field.Type, "B" ]
    let _, next, moves = play filter [ Pressed(Backspace, []) ]
    equal (where [ Field.Type, "A" ]) next
    equal [ "push" ] moves
    equal filter (let _, next, _ = play filter [ Typed "x"; Pressed(Backspace, []) ] in next))

test "a term that is edited becomes text again" (fun () ->
    let search, filter, _ =
        play (where [ Field.State, "a b" ]) [ Edited(term Field.State "a b") ]

    equal "state:\"a b\"" search.Typed
    equal empty filter)

// The list.

let private row (id: int) : Workflow = {
    workflow parent "ParentInit" InProgress with
        Id = float id
}

let private page (ids: int list) (next: int option) : WorkflowPage = {
    Results = ids.Length
    Workflows = List.map row ids
    Offset = 0
    Next = next |> Option.map string
    Partial = false
    Total = None
}

let private ids (listing: Listing.Listing) =
    listing.Rows |> Array.map (fun row -> int row.Id) |> List.ofArray

let private two =
    Listing.unread
    |> Listing.top (page [ 50; 48 ] (Some 48))
    |> Listing.more 48.0 (page [ 47; 40 ] (Some 40))

test "pages are joined, and the newest page replaces the rows it covers" (fun () ->
    equal [ 50; 48; 47; 40 ] (ids two)
    equal (Some 40.0) (Listing.next two)
    equal [ 51; 50; 47; 40 ] (ids (Listing.top (page [ 51; 50; 48 ] (Some 48)) two) |> List.except [ 48 ])
    equal [ 52; 50; 47; 40 ] (ids (Listing.top (page [ 52; 50 ] (Some 48)) two))
    equal None (Listing.next (Listing.more 40.0 (page [ 3 ] None) two)))

test "a page that was requested below another row than the last is not joined" (fun () ->
    equal [ 50; 48; 47; 40 ] (ids (Listing.more 30.0 (page [ 29; 20 ] (Some 20)) two))
    equal (Some 40.0) (Listing.next (Listing.more 60.0 (page [ 59; 20 ] (Some 20)) two)))

test "a newest page that does not overlap leaves the list unchanged and marks it" (fun () ->
    let listing = Listing.top (page [ 90; 80 ] (Some 80)) two
    equal [ 50; 48; 47; 40 ] (ids listing)
    isTrue "ahead" listing.Ahead)

let private inProgress = where [ Field.Status, "in-progress" ]
let private all = empty

test "a row that no longer matches is removed, any other is patched and read again" (fun () ->
    equal [ 50; 48; 40 ] (ids (Listing.heard inProgress (change 47.0 "Done" Finished 1) two).Value)
    let patched = (Listing.heard all (change 47.0 "Done" Finished 1) two).Value
    equal "Done" patched.Rows[2].State
    equal (Set [ 47.0 ]) patched.Wanted)

test "a workflow that may match now is read at its position" (fun () ->
    let listing = (Listing.heard inProgress (change 45.0 "Work" InProgress 1) two).Value
    equal (Some(45.0, 45.0)) (Listing.window infinity listing)
    let read = Listing.between 45.0 45.0 (page [ 45 ] None) listing
    equal [ 50; 48; 47; 45; 40 ] (ids read)
    isTrue "caught up" (not (Listing.isBehind read))
    equal None (Listing.heard inProgress (change 39.0 "Work" InProgress 1) two))

test "a total is requested again when it may have changed" (fun () ->
    let counted = { two with Total = Some 900.0 }
    isTrue "recount" (Listing.heard inProgress (change 3.0 "Done" Finished 1) counted).Value.Recount
    isTrue "the total of all stays" (Listing.heard all (change 3.0 "Done" Finished 1) counted).IsNone)

test "after a gap in the events every row is read again" (fun () ->
    equal (Some(40.0, 50.0)) (Listing.window infinity (Listing.doubt two))
    equal (Some(40.0, 47.0)) (Listing.window 48.0 (Listing.doubt two)))

test "after a gap in a very long list, the last rows are read only when they are near" (fun () ->
    let doubted =
        Listing.unread |> Listing.top (page [ 3000..-1..1 ] None) |> Listing.doubt

    equal 3000 doubted.Rows.Length
    equal 2500 (Listing.keptRows doubted)
    equal (Some 501.0) (Listing.next doubted)
    let read = Listing.more 501.0 (page [ 500; 400 ] (Some 400)) doubted
    equal 2901 read.Rows.Length
    equal 2502 (Listing.keptRows read)
    equal 4 (Listing.keptRows (Listing.doubt two)))

// Events that arrive while a request is in flight.

let private moved (id: float) (status: Status) =
    WorkflowChanged(change id "Work" status 1)

test "a workflow that matched during a request is read, though the response lacks it" (fun () ->
    let failures = where [ Field.Status, "failed" ]
    let waiting = (Listing.heard failures (change 51.0 "Work" Failed 1) two).Value
    let answered = Listing.top (page [ 50; 48 ] (Some 48)) waiting
    isTrue "not after the response alone" (not (Listing.isBehind answered))
    let next = LiveCache.afterEvents failures [ moved 51.0 Failed ] answered
    equal (Set [ 51.0 ]) next.Wanted
    isTrue "behind" (Listing.isBehind next))

test "a workflow that has left the list does not return with an older response" (fun () ->
    let answered = Listing.top (page [ 50; 49; 48 ] (Some 48)) two
    let next = LiveCache.afterEvents inProgress [ moved 49.0 Finished ] answered
    equal [ 50; 48; 47; 40 ] (ids next)
    isTrue "counted again" next.Recount)

test "older rows that change while they are loaded are read again" (fun () ->
    let short = Listing.unread |> Listing.top (page [ 50; 48 ] (Some 48))
    isTrue "not of the list yet" (Listing.heard inProgress (change 45.0 "Work" InProgress 1) short).IsNone

    let next =
        Listing.more 48.0 (page [ 47; 40 ] (Some 40)) short
        |> LiveCache.afterEvents inProgress [ moved 45.0 InProgress; moved 47.0 Finished ]

    equal [ 50; 48; 40 ] (ids next)
    equal (Some(45.0, 45.0)) (Listing.window infinity next))

test "a response that was in flight during a gap is read again" (fun () ->
    equal (Some(40.0, 50.0)) (Listing.window infinity (LiveCache.afterEvents all [ Resync ] two)))

test "lists that depend on time, or on more than events contain, drift" (fun () ->
    isTrue "in" (Listing.drifts (where [ Field.In, "15m" ]))
    isTrue "waits" (Listing.drifts (where [ Field.Type, "Demo"; Field.Waits, "person" ]))
    isTrue "not a status" (not (Listing.drifts inProgress)))

test "a partial search continues automatically a few times" (fun () ->
    let poor (at: int) = {
        page [] (Some at) with
            Partial = true
    }

    let stopped =
        [ 39; 38; 37; 36; 35 ]
        |> List.fold (fun (listing: Listing.Listing) at -> Listing.more listing.ReadTo (poor at) listing) two

    isTrue "at first" (Listing.readsNextPage (Listing.more 40.0 (poor 39) two))
    isTrue "not forever" (not (Listing.readsNextPage stopped))
    isTrue "on request" (Listing.readsNextPage (Listing.more 35.0 (poor 34) stopped)))

// Selection.

let private rows = [| for id in [ 50; 48; 47; 40; 39 ] -> row id |]

test "shift selects a range, in either direction" (fun () ->
    let chosen = Selection.extend rows 40.0 48.0 Selection.none
    equal (Selection.Rows(Set [ 48.0; 47.0; 40.0 ])) chosen
    equal chosen (Selection.extend rows 48.0 40.0 Selection.none))

test "adjacent rows are one run" (fun () ->
    let chosen = Selection.Rows(Set [ 50.0; 47.0; 40.0 ])

    let bounds strict =
        Selection.runs strict rows chosen |> List.map (fun run -> run.First, run.Last)

    equal [ (50.0, 50.0); (40.0, 47.0) ] (bounds false)
    equal [ (50.0, 50.0); (47.0, 47.0); (40.0, 40.0) ] (bounds true))

let private names (target: Result<Selection.Target, string>) =
    match target with
    | Ok target -> target.Filters |> List.map (List.map fst)
    | Result.Error reason -> failwith reason

test "a range of ids excludes workflows that change later" (fun () ->
    equal
        [
            [ "statuses"; "idFrom"; "idTo" ]
            [ "statuses"; "idFrom"; "idTo"; "modifiedBefore" ]
        ]
        (names (Selection.target noon inProgress rows (Selection.Rows(Set [ 50.0; 47.0; 40.0 ])))))

test "all matches of a filter are one job, but not with free text" (fun () ->
    equal [ [ "statuses" ] ] (names (Selection.target noon inProgress rows Selection.AllMatching))

    match Selection.target noon { all with Text = "x" } rows Selection.AllMatching with
    | Ok _ -> failwith "there is a job for free text"
    | Result.Error _ -> ())

test "the list keeps its scroll position when rows are added" (fun () ->
    let place: Rows.Place = { Row = 47.0; Above = 10.0 }
    equal (2.0 * 36.0 + 10.0) (Rows.offset 36.0 rows place)
    equal (3.0 * 36.0 + 10.0) (Rows.offset 36.0 (Array.append [| row 51 |] rows) place)
    equal (3.0 * 36.0 + 10.0) (Rows.offset 36.0 rows { place with Row = 46.0 })
    equal 1 (Rows.newer 50.0 (Array.append [| row 51 |] rows)))

// Stored views and columns.

test "views and columns are read back as they were stored" (fun () ->
    let views = [
        {
            Views.Name = "Mine \"x\""
            Views.Filter = where [ Field.State, "a b"; Field.In, "1h" ]
        }
    ]

    equal views (Views.read (Views.write views))
    equal [] (Views.read "{")
    let columns = [ Columns.Column.Id; Columns.Column.Group ]
    equal columns (Columns.read (Columns.write columns))
    equal Columns.usual (Columns.read "nothing known"))

test "a column is inserted at its place, and the id stays" (fun () ->
    equal
        [ Columns.Column.Id; Columns.Column.Type; Columns.Column.Status ]
        (Columns.choose Columns.Column.Type [ Columns.Column.Id; Columns.Column.Status ])

    equal [ Columns.Column.Id ] (Columns.choose Columns.Column.Id [ Columns.Column.Id ]))

test "a new filter clears the selection" (fun () ->
    let model, _ =
        Update.init all Columns.usual [] |> Update.update (Model.Toggled(47.0, rows))

    equal (Selection.Rows(Set [ 47.0 ])) model.Selection
    let model, _ = Update.update (Model.Addressed inProgress) model
    equal Selection.none model.Selection
    equal inProgress model.Filter)

test "an incomplete operation is an error" (fun () ->
    let bulk, _ = Bulk.init Bulk.Place { Filters = []; Chosen = None }

    isTrue "nothing chosen" (Result.isError (Bulk.operation Bulk.Place bulk.Draft))

    equal (Ok(BulkCalls.Place(Some 3, None))) (Bulk.operation Bulk.Place { bulk.Draft with Priority = "3" })

    isTrue
        "no JSON"
        (Result.isError (
            Bulk.operation Bulk.Signal {
                bulk.Draft with
                    Signal = "s"
                    Payload = "{"
            }
        )))

test "the forecasts of several jobs are added up" (fun () ->
    let counted total : JobForecast = {
        Total = total
        Counts = [
            {
                WorkflowType = "A"
                Status = "FAILED"
                Count = total
            }
        ]
    }

    let bulk, _ = Bulk.init Bulk.Retry { Filters = []; Chosen = None }
    let bulk, _ = Bulk.update (Bulk.Counts [ counted 2.0; counted 3.0 ]) bulk
    equal (Bulk.Counted(counted 5.0)) bulk.Forecast)

// An operation that takes three jobs.

let private threeParts: (string * obj) list list = [ [ "idFrom", box 1 ]; [ "idFrom", box 5 ]; [ "idFrom", box 9 ] ]

let private ofThree: Selection.Target = {
    Filters = threeParts
    Chosen = Some 3
}

let private asked = fst (Bulk.init Bulk.Retry ofThree)
let private failure = Http.ApiException Http.Problem.unreachable

let private decide (messages: Bulk.Message list) (bulk: Bulk.Bulk) : Bulk.Bulk * Bulk.Command list =
    messages
    |> List.fold
        (fun (bulk, commands) message ->
            let bulk, more = Bulk.update message bulk
            bulk, commands @ more)
        (bulk, [])

let private started (commands: Bulk.Command list) =
    commands
    |> List.choose (function
        | Bulk.Start(_, filters, _) -> Some filters
        | _ -> None)

let private followed (commands: Bulk.Command list) =
    commands
    |> List.choose (function
        | Bulk.Follow jobs -> Some(jobs |> List.map _.Id)
        | _ -> None)

test "after a refusal, started jobs stay, and only the remaining ones are started" (fun () ->
    let bulk, commands =
        decide [ Bulk.Confirmed; Bulk.Began(job 1.0 "QUEUED"); Bulk.Refused failure ] asked

    equal [ threeParts ] (started commands)
    equal Bulk.Started bulk.Stage
    equal (List.tail threeParts) bulk.Left
    isTrue "why" bulk.Refusal.IsSome

    let bulk, commands =
        decide
            [
                Bulk.Confirmed
                Bulk.Began(job 2.0 "QUEUED")
                Bulk.Began(job 3.0 "QUEUED")
                Bulk.Confirmed
            ]
            bulk

    equal [ List.tail threeParts ] (started commands)
    equal [ 1.0; 2.0; 3.0 ] (bulk.Jobs |> List.map _.Id)
    equal None bulk.Refusal
    equal [] bulk.Left)

test "jobs that are being started are neither started twice nor changed" (fun () ->
    let bulk, commands =
        decide
            [
                Bulk.Confirmed
                Bulk.Confirmed
                Bulk.Drafted { asked.Draft with Reason = "late" }
            ]
            asked

    equal [ threeParts ] (started commands)
    equal asked.Draft bulk.Draft
    let bulk, _ = decide [ Bulk.Refused failure ] bulk
    equal Bulk.Asking bulk.Stage
    equal [ threeParts ] (started (snd (decide [ Bulk.Confirmed ] bulk))))

/// Adds each filter to `sent` and starts a job for it. The start of this number is refused.
let private beginning (sent: ResizeArray<(string * obj) list>) (refused: int) (filter: (string * obj) list) =
    sent.Add filter

    if sent.Count = refused then
        rejected failure
    else
        resolved (job (float sent.Count) "QUEUED")

/// Starts jobs while no dialog receives messages, as after the page is left. Returns the filters that were sent, and the ids of
/// the jobs that have started.
let private sentAfterLeaving (refused: int) : Fable.Core.JS.Promise<(string * obj) list list * Id list> =
    let sent = ResizeArray<(string * obj) list>()

    Bulk.startEach (beginning sent refused) ignore threeParts
    |> map (fun jobs -> List.ofSeq sent, jobs |> List.map _.Id)

testLater "jobs continue to start after the page is left, until one is refused" (fun () ->
    promise {
        let! all = sentAfterLeaving 0
        equal (threeParts, [ 1.0; 2.0; 3.0 ]) all
        let! some = sentAfterLeaving 2
        equal (List.truncate 2 threeParts, [ 1.0 ]) some
    })

/// Starts jobs while no dialog receives messages, two of them until the third is refused. Returns the ids of the jobs that were
/// read again within 4.1 seconds, and the events that were noted.
let private rereadAfterLeaving (operation: BulkCalls.Operation) : Fable.Core.JS.Promise<Id list * LiveEvent list> =
    promise {
        let place = LiveCache.here ()
        let reads = ResizeArray<Id>()

        let read (job: Job) =
            reads.Add job.Id

            resolved {
                job with
                    Status = if reads.Count > 2 then "DONE" else "RUNNING"
            }

        FakeClock.start ()

        Bulk.startAll (beginning (ResizeArray()) 3) read operation ignore threeParts
        |> start

        do! FakeClock.pass 3900
        equal [] (LiveCache.eventsSince place)
        do! FakeClock.pass 200
        FakeClock.stop ()
        return List.ofSeq reads, LiveCache.eventsSince place
    }

testLater "after the dialog is closed, lists are read again when the jobs that delete have ended" (fun () ->
    promise {
        let! deleting = rereadAfterLeaving BulkCalls.Delete
        equal ([ 1.0; 2.0; 1.0; 2.0 ], [ Resync ]) deleting
        let! retrying = rereadAfterLeaving BulkCalls.Retry
        equal ([], []) retrying
    })

testLater "the dialog receives each job that is started, and a refusal" (fun () ->
    let heard = ResizeArray<Bulk.Message>()

    let begin' (_: (string * obj) list) =
        if heard.Count = 0 then
            resolved (job 1.0 "QUEUED")
        else
            rejected failure

    promise {
        let! _ = Bulk.startEach begin' heard.Add threeParts
        let bulk, _ = decide (Bulk.Confirmed :: List.ofSeq heard) asked
        equal [ 1.0 ] (bulk.Jobs |> List.map _.Id)
        equal Bulk.Started bulk.Stage
        isTrue "why" bulk.Refusal.IsSome
    })

test "one timer reads the progress of all started jobs" (fun () ->
    let bulk, commands =
        decide
            [
                Bulk.Confirmed
                Bulk.Began(job 1.0 "QUEUED")
                Bulk.Refused failure
                Bulk.Confirmed
                Bulk.Refused failure
                Bulk.Confirmed
                Bulk.Began(job 2.0 "QUEUED")
            ]
            asked

    equal [ [ 1.0 ] ] (followed commands)
    let bulk, commands = decide [ Bulk.Read [ job 1.0 "RUNNING" ] ] bulk
    equal [ "RUNNING"; "QUEUED" ] (bulk.Jobs |> List.map _.Status)
    equal [ [ 1.0; 2.0 ] ] (followed commands)
    let bulk, commands = decide [ Bulk.Missed failure ] bulk
    equal [ [ 1.0; 2.0 ] ] (followed commands)
    equal [] (followed (snd (decide [ Bulk.Read [ job 1.0 "DONE"; job 2.0 "FAILED" ] ] bulk))))

let private deleting = fst (Bulk.init Bulk.Delete ofThree)

let private rereads (commands: Bulk.Command list) =
    commands
    |> List.filter (function
        | Bulk.ReadWithoutDeleted -> true
        | _ -> false)
    |> List.length

test "lists of workflows are read again when the jobs that delete them have ended" (fun () ->
    let begun = [ Bulk.Confirmed; Bulk.Began(job 1.0 "QUEUED"); Bulk.Refused failure ]
    equal 0 (rereads (snd (decide begun deleting)))
    let ended = begun @ [ Bulk.Read [ job 1.0 "DONE" ] ]
    equal 1 (rereads (snd (decide ended deleting)))
    equal 0 (rereads (snd (decide ended asked))))

test "workflows that are being deleted are deselected, but not before the confirmation" (fun () ->
    let go model message = fst (Update.update message model)

    let chosenAfter (messages: Bulk.Message list) =
        let opened =
            [ Model.Toggled(47.0, rows); Model.Asked(Bulk.Delete, ofThree) ]
            |> List.fold go (Update.init all Columns.usual [])

        let answered =
            messages
            |> List.fold (fun model message -> go model (Model.Bulking(1, message))) opened

        (go answered Model.ClosedBulk).Selection

    equal (Selection.Rows(Set [ 47.0 ])) (chosenAfter [])
    equal Selection.none (chosenAfter [ Bulk.Confirmed ])
    equal Selection.none (chosenAfter [ Bulk.Confirmed; Bulk.Began(job 1.0 "QUEUED") ]))

test "responses for a closed dialog do not reach the next one" (fun () ->
    let go model message = fst (Update.update message model)

    let next =
        [
            Model.Asked(Bulk.Retry, ofThree)
            Model.ClosedBulk
            Model.Asked(Bulk.Delete, ofThree)
        ]
        |> List.fold go (Update.init all Columns.usual [])

    let answer dialog (message: Bulk.Message) =
        (go next (Model.Bulking(dialog, message))).Bulk

    equal next.Bulk (answer 1 (Bulk.Counts []))
    equal next.Bulk (answer 1 (Bulk.Began(job 1.0 "QUEUED")))
    equal next.Bulk (answer 1 (Bulk.Read [ job 1.0 "QUEUED" ]))
    isTrue "its own responses do" (next.Bulk <> answer 2 (Bulk.Counts [])))

// The children beside a run.

test "the heading of very many children says which are listed" (fun () ->
    let heading count =
        List.replicate count (row 1) |> GopherFlow.Client.Pages.ChildrenBeside.heading

    equal "1 child" (heading 1)
    equal "199 children" (heading 199)
    equal "The newest 200 children, and those that failed" (heading 203))
