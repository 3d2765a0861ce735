namespace GopherFlow.Server

open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Operations.Schedules
open GopherFlow.Rules

/// Maps schedule records to the contract: one function for each kind of record.
module internal ScheduleResponses =

    [<Literal>]
    let private NextShown = 5

    let private textOf (texts: (string * 'value) list) (value: 'value) =
        texts |> List.find (fun (_, other) -> other = value) |> fst

    let run (workflow: WorkflowRecord) : ScheduleRun = {
        WorkflowId = workflow.Id
        ExternalId = workflow.ExternalId
        Status = workflow.Status.ToName()
        State = workflow.State
        Created = workflow.Created
        Finished = Option.ofNullable workflow.Finished
    }

    let private skipped (skipped: GopherFlow.Rules.SkippedRun) : GopherFlow.Contract.SkippedRun = {
        Due = skipped.Due
        Reason =
            match skipped.Reason with
            | ScheduleSkipReason.Overlap -> "overlap"
            | _ -> "catchUp"
    }

    let schedule (schedule: ScheduleRecord) (lastRun: WorkflowRecord option) : Schedule =
        let definition, position = schedule.Definition, schedule.Position

        {
            Name = schedule.Name
            WorkflowType = definition.WorkflowType
            Cron = Option.ofObj definition.Cron
            EverySeconds =
                definition.Every
                |> Option.ofNullable
                |> Option.map (fun every -> int64 every.TotalSeconds)
            TimeZone = definition.TimeZone
            StateVars = RawJson definition.StateVars
            StateVarsOmitted = false
            BusinessKey = definition.BusinessKey
            ExecutorGroup = definition.ExecutorGroup
            Priority = definition.Priority
            Overlap = textOf ScheduleRequests.overlaps definition.Overlap
            CatchUp = textOf ScheduleRequests.catchUps definition.CatchUp
            CatchUpLimit = definition.CatchUpLimit
            Paused = schedule.IsPaused
            Declared = not (isNull schedule.Declared)
            CreatedBy = schedule.CreatedBy
            Created = schedule.Created
            ChangedBy = schedule.ChangedBy
            Changed = schedule.Changed
            NextDue = ScheduleOperations.NextDue(schedule, NextShown) |> List.ofSeq
            LastDue = Option.ofNullable position.LastDue
            LastRun = lastRun |> Option.map run
            Queued = position.Queued.Count
            Started = position.CreatedCount
            SkippedByOverlap = position.SkippedByOverlap
            SkippedByCatchUp = position.SkippedByCatchUp
            LastSkipped = position.LastSkipped |> Option.ofObj |> Option.map skipped
        }

    /// A schedule in a list, without large variables.
    let listed (found: ScheduleRecord) (lastRun: WorkflowRecord option) : Schedule =
        let sent = schedule found lastRun

        if Responses.isLarge found.Definition.StateVars then
            {
                sent with
                    StateVars = RawJson "{}"
                    StateVarsOmitted = true
            }
        else
            sent
