module GopherFlow.Client.Tests.SchedulesTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScheduleCalls
open GopherFlow.Contract
open GopherFlow.Client.Pages.Schedules
open GopherFlow.Client.Pages.Schedules.Model

let private scheduleText =
    """{"name":"nightly","workflowType":"NightlyBatch","cron":"0 2 * * *","everySeconds":null,"timeZone":"Europe/Berlin",
    "stateVars":{"customers":100},"stateVarsOmitted":false,"businessKey":"{schedule}","executorGroup":"default","priority":5,"overlap":"skip","catchUp":"last",
    "catchUpLimit":100,"paused":false,"declared":false,"createdBy":"ann","created":"2026-11-26T02:27:51Z","changedBy":"bob",
    "changed":"2026-11-26T02:27:51Z","nextDue":["2026-11-27T01:00:00Z"],"lastDue":null,"lastRun":null,"queued":0,"started":7,
    "skippedByOverlap":2,"skippedByCatchUp":0,"lastSkipped":{"due":"2026-11-25T01:00:00Z","reason":"overlap"}}"""

let private schedule: Schedule =
    match Json.decodeText "schedule" Json.contract<Schedule> scheduleText with
    | Ok schedule -> schedule
    | Error reason -> failwith reason

let private problem = {
    Status = 400
    Title = "The request is not valid"
    Detail = "cron: expected a cron expression."
    Faults = []
    RetryAfter = None
}

let private filled = {
    Update.newForm with
        Name = " nightly "
        WorkflowType = "NightlyBatch"
}

/// The model after the messages, and the commands of the last message.
let private after (messages: Msg list) : Model * Command list =
    messages
    |> List.fold (fun (model, _) message -> Update.update message model) (Update.init, [])

let private usual = Cron("0 2 * * *", "UTC")

test "due times are described in words" (fun () ->
    let text = Describe.cron
    equal (Some "every day at 02:00") (text "0 2 * * *")
    equal (Some "every day at 02:05") (text "5 2 * * *")
    equal (Some "every minute") (text "* * * * *")
    equal (Some "every 5 minutes") (text "*/5 * * * *")
    equal (Some "every hour") (text "0 * * * *")
    equal (Some "every hour at :07") (text "7 * * * *")
    equal (Some "every 6 hours") (text "0 */6 * * *")
    equal (Some "Monday to Friday at 18:30") (text "30 18 * * MON-FRI")
    equal (Some "every Sunday at 03:00") (text "0 3 * * 0")
    equal (Some "on day 1 of each month at 02:00") (text "0 2 1 * *")
    equal (Some "on the last day of each month at 02:00") (text "0 2 L * *")
    equal (Some "every 10 seconds") (text "*/10 * * * * *")
    equal (Some "every day at 02:00") (text "0 0 2 * * *")
    equal None (text "0 2 1-7 * MON")
    equal None (text "nonsense"))

test "an interval is described in its largest unit" (fun () ->
    equal "every 15 minutes" (Describe.every 900.0)
    equal "every day" (Describe.every 86400.0)
    equal "every 36 hours" (Describe.every 129600.0)
    equal "every second" (Describe.every 1.0))

test "the cron expression is shown beside the words, with its time zone" (fun () ->
    equal ("every day at 02:00", Some "0 2 * * * Europe/Berlin") (Describe.due schedule)

    equal
        ("0 2 1-7 * MON", None)
        (Describe.due {
            schedule with
                Cron = Some "0 2 1-7 * MON"
                TimeZone = "UTC"
        })

    equal "2 since another had not ended" (Describe.skipped schedule))

test "the due times of a new schedule are previewed, and it is saved" (fun () ->
    let _, asked = after [ New ]
    equal [ AskPreview usual ] asked
    let model, commands = after [ New; Edit filled; Submit ]
    isTrue "busy" model.Busy

    match commands with
    | [ Create(name, draft) ] ->
        equal "nightly" name
        equal usual draft.Timing
        equal ("skip", "last", 100) (draft.Overlap, draft.CatchUp, draft.CatchUpLimit)
    | other -> failwith $"{other}"

    let saved, next = Update.update (Done(1, Saved schedule)) model
    equal (None, false, Some "Schedule nightly is saved.") (saved.Dialog, saved.Busy, saved.Note)
    equal [ Refresh ] next)

test "an edit keeps the name and the unchanged fields" (fun () ->
    let model, _ = after [ Change schedule ]

    match model.Dialog with
    | Some(Filling form) ->
        equal (Some schedule, "0 2 * * *", "Europe/Berlin") (form.Changes, form.Cron, form.TimeZone)

        match Update.update Submit model with
        | _, [ Save(before, draft) ] -> equal ("nightly", "NightlyBatch") (before.Name, draft.WorkflowType)
        | other -> failwith $"{other}"
    | other -> failwith $"{other}")

test "a concurrent change is shown, and the form stays until it is discarded" (fun () ->
    let theirs = {
        schedule with
            Cron = Some "0 5 * * *"
            ChangedBy = "carl"
    }

    let model, commands = after [ Change schedule; Submit; Done(1, NotSaved theirs) ]
    equal (Some theirs, false) (model.Overtaken, model.Busy)
    equal [ Refresh ] commands

    match model.Dialog with
    | Some(Filling form) -> equal "0 2 * * *" form.Cron
    | other -> failwith $"{other}"

    let anew, _ = Update.update (Change theirs) model
    equal None anew.Overtaken

    match anew.Dialog with
    | Some(Filling form) -> equal ("0 5 * * *", Some theirs) (form.Cron, form.Changes)
    | other -> failwith $"{other}")

test "a late response does not affect a newer dialog" (fun () ->
    let before, _ = after [ Operate(Trigger, "nightly"); New; Edit filled ]
    let model, commands = Update.update (Done(0, Triggered("nightly", 7.0))) before
    equal (Some(Filling filled)) model.Dialog
    equal (Some "Schedule nightly has started workflow 7.") model.Note
    equal [ Refresh ] commands
    let sending, _ = Update.update Submit before
    let model, _ = Update.update (Refused(0, problem)) sending
    equal (None, Some problem, true) (model.Problem, model.Late, model.Busy)
    equal (Some problem) (Update.update Close model |> fst).Late
    let _, commands = Update.update (Done(0, Deleted "nightly")) before
    equal [ Refresh ] commands)

test "the form keeps all digits of numbers in variables" (fun () ->
    let many = {
        schedule with
            StateVars =
                Json.tryParse """{"id":1234567890123456789}"""
                |> Option.defaultValue schedule.StateVars
    }

    match after [ Change many; Submit ] with
    | _, [ Save(_, draft) ] -> equal """{"id":1234567890123456789}""" (Json.write draft.StateVars)
    | other -> failwith $"{other}")

test "the form shows an interval in its largest unit" (fun () ->
    let form =
        Update.formOf {
            schedule with
                Cron = None
                EverySeconds = Some 5400.0
        }

    equal (false, "90", "60") (form.IsCron, form.Every, form.Unit)
    equal (Some(EverySeconds 5400.0)) (Update.timing form))

test "errors are shown by field when the form is submitted" (fun () ->
    let faulty = {
        Update.newForm with
            IsCron = false
            Every = "0"
            Variables = "[]"
    }

    equal [ "name"; "workflowType"; "everySeconds"; "stateVars" ] (Update.faults faulty |> List.map fst)
    let model, commands = after [ New; Edit faulty; Submit ]
    equal (true, false) (model.Tried, model.Busy)
    equal [] commands)

test "a preview of another expression is ignored" (fun () ->
    let other = Cron("0 3 * * *", "UTC")

    let late, _ =
        after [ New; Edit { filled with Cron = "0 3 * * *" }; Previewed(usual, Ok []) ]

    equal Unknown late.Preview
    let shown, _ = Update.update (Previewed(other, Ok schedule.NextDue)) late
    equal (Due schedule.NextDue) shown.Preview
    let faulty, _ = Update.update (Previewed(other, Error problem)) late
    equal (Faulty "cron: expected a cron expression.") faulty.Preview

    let _, again =
        Update.update
            (Edit {
                filled with
                    Cron = "0 3 * * *"
                    Name = "n"
            })
            shown

    equal [] again)

test "operations are run and their outcome is shown" (fun () ->
    let model, commands = after [ Operate(Trigger, "nightly") ]
    equal [ Run(Trigger, "nightly") ] commands
    isTrue "busy" model.Busy
    let started, next = Update.update (Done(0, Triggered("nightly", 7.0))) model
    equal (Some "Schedule nightly has started workflow 7.", false) (started.Note, started.Busy)
    equal [ Refresh ] next
    let refused, _ = Update.update (Refused(0, problem)) model
    equal (false, Some problem) (refused.Busy, refused.Problem))

test "deleting a schedule leaves its page" (fun () ->
    let model, commands = after [ AskToDelete "nightly"; Submit ]
    equal [ Delete "nightly" ] commands
    let _, next = Update.update (Done(1, Deleted "nightly")) model
    equal [ Leave; Refresh ] next)

test "a run that a person started is recognised by its external id" (fun () ->
    let run = {
        WorkflowId = 7.0
        ExternalId = "schedule:nightly:2026-11-27T01:00:00Z"
        Status = "FINISHED"
        State = "Done"
        Created = schedule.Created
        Finished = None
    }

    isTrue "by the clock" (not (Describe.isManual run))

    isTrue
        "by hand"
        (Describe.isManual {
            run with
                ExternalId = "schedule:nightly:2026-11-27T01:00:00Z.123456:manual"
        }))
