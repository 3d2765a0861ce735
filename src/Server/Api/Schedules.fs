namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Operations.Schedules
open GopherFlow.Rules
open Microsoft.AspNetCore.Http

/// A page of a list whose cursors are strings.
type TextPage = { Limit: int; After: string option }

/// Schedules: `list`, `get`, `runs`, `preview`, `create`, `change`, `delete`, `pause`, `resume`, `trigger`.
module internal Schedules =

    let unknown (name: string) =
        Problem.notFound "name" (Excerpt.ofText name) "the name of a schedule"

    let private lastRunOf (services: Services) (http: HttpContext) (schedule: ScheduleRecord) =
        task {
            match Option.ofNullable schedule.Position.LastWorkflowId with
            | None -> return None
            | Some id ->
                let! lastRun = Workflows.listed services.Store [ id ] http.RequestAborted
                return Seq.tryHead lastRun
        }

    let private answer (services: Services) (http: HttpContext) (schedule: ScheduleRecord) =
        task {
            let! lastRun = lastRunOf services http schedule
            return ScheduleResponses.schedule schedule lastRun
        }

    let private next (limit: int) (items: 'item list) (cursorOf: 'item -> string) =
        if items.Length < limit then
            None
        else
            List.tryLast items |> Option.map cursorOf

    let private note http before after =
        Audit.note http {
            Target = None
            Before = before
            After = after
        }

    let private request (caller: Caller) name definition =
        SaveSchedule(Name = name, Definition = definition, Actor = caller.Username)

    let private refusalOf name (result: ScheduleResult) =
        match result.Verdict with
        | ScheduleVerdict.Exists -> Some(Problem.scheduleExists name)
        | ScheduleVerdict.Declared -> Some(Problem.declaredInCode name)
        | ScheduleVerdict.NotFound -> Some(unknown name)
        | _ -> None

    /// Returns the current schedule, or the reason why it was not changed.
    let private outcome services http name (result: ScheduleResult) =
        task {
            match refusalOf name result, result.Schedule with
            | None, NonNull schedule ->
                let! sent = answer services http schedule
                return Content sent
            | refusal, _ -> return Refusal(defaultArg refusal (unknown name))
        }

    /// Returns the schedule after recording the pause or resume in the audit log.
    let private pausing services http name isPaused (result: ScheduleResult) =
        if (refusalOf name result).IsNone then
            note http None (Some {| paused = isPaused |})

        outcome services http name result

    /// GET /api/schedules.
    let list (services: Services) (page: TextPage) : Handler =
        fun http ->
            task {
                let! found =
                    services.Schedules.ListAsync(page.Limit, Option.toObj page.After, http.RequestAborted)

                let answers = ResizeArray()

                for schedule in found do
                    let! lastRun = lastRunOf services http schedule
                    answers.Add(ScheduleResponses.listed schedule lastRun)

                let schedules = List.ofSeq answers

                let sent: SchedulePage = {
                    Schedules = schedules
                    Next = next page.Limit schedules _.Name
                }

                return Content sent
            }

    /// GET /api/schedules/{name}.
    let get (services: Services) (name: string) : Handler =
        fun http ->
            task {
                match! services.Schedules.FindAsync(name, http.RequestAborted) with
                | null -> return Refusal(unknown name)
                | schedule ->
                    let! sent = answer services http schedule
                    return Content sent
            }

    /// GET /api/schedules/{name}/runs.
    let runs (services: Services) (name: string, page: TextPage) : Handler =
        fun http ->
            task {
                match! services.Schedules.FindAsync(name, http.RequestAborted) with
                | null -> return Refusal(unknown name)
                | _ ->
                    let! found =
                        services.Schedules.RunsAsync(name, page.Limit, Option.toObj page.After, http.RequestAborted)

                    let runs = found |> Seq.map ScheduleResponses.run |> List.ofSeq

                    let sent: ScheduleRunPage = {
                        Runs = runs
                        Next = next page.Limit runs _.ExternalId
                    }

                    return Content sent
            }

    /// POST /api/schedules/preview.
    let preview (services: Services) (request: PreviewScheduleRequest) : Handler =
        fun _ ->
            task {
                let due = services.Schedules.Preview(request.Timetable, request.Count)
                let sent: SchedulePreview = { NextDue = List.ofSeq due }
                return Content sent
            }

    /// POST /api/schedules.
    let create (services: Services) (caller: Caller) (body: CreateScheduleRequest) : Handler =
        fun http ->
            task {
                Audit.aim http { Kind = "schedule"; Id = body.Name }

                let! result =
                    services.Schedules.CreateAsync(request caller body.Name body.Definition, http.RequestAborted)

                match refusalOf body.Name result, result.Schedule with
                | None, NonNull schedule ->
                    note http None (Some(ScheduleAudit.whole schedule))
                    return Created($"/api/schedules/{body.Name}", ScheduleResponses.schedule schedule None)
                | refusal, _ -> return Refusal(defaultArg refusal (unknown body.Name))
            }

    /// PUT /api/schedules/{name}.
    let change (services: Services) (caller: Caller) (name: string, definition) : Handler =
        fun http ->
            task {
                let! before = services.Schedules.FindAsync(name, http.RequestAborted)

                let! result =
                    services.Schedules.ChangeAsync(request caller name definition, http.RequestAborted)

                match refusalOf name result, result.Schedule, before with
                | None, NonNull schedule, NonNull before ->
                    note http (Some(ScheduleAudit.whole before)) (Some(ScheduleAudit.changed before schedule))
                | None, NonNull schedule, _ -> note http None (Some(ScheduleAudit.whole schedule))
                | _ -> ()

                return! outcome services http name result
            }

    /// DELETE /api/schedules/{name}.
    let delete (services: Services) (_: Caller) (name: string) : Handler =
        fun http ->
            task {
                let! result = services.Schedules.DeleteAsync(name, http.RequestAborted)

                match refusalOf name result with
                | Some problem -> return Refusal problem
                | None ->
                    note http (result.Schedule |> Option.ofObj |> Option.map ScheduleAudit.whole) None
                    return NoContent
            }

    /// POST /api/schedules/{name}/pause.
    let pause (services: Services) (caller: Caller) (name: string, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Schedules.PauseAsync(name, caller.Username, http.RequestAborted)

                return! pausing services http name true result
            }

    /// POST /api/schedules/{name}/resume.
    let resume (services: Services) (caller: Caller) (name: string, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Schedules.ResumeAsync(name, caller.Username, http.RequestAborted)

                return! pausing services http name false result
            }

    /// POST /api/schedules/{name}/trigger.
    let trigger (services: Services) (caller: Caller) (name: string, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Schedules.TriggerAsync(name, caller.Username, http.RequestAborted)

                match Option.ofNullable result.WorkflowId with
                | None -> return Refusal(unknown name)
                | Some id ->
                    let sent: TriggeredRun = { WorkflowId = id }
                    note http None (Some sent)
                    return Content sent
            }
