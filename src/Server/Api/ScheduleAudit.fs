namespace GopherFlow.Server

open System.Text.Json
open GopherFlow.Rules

/// What the audit log records of schedules: `whole`, `changed`. Only the names of variables, because their values may take 1 MiB in each
/// entry.
module internal ScheduleAudit =

    /// The maximum number of recorded variable names. Beyond that, only the number of variables is recorded.
    [<Literal>]
    let private MostNames = 50

    let private few (names: string list) =
        if names.Length <= MostNames then
            List.map Excerpt.ofText names
        else
            List.map Excerpt.ofText (List.truncate MostNames names)
            @ [ $"... ({names.Length} variables)" ]

    let private members (variables: JsonDocument) =
        variables.RootElement.EnumerateObject()
        |> Seq.map (fun variable -> variable.Name, variable.Value)
        |> Map.ofSeq

    let private names (schedule: ScheduleRecord) =
        use variables = JsonDocument.Parse schedule.Definition.StateVars
        members variables |> Map.keys |> List.ofSeq |> few

    /// The names of the variables that were set, removed or given another value.
    let private differing (before: ScheduleRecord) (after: ScheduleRecord) =
        use earlier = JsonDocument.Parse before.Definition.StateVars
        use later = JsonDocument.Parse after.Definition.StateVars
        let old, current = members earlier, members later

        let isSame name =
            match old.TryFind name, current.TryFind name with
            | Some one, Some other -> JsonElement.DeepEquals(one, other)
            | _ -> false

        Seq.append (Map.keys old) (Map.keys current)
        |> Seq.distinct
        |> Seq.filter (isSame >> not)
        |> List.ofSeq
        |> few

    let private shape (schedule: ScheduleRecord) (changedVariables: string list option) =
        let sent = ScheduleResponses.schedule schedule None

        {|
            workflowType = sent.WorkflowType
            cron = sent.Cron
            everySeconds = sent.EverySeconds
            timeZone = sent.TimeZone
            variables = names schedule
            changedVariables = changedVariables
            businessKey = sent.BusinessKey
            executorGroup = sent.ExecutorGroup
            priority = sent.Priority
            overlap = sent.Overlap
            catchUp = sent.CatchUp
            catchUpLimit = sent.CatchUpLimit
        |}
        :> obj

    /// A schedule that was created, replaced or deleted.
    let whole (schedule: ScheduleRecord) = shape schedule None

    /// A schedule after a change, with the names of the variables that differ.
    let changed (before: ScheduleRecord) (after: ScheduleRecord) =
        shape after (Some(differing before after))
