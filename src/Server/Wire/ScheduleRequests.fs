namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Rules

/// POST /api/schedules.
type CreateScheduleRequest = {
    Name: string
    Definition: ScheduleDefinition
}

/// POST /api/schedules/preview.
type PreviewScheduleRequest = {
    Timetable: ScheduleDefinition
    Count: int
}

/// Decoders for the request bodies of schedules.
module internal ScheduleRequests =

    open Values
    open Objects

    [<Literal>]
    let private LongestInterval = 31622400

    [<Literal>]
    let private MostCaughtUp = 1000

    [<Literal>]
    let private MostPreviewed = 100

    /// The JSON values of the overlap policies.
    let overlaps = [
        "skip", ScheduleOverlap.Skip
        "queue", ScheduleOverlap.Queue
        "allow", ScheduleOverlap.Allow
    ]

    /// The JSON values of the catch-up policies.
    let catchUps = [
        "none", ScheduleCatchUp.None
        "last", ScheduleCatchUp.Last
        "all", ScheduleCatchUp.All
    ]

    let private timetable =
        fields {
            let! cron = optional "cron" filledText
            and! everySeconds = optional "everySeconds" (whole 1 LongestInterval)
            and! timeZone = optional "timeZone" filledText

            return
                ScheduleDefinition(
                    WorkflowType = "",
                    Cron = Option.toObj cron,
                    Every = (everySeconds |> Option.map (float >> TimeSpan.FromSeconds) |> Option.toNullable),
                    TimeZone = defaultArg timeZone "UTC"
                )
        }

    let private definition =
        fields {
            let! workflowType = required "workflowType" filledText
            and! timetable = timetable
            and! stateVars = optional "stateVars" anyObject
            and! businessKey = optional "businessKey" filledText
            and! executorGroup = optional "executorGroup" filledText

            and! priority =
                optional "priority" (whole WorkflowPriority.First WorkflowPriority.Last)

            and! overlap = optional "overlap" (choice overlaps)
            and! catchUp = optional "catchUp" (choice catchUps)
            and! catchUpLimit = optional "catchUpLimit" (whole 1 MostCaughtUp)

            return
                ScheduleDefinition(
                    WorkflowType = workflowType,
                    Cron = timetable.Cron,
                    Every = timetable.Every,
                    TimeZone = timetable.TimeZone,
                    StateVars = defaultArg stateVars timetable.StateVars,
                    BusinessKey = defaultArg businessKey timetable.BusinessKey,
                    ExecutorGroup = defaultArg executorGroup timetable.ExecutorGroup,
                    Priority = defaultArg priority timetable.Priority,
                    Overlap = defaultArg overlap timetable.Overlap,
                    CatchUp = defaultArg catchUp timetable.CatchUp,
                    CatchUpLimit = defaultArg catchUpLimit timetable.CatchUpLimit
                )
        }

    let create =
        object (
            fields {
                let! name = required "name" filledText
                and! definition = definition
                return { Name = name; Definition = definition }
            }
        )

    let change = object definition

    let preview =
        object (
            fields {
                let! timetable = timetable
                and! count = optional "count" (whole 1 MostPreviewed)

                return {
                    Timetable = timetable
                    Count = defaultArg count 5
                }
            }
        )
