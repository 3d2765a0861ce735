module GopherFlow.Client.Tests.WorkflowPageTest

open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Pages.Workflow.Model
open GopherFlow.Client.Pages.Workflow.VariableEdit
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples

let private page = begin' 7.0 None None

let private after (messages: Message list) : Model =
    messages
    |> List.fold (fun model message -> Update.update message model |> fst) page

test "the address contains the position, and a jump stops playing" (fun () ->
    let model, commands = Update.update (WentTo(Some 12.0)) (after [ PlayPressed ])
    equal (Some 12.0) model.Position
    equal false model.Playing
    equal [ KeepPosition(7.0, Some 12.0) ] commands)

test "playing ends at the present, and a late step is ignored" (fun () ->
    let model = after [ PlayPressed; Played(Some 3.0); Played None ]
    equal (None, false) (model.Position, model.Playing)
    equal None (after [ Played(Some 3.0) ]).Position)

test "a click on a state selects it and shows its history, a second click deselects it" (fun () ->
    let model = after [ TabChosen Family; StateClicked "A" ]
    equal (Some "A", History) (model.State, model.Tab)
    equal None (after [ StateClicked "A"; StateClicked "A" ]).State)

test "picking the target of a move returns to the present" (fun () ->
    let picking = after [ WentTo(Some 3.0); MenuTurned; PickBegun ToMove ]
    equal (None, false) (picking.Position, picking.MenuOpen)
    let picked = Update.update (StateClicked "B") picking |> fst
    equal (Some(Moving "B"), None, None) (picked.Dialog, picked.Picking, picked.State)
    equal (Some(RunningAgain "B")) (after [ PickBegun ToRunAgain; StateClicked "B" ]).Dialog)

test "the width of the drawer is limited and stored" (fun () ->
    let model, commands = Update.update (Resized 5000) page
    equal most model.Width
    equal [ KeepWidth most ] commands
    equal least (after [ Resized 3 ]).Width
    equal 400 (begin' 7.0 None (Some 400)).Width)

let private waiting = workflow order "AskPerson" Waiting

test "a move from a Manual state to a target that it does not declare is forced" (fun () ->
    let target = Choices.target waiting (Some order)
    equal Choices.Present (target "AskPerson")
    equal Choices.Declared (target "Reserve")
    equal Choices.Forced (target "Ship"))

test "a move from any other state can go to any state" (fun () ->
    let target = Choices.target (workflow order "Reserve" InProgress) (Some order)
    equal Choices.Declared (target "Ship")
    equal Choices.Free (target "AskPerson"))

test "only a workflow in a Manual state has decisions" (fun () ->
    equal [ "Reserve"; "Rejected"; "CheckCredit" ] (Choices.decisions waiting (Some order))
    equal [] (Choices.decisions (workflow order "Reserve" InProgress) (Some order)))

test "only the arrival in a state with a function is due at once" (fun () ->
    let runs state =
        (Choices.arrival (Some order) state).Contains "at once"

    equal [ true; false; false; false ] (List.map runs [ "Ship"; "AskPerson"; "Done"; "Rejected" ]))

let private session (role: string) : Session = {
    Username = "anna"
    Role = role
    Expires = None
    UserId = 1.0
}

let private disabled (role: string) (workflow: Workflow) =
    Choices.all (session role) (Some order) workflow
    |> List.filter (fun choice -> choice.DisabledBecause.IsSome)
    |> List.map _.Label

test "unavailable operations have a reason" (fun () ->
    equal [ "Retry now"; "Delete…" ] (disabled "operator" waiting)

    equal
        [ "Pause…"; "Cancel…"; "Priority and group…"; "Move to a version…" ]
        (disabled "operator" (workflow order "Reserve" Failed))

    equal 8 (disabled "viewer" waiting).Length)

test "a workflow that ended in an error state cannot be retried" (fun () ->
    equal false (Choices.mayRetry (workflow order "Rejected" Errored) (Some order))
    equal true (Choices.mayRetry (workflow order "Reserve" Failed) (Some order)))

test "a retry is offered where the engine accepts it" (fun () ->
    let mayRetry state status failedAttempts =
        Choices.mayRetry
            {
                workflow order state status with
                    RetryCount = failedAttempts
            }
            (Some order)

    equal true (mayRetry "Reserve" Errored 0)
    equal true (mayRetry "NotOfThisVersion" Errored 0)
    equal [ true; false ] (List.map (mayRetry "Reserve" Paused) [ 1; 0 ])
    equal false (mayRetry "AskPerson" Paused 1)
    equal [ true; false ] (List.map (mayRetry "Reserve" InProgress) [ 1; 0 ])
    equal false (mayRetry "Reserve" Executing 1)
    equal false (Choices.mayRetry (workflow order "Reserve" Errored) None)
    equal true (Choices.mayRetry (workflow order "Reserve" Failed) None))

test "only an end in a state of type Error is described as an error state" (fun () ->
    let text state status =
        Describe.broken (workflow order state status) (Choices.isErrorState (Some order) state)

    equal "It ended in the error state Rejected." (text "Rejected" Errored)
    equal "Reserve ended with an error and is not retried." (text "Reserve" Errored)
    equal "Reserve failed and is not retried." (text "Reserve" Failed))

let private sent (edit: Edit) =
    match changes edit with
    | Ok changes -> Fable.Core.JS.JSON.stringify (createObj (changes.Set @ [ "!", createObj changes.Expected ]))
    | Result.Error _ -> "refused"

test "a changed variable is sent with its previous value" (fun () ->
    equal
        """{"amount":"300","!":{"amount":250}}"""
        (sent {
            ofValue "amount" 250 with
                Text = "300"
                IsJson = false
        })

    equal
        """{"amount":300,"!":{"amount":250}}"""
        (sent {
            ofValue "amount" 250 with
                Text = "300"
        })

    equal "refused" (sent { ofValue "amount" 250 with Text = "{" }))

test "a new variable is expected to be absent" (fun () ->
    equal """{"note":"x","!":{"note":null}}""" (sent { add with Name = " note "; Text = "x" })

    equal "refused" (sent { add with Text = "x" }))

test "a concurrent change is shown, and the typed text is kept" (fun () ->
    let edit = {
        ofValue "amount" 250 with
            Text = "300"
    }

    equal None (conflict [ "amount", box 250 ] edit)
    let now = conflict [ "amount", box 260 ] edit
    equal (Some "260") (now |> Option.flatten |> Option.map string)
    let mine = accept now.Value edit
    equal None (conflict [ "amount", box 260 ] mine)
    equal """{"amount":300,"!":{"amount":260}}""" (sent mine)
    isTrue "it was removed" (conflict [] edit = Some None))

test "the response to an edit does not close another one" (fun () ->
    let first = {
        ofValue "amount" 250 with
            Number = 1
            Busy = true
    }

    let second = { ofValue "note" "x" with Number = 2 }
    equal None (answered first None (Some first))
    equal (Some second) (answered first None (Some second))
    equal (Some second) (answered first (Some "no") (Some second))
    equal None (answered first (Some "no") None)

    equal
        (Some {
            first with
                Busy = false
                Refusal = Some "no"
        })
        (answered first (Some "no") (Some first)))

let private blankSignal = OpenSignal.blank

test "the signal is the one that was awaited when the payload was begun" (fun () ->
    equal "paid" (OpenSignal.nameOf [ "paid"; "shipped" ] blankSignal)
    equal "" (OpenSignal.nameOf [] blankSignal)
    let written = blankSignal |> OpenSignal.withPayload [ "paid" ] "1"
    equal "paid" (OpenSignal.nameOf [ "shipped" ] written)
    let keyed = blankSignal |> OpenSignal.withKey [] "k"
    equal "" (OpenSignal.nameOf [ "shipped" ] keyed)
    equal "mine" (OpenSignal.nameOf [ "shipped" ] { written with Typed = Some "mine" }))

test "a signal without a name, or with a payload that is not JSON, is not sent" (fun () ->
    let faults (awaited: string list) (payload: string) =
        match OpenSignal.payloadOf awaited { blankSignal with Payload = payload } with
        | Ok _ -> false, false
        | Result.Error faulty -> faulty.NameFault.IsSome, faulty.PayloadFault.IsSome

    equal (false, false) (faults [ "paid" ] """{"amount":3}""")
    equal (false, false) (faults [ "paid" ] " ")
    equal (true, false) (faults [] "3")
    equal (false, true) (faults [ "paid" ] "{")
    equal (true, true) (faults [] "{"))

test "the response to a signal clears the form, but keeps what was typed meanwhile" (fun () ->
    let written = blankSignal |> OpenSignal.withPayload [ "paid" ] "1"
    let busy = OpenSignal.sending written
    let answered = OpenSignal.answered written "paid"
    equal { blankSignal with Sent = Some "paid" } (answered None busy)

    let next = busy |> OpenSignal.withPayload [ "paid" ] "2"

    equal
        {
            next with
                Busy = false
                Sent = Some "paid"
        }
        (answered None next)

    equal
        {
            written with
                Refusal = Some "It has ended."
        }
        (answered (Some "It has ended.") busy))

test "running again sends only the changed variables" (fun () ->
    let changes =
        difference [ "a", box 1; "b", box "x"; "c", box true ] [ "a", box 1; "b", box "y"; "d", box 4 ]

    equal [ "b"; "d" ] (List.map fst changes.Set)
    equal [ "c" ] changes.Remove
    equal [ "b"; "d"; "c" ] (List.map fst changes.Expected))

let private child (id: int) : Workflow = {
    workflow parent "ParentInit" InProgress with
        Id = float id
}

/// A list of `length` workflows, two per page. The cursor is the number of workflows before.
let private pageOf (length: int) (cursor: string option) : Fable.Core.JS.Promise<WorkflowPage> =
    let before = cursor |> Option.map int |> Option.defaultValue 0
    let ids = [ before + 1 .. min length (before + 2) ]

    resolved {
        Results = ids.Length
        Workflows = List.map child ids
        Offset = 0
        Next =
            if before + 2 < length then
                Some(string (before + 2))
            else
                None
        Partial = false
        Total = None
    }

testLater "the first pages of children are one list, with the cursor of the next" (fun () ->
    promise {
        let! page = RunCalls.firstPages (pageOf 5) 2
        equal [ 1.0; 2.0; 3.0; 4.0 ] (page.Workflows |> List.map _.Id)
        equal (Some "4") page.Next
        let! page = RunCalls.firstPages (pageOf 5) 9
        equal [ 1.0; 2.0; 3.0; 4.0; 5.0 ] (page.Workflows |> List.map _.Id)
        equal None page.Next
    })
