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

test "a term that is typed to its end goes into the address as a step back" (fun () ->
    let search, filter, moves = play empty [ Typed "status:failed " ]
    equal (where [ Field.Status, "failed" ]) filter
    equal "" search.Typed
    equal [ "push" ] moves)

test "free text takes the place of what the address had, when it has settled" (fun () ->
    let _, filter, moves =
        play empty [ Typed "4"; Typed "47"; Settled "4"; Settled "47" ]

    equal "47" filter.Text
    equal [ "replace" ] moves)

test "the first letters of a field are not searched for, unless Enter says so" (fun () ->
    equal empty (let _, filter, _ = play empty [ Typed "sta"; Settled "sta" ] in filter)
    equal "sta" (let _, filter, _ = play empty [ Typed "sta"; Pressed(Enter, []) ] in filter.Text))

test "fields are offered, then their values, and arrows and Enter take them" (fun () ->
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

test "states are those of the types that are asked for" (fun () ->
    equal [ Value(term Field.State "ParentFinish") ] (offer (where [ Field.Type, parent.Name ]) known "state:finish")

    equal [] (offer (where [ Field.Type, order.Name ]) known "state:finish"))

test "a value is offered for a word alone, too, and not twice" (fun () ->
    isTrue "status" (List.contains (Value(term Field.Status "failed")) (offer empty known "failed"))
    equal [] (offer (where [ Field.Status, "failed" ]) known "status:failed"))

test "Backspace in an empty field removes the last term" (fun () ->
    let filter = where [ Field.Type, "A"; Field.Type, "B" ]
    let _, next, moves = play filter [ Pressed(Backspace, []) ]
    equal (where [ Field.Type, "A" ]) next
    equal [ "push" ] moves
    equal filter (let _, next, _ = play filter [ Typed "x"; Pressed(Backspace, []) ] in next))

test "a term that is to be changed is text again" (fun () ->
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

test "pages are put together, and the newest replaces what it covers" (fun () ->
    equal [ 50; 48; 47; 40 ] (ids two)
    equal (Some 40.0) (Listing.next two)
    equal [ 51; 50; 47; 40 ] (ids (Listing.top (page [ 51; 50; 48 ] (Some 48)) two) |> List.except [ 48 ])
    equal [ 52; 50; 47; 40 ] (ids (Listing.top (page [ 52; 50 ] (Some 48)) two))
    equal None (Listing.next (Listing.more 40.0 (page [ 3 ] None) two)))

test "a page that was asked for below another row than the last does not join" (fun () ->
    equal [ 50; 48; 47; 40 ] (ids (Listing.more 30.0 (page [ 29; 20 ] (Some 20)) two))
    equal (Some 40.0) (Listing.next (Listing.more 60.0 (page [ 59; 20 ] (Some 20)) two)))

test "a newest page that does not join leaves the list as it is, and says so" (fun () ->
    let listing = Listing.top (page [ 90; 80 ] (Some 80)) two
    equal [ 50; 48; 47; 40 ] (ids listing)
    isTrue "ahead" listing.Ahead)

let private inProgress = where [ Field.Status, "in-progress" ]
let private all = empty

test "a row that the filter does not mean any more goes, another is patched and read again" (fun () ->
    equal [ 50; 48; 40 ] (ids (Listing.heard inProgress (change 47.0 "Done" Finished 1) two).Value)
    let patched = (Listing.heard all (change 47.0 "Done" Finished 1) two).Value
    equal "Done" patched.Rows[2].State
    equal (Set [ 47.0 ]) patched.Wanted)

test "what may have come into the list is read, where it stands" (fun () ->
    let listing = (Listing.heard inProgress (change 45.0 "Work" InProgress 1) two).Value
    equal (Some(45.0, 45.0)) (Listing.window infinity listing)
    let read = Listing.between 45.0 45.0 (page [ 45 ] None) listing
    equal [ 50; 48; 47; 45; 40 ] (ids read)
    isTrue "caught up" (not (Listing.isBehind read))
    equal None (Listing.heard inProgress (change 39.0 "Work" InProgress 1) two))

test "a total is asked for again when it may have changed" (fun () ->
    let counted = { two with Total = Some 900.0 }
    isTrue "recount" (Listing.heard inProgress (change 3.0 "Done" Finished 1) counted).Value.Recount
    isTrue "all of them are as many" (Listing.heard all (change 3.0 "Done" Finished 1) counted).IsNone)

test "after a gap in the events every row is read again" (fun () ->
    equal (Some(40.0, 50.0)) (Listing.window infinity (Listing.doubt two))
    equal (Some(40.0, 47.0)) (Listing.window 48.0 (Listing.doubt two)))

test "after a gap the rows that are too many to be read at once are read when they come near" (fun () ->
    let doubted =
        Listing.unread |> Listing.top (page [ 3000..-1..1 ] None) |> Listing.doubt

    equal 3000 doubted.Rows.Length
    equal 2500 (Listing.keptRows doubted)
    equal (Some 501.0) (Listing.next doubted)
    let read = Listing.more 501.0 (page [ 500; 400 ] (Some 400)) doubted
    equal 2901 read.Rows.Length
    equal 2502 (Listing.keptRows read)
    equal 4 (Listing.keptRows (Listing.doubt two)))

// What was heard while an answer was on its way.

let private moved (id: float) (status: Status) =
    WorkflowChanged(change id "Work" status 1)

test "what has come into the list meanwhile is read, though the answer does not know it" (fun () ->
    let failures = where [ Field.Status, "failed" ]
    let waiting = (Listing.heard failures (change 51.0 "Work" Failed 1) two).Value
    let answered = Listing.top (page [ 50; 48 ] (Some 48)) waiting
    isTrue "the answer alone" (not (Listing.isBehind answered))
    let next = LiveCache.afterEvents failures [ moved 51.0 Failed ] answered
    equal (Set [ 51.0 ]) next.Wanted
    isTrue "behind" (Listing.isBehind next))

test "what has left the list meanwhile does not come back with an older answer" (fun () ->
    let answered = Listing.top (page [ 50; 49; 48 ] (Some 48)) two
    let next = LiveCache.afterEvents inProgress [ moved 49.0 Finished ] answered
    equal [ 50; 48; 47; 40 ] (ids next)
    isTrue "counted again" next.Recount)

test "what changes among older rows while they are read is read again" (fun () ->
    let short = Listing.unread |> Listing.top (page [ 50; 48 ] (Some 48))
    isTrue "not of the list yet" (Listing.heard inProgress (change 45.0 "Work" InProgress 1) short).IsNone

    let next =
        Listing.more 48.0 (page [ 47; 40 ] (Some 40)) short
        |> LiveCache.afterEvents inProgress [ moved 45.0 InProgress; moved 47.0 Finished ]

    equal [ 50; 48; 40 ] (ids next)
    equal (Some(45.0, 45.0)) (Listing.window infinity next))

test "an answer that was on its way when changes may have been missed is doubted" (fun () ->
    equal (Some(40.0, 50.0)) (Listing.window infinity (LiveCache.afterEvents all [ Resync ] two)))

test "lists that time changes, or of which events tell too little, drift" (fun () ->
    isTrue "in" (Listing.drifts (where [ Field.In, "15m" ]))
    isTrue "waits" (Listing.drifts (where [ Field.Type, "Demo"; Field.Waits, "person" ]))
    isTrue "not a status" (not (Listing.drifts inProgress)))

test "a search that stops early goes on by itself a few times" (fun () ->
    let poor (at: int) = {
        page [] (Some at) with
            Partial = true
    }

    let stopped =
        [ 39; 38; 37; 36; 35 ]
        |> List.fold (fun (listing: Listing.Listing) at -> Listing.more listing.ReadTo (poor at) listing) two

    isTrue "at first" (Listing.readsNextPage (Listing.more 40.0 (poor 39) two))
    isTrue "not for ever" (not (Listing.readsNextPage stopped))
    isTrue "when told to" (Listing.readsNextPage (Listing.more 35.0 (poor 34) stopped)))

// What is chosen.

let private rows = [| for id in [ 50; 48; 47; 40; 39 ] -> row id |]

test "shift chooses a range, in either direction" (fun () ->
    let chosen = Selection.extend rows 40.0 48.0 Selection.none
    equal (Selection.Rows(Set [ 48.0; 47.0; 40.0 ])) chosen
    equal chosen (Selection.extend rows 48.0 40.0 Selection.none))

test "rows that stand together are one run" (fun () ->
    let chosen = Selection.Rows(Set [ 50.0; 47.0; 40.0 ])

    let bounds strict =
        Selection.runs strict rows chosen |> List.map (fun run -> run.First, run.Last)

    equal [ (50.0, 50.0); (40.0, 47.0) ] (bounds false)
    equal [ (50.0, 50.0); (47.0, 47.0); (40.0, 40.0) ] (bounds true))

let private names (target: Result<Selection.Target, string>) =
    match target with
    | Ok target -> target.Filters |> List.map (List.map fst)
    | Result.Error reason -> failwith reason

test "between rows with others among them, what changes later is not meant" (fun () ->
    equal
        [
            [ "statuses"; "idFrom"; "idTo" ]
            [ "statuses"; "idFrom"; "idTo"; "modifiedBefore" ]
        ]
        (names (Selection.target noon inProgress rows (Selection.Rows(Set [ 50.0; 47.0; 40.0 ])))))

test "all that a filter means is one job, but not by free text" (fun () ->
    equal [ [ "statuses" ] ] (names (Selection.target noon inProgress rows Selection.AllMeant))

    match Selection.target noon { all with Text = "x" } rows Selection.AllMeant with
    | Ok _ -> failwith "a job for free text"
    | Result.Error _ -> ())

test "who reads stays at the row they read" (fun () ->
    let place: Rows.Place = { Row = 47.0; Above = 10.0 }
    equal (2.0 * 36.0 + 10.0) (Rows.offset 36.0 rows place)
    equal (3.0 * 36.0 + 10.0) (Rows.offset 36.0 (Array.append [| row 51 |] rows) place)
    equal (3.0 * 36.0 + 10.0) (Rows.offset 36.0 rows { place with Row = 46.0 })
    equal 1 (Rows.newer 50.0 (Array.append [| row 51 |] rows)))

// What a person keeps.

test "views and columns come back as they were kept" (fun () ->
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

test "a column is put where it belongs, and the id stays" (fun () ->
    equal
        [ Columns.Column.Id; Columns.Column.Type; Columns.Column.Status ]
        (Columns.choose Columns.Column.Type [ Columns.Column.Id; Columns.Column.Status ])

    equal [ Columns.Column.Id ] (Columns.choose Columns.Column.Id [ Columns.Column.Id ]))

test "another filter forgets what was chosen" (fun () ->
    let model, _ =
        Update.init all Columns.usual [] |> Update.update (Model.Toggled(47.0, rows))

    equal (Selection.Rows(Set [ 47.0 ])) model.Selection
    let model, _ = Update.update (Model.Addressed inProgress) model
    equal Selection.none model.Selection
    equal inProgress model.Filter)

test "an operation says what it still needs" (fun () ->
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

test "the forecasts of several jobs are one" (fun () ->
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

// A decision that takes three jobs.

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

test "after a refusal the jobs that have begun stay, and only the rest is started" (fun () ->
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

test "what is being started is not started twice, nor changed" (fun () ->
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

/// Starts jobs while nobody hears of it, as after the page is left, and gives the filters that were sent. The start of this number
/// is refused.
let private sentAfterLeaving (refused: int) : Fable.Core.JS.Promise<(string * obj) list list> =
    let sent = ResizeArray<(string * obj) list>()

    let begin' (filter: (string * obj) list) =
        sent.Add filter

        if sent.Count = refused then
            rejected failure
        else
            resolved (job (float sent.Count) "QUEUED")

    Bulk.startEach begin' ignore threeParts |> map (fun () -> List.ofSeq sent)

testLater "jobs go on being started after the page is left, until one is refused" (fun () ->
    promise {
        let! all = sentAfterLeaving 0
        equal threeParts all
        let! some = sentAfterLeaving 2
        equal (List.truncate 2 threeParts) some
    })

testLater "the dialog hears of each job that is started, and of a refusal" (fun () ->
    let heard = ResizeArray<Bulk.Message>()

    let begin' (_: (string * obj) list) =
        if heard.Count = 0 then
            resolved (job 1.0 "QUEUED")
        else
            rejected failure

    promise {
        do! Bulk.startEach begin' heard.Add threeParts
        let bulk, _ = decide (Bulk.Confirmed :: List.ofSeq heard) asked
        equal [ 1.0 ] (bulk.Jobs |> List.map _.Id)
        equal Bulk.Started bulk.Stage
        isTrue "why" bulk.Refusal.IsSome
    })

test "the progress of all that have begun is read by one timer" (fun () ->
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

test "what shows workflows is read again when the jobs that delete them have ended" (fun () ->
    let begun = [ Bulk.Confirmed; Bulk.Began(job 1.0 "QUEUED"); Bulk.Refused failure ]
    equal 0 (rereads (snd (decide begun deleting)))
    let ended = begun @ [ Bulk.Read [ job 1.0 "DONE" ] ]
    equal 1 (rereads (snd (decide ended deleting)))
    equal 0 (rereads (snd (decide ended asked)))

    let awaited (messages: Bulk.Message list) =
        Bulk.closed (fst (decide messages deleting))
        |> List.collect (function
            | Bulk.AwaitDeletion jobs -> jobs |> List.map _.Id
            | _ -> [])

    equal [ 1.0 ] (awaited begun)
    equal [] (awaited ended)
    equal [] (awaited []))

test "what was deleted is not chosen any more, what was only asked about is" (fun () ->
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
    equal Selection.none (chosenAfter [ Bulk.Confirmed; Bulk.Began(job 1.0 "QUEUED") ]))

test "answers to a dialog that was closed do not reach the next one" (fun () ->
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
    isTrue "but its own do" (next.Bulk <> answer 2 (Bulk.Counts [])))

// The children beside a run.

test "of very many children it is said which are listed" (fun () ->
    let heading count =
        List.replicate count (row 1) |> GopherFlow.Client.Pages.ChildrenBeside.heading

    equal "1 child" (heading 1)
    equal "199 children" (heading 199)
    equal "The newest 200 children, and those that failed" (heading 203))
