module GopherFlow.Client.Pages.Schedules.Update

open GopherFlow.Contract
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.ScheduleCalls
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Schedules.Model

let init: Model = {
    Dialog = None
    Dialogs = 0
    Busy = false
    Tried = false
    Problem = None
    Late = None
    Overtaken = None
    Note = None
    Preview = Unknown
    Asked = None
    Cursors = []
}

let newForm: Form = {
    Changes = None
    Name = ""
    WorkflowType = ""
    IsCron = true
    Cron = "0 2 * * *"
    TimeZone = "UTC"
    Every = "15"
    Unit = "60"
    Variables = "{}"
    BusinessKey = "{schedule}"
    ExecutorGroup = "default"
    Priority = "5"
    Overlap = "skip"
    CatchUp = "last"
    CatchUpLimit = "100"
}

/// The units of an interval, in seconds.
let units = [ "1", "seconds"; "60", "minutes"; "3600", "hours"; "86400", "days" ]

let private interval (seconds: Count) : string * string =
    let unit =
        units
        |> List.map (fst >> float)
        |> List.filter (fun unit -> seconds % unit = 0.0)
        |> List.max

    string (seconds / unit), string unit

let formOf (schedule: Schedule) : Form =
    let every, unit =
        schedule.EverySeconds
        |> Option.map interval
        |> Option.defaultValue (newForm.Every, newForm.Unit)

    {
        Changes = Some schedule
        Name = schedule.Name
        WorkflowType = schedule.WorkflowType
        IsCron = schedule.Cron.IsSome
        Cron = schedule.Cron |> Option.defaultValue newForm.Cron
        TimeZone = schedule.TimeZone
        Every = every
        Unit = unit
        Variables = Json.writeIndented schedule.StateVars
        BusinessKey = schedule.BusinessKey
        ExecutorGroup = schedule.ExecutorGroup
        Priority = string schedule.Priority
        Overlap = schedule.Overlap
        CatchUp = schedule.CatchUp
        CatchUpLimit = string schedule.CatchUpLimit
    }

let private tryWhole (text: string) : int option =
    match System.Int32.TryParse(text.Trim()) with
    | true, number when number > 0 -> Some number
    | _ -> None

/// The timing in the form; None while it is not valid.
let timing (form: Form) : Timing option =
    if form.IsCron then
        if form.Cron.Trim() = "" || form.TimeZone.Trim() = "" then
            None
        else
            Some(Cron(form.Cron.Trim(), form.TimeZone.Trim()))
    else
        tryWhole form.Every
        |> Option.map (fun every -> EverySeconds(float every * float form.Unit))

let private fault name isFaulty text =
    if isFaulty then Some(name, text) else None

/// The validation errors of the form, by field.
let faults (form: Form) : (string * string) list =
    [
        fault "name" (form.Name.Trim() = "") "Enter a name: letters, digits and . _ -"
        fault "workflowType" (form.WorkflowType.Trim() = "") "Choose what it starts."
        fault "cron" (form.IsCron && form.Cron.Trim() = "") "Enter a cron expression, such as 0 2 * * *"
        fault "timeZone" (form.IsCron && form.TimeZone.Trim() = "") "Enter a time zone, such as Europe/Berlin"
        fault "everySeconds" (not form.IsCron && (tryWhole form.Every).IsNone) "Enter a whole number."
        fault "businessKey" (form.BusinessKey.Trim() = "") "Enter a business key; it need not be unique."
        fault "executorGroup" (form.ExecutorGroup.Trim() = "") "Enter the group whose executors run it."
        fault "catchUpLimit" (form.CatchUp = "all" && (tryWhole form.CatchUpLimit).IsNone) "Enter a whole number."
        (match Start.Update.readVariables form.Variables with
         | Ok _ -> None
         | Error text -> Some("stateVars", text))
    ]
    |> List.choose id

let private draft (form: Form) : Draft option =
    match faults form, timing form, Start.Update.readVariables form.Variables with
    | [], Some timing, Ok variables ->
        Some {
            WorkflowType = form.WorkflowType.Trim()
            Timing = timing
            StateVars = variables
            BusinessKey = form.BusinessKey.Trim()
            ExecutorGroup = form.ExecutorGroup.Trim()
            Priority = int form.Priority
            Overlap = form.Overlap
            CatchUp = form.CatchUp
            CatchUpLimit = tryWhole form.CatchUpLimit |> Option.defaultValue 100
        }
    | _ -> None

/// Requests a preview of the due times, unless it is known or in flight.
let private previewing (form: Form) (model: Model) : Model * Command list =
    match timing form with
    | None ->
        {
            model with
                Preview = Unknown
                Asked = None
        },
        []
    | Some timing when model.Asked = Some timing -> model, []
    | Some timing -> { model with Asked = Some timing }, [ AskPreview timing ]

let private closed (model: Model) : Model = {
    init with
        Cursors = model.Cursors
        Dialogs = model.Dialogs
}

let private opened (dialog: Dialog) (model: Model) : Model = {
    closed model with
        Dialog = Some dialog
        Dialogs = model.Dialogs + 1
}

let private openForm (form: Form) (model: Model) =
    previewing form (opened (Filling form) model)

let private submit (model: Model) : Model * Command list =
    let busy = {
        model with
            Busy = true
            Tried = true
            Problem = None
            Overtaken = None
    }

    match model.Dialog with
    | Some(Filling form) when not model.Busy ->
        match draft form, form.Changes with
        | Some draft, None -> busy, [ Create(form.Name.Trim(), draft) ]
        | Some draft, Some before -> busy, [ Save(before, draft) ]
        | None, _ -> { model with Tried = true }, []
    | Some(Deleting name) when not model.Busy -> busy, [ Delete name ]
    | _ -> model, []

let private noteOf (outcome: Outcome) : string =
    match outcome with
    | Saved schedule -> $"Schedule {schedule.Name} is saved."
    | NotSaved schedule -> $"Schedule {schedule.Name} was not saved: {schedule.ChangedBy} has changed it meanwhile."
    | Deleted name -> $"Schedule {name} is deleted. Its runs stay."
    | Paused name -> $"Schedule {name} is paused."
    | Resumed name -> $"Schedule {name} is resumed."
    | Triggered(name, workflow) -> $"Schedule {name} has started workflow {workflow}."

let private finished (outcome: Outcome) (model: Model) : Model * Command list =
    match outcome, model.Dialog with
    // The form stays open with its changes.
    | NotSaved now, Some _ ->
        {
            model with
                Busy = false
                Overtaken = Some now
        },
        [ Refresh ]
    | _ ->
        {
            closed model with
                Note = Some(noteOf outcome)
                Late = model.Late
        },
        (match outcome with
         | Deleted _ -> [ Leave; Refresh ]
         | _ -> [ Refresh ])

let update (msg: Msg) (model: Model) : Model * Command list =
    match msg with
    | New -> openForm newForm model
    | Change schedule -> openForm (formOf schedule) model
    | Edit form ->
        previewing form {
            model with
                Dialog = Some(Filling form)
        }
    | AskToDelete name -> opened (Deleting name) model, []
    | Close ->
        {
            closed model with
                Note = model.Note
                Late = model.Late
        },
        []
    | Submit -> submit model
    | Operate(operation, name) ->
        {
            model with
                Busy = true
                Note = None
                Problem = None
                Late = None
        },
        [ Run(operation, name) ]
    | Done(dialogs, outcome) when dialogs = model.Dialogs -> finished outcome model
    // A dialog that was opened meanwhile stays open.
    | Done(_, outcome) ->
        {
            model with
                Note = Some(noteOf outcome)
        },
        [ Refresh ]
    | Refused(dialogs, problem) when dialogs = model.Dialogs ->
        {
            model with
                Busy = false
                Problem = Some problem
        },
        []
    | Refused(_, problem) -> { model with Late = Some problem }, []
    | Previewed(timing, _) when model.Asked <> Some timing -> model, []
    | Previewed(_, Ok due) -> { model with Preview = Due due }, []
    | Previewed(_, Error problem) ->
        {
            model with
                Preview = Faulty(Problem.text problem)
        },
        []
    | Onward cursor ->
        {
            model with
                Cursors = cursor :: model.Cursors
        },
        []
    | Back ->
        match model.Cursors with
        | [] -> model, []
        | _ :: before -> { model with Cursors = before }, []
