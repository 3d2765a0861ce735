namespace GopherFlow.Server

open GopherFlow.Contract

/// Schedules.
module internal ScheduleRoutes =

    open Inputs
    open Route
    open RouteParts

    let private scheduleName = pathText "name" "the name of a schedule"

    let private named decoder =
        input {
            let! name = scheduleName
            and! request = body decoder
            return name, request
        }

    let private page =
        input {
            let! limit = limit Page.Usual Page.Largest
            and! cursor = queryText "cursor" Page.CursorExpected

            return { Limit = limit; After = cursor }
        }

    let private noSchedule = Schedules.unknown "nightly"
    let private declared = Problem.declaredInCode "nightly"

    let private schedule =
        """{"name":"nightly","workflowType":"NightlyBatch","cron":"0 2 * * *","timeZone":"Europe/Berlin","stateVars":{"customers":100},"overlap":"skip","catchUp":"last"}"""

    let private changed =
        """{"workflowType":"NightlyBatch","cron":"0 3 * * *","timeZone":"Europe/Berlin","overlap":"queue"}"""

    let private operation name (action: string) summary replies handle =
        change
            post
            Operators
            $"schedule.{action}"
            name
            $"/api/schedules/{{name}}/{action}"
            summary
            (named OperationRequests.nothing)
            replies
            handle
        |> refusing [ noSchedule ]

    let all =
        [
            get
                "listSchedules"
                "/api/schedules"
                "Schedules, ordered by name."
                page
                (sends<SchedulePage> "A page.")
                Schedules.list
            change
                post
                Operators
                "schedule.create"
                "createSchedule"
                "/api/schedules"
                "Creates a schedule with a cron expression or an interval. Its first run is at the next due time after now."
                (body ScheduleRequests.create)
                (creates<Schedule> "The schedule.")
                Schedules.create
            |> taking schedule
            |> refusing [ Problem.scheduleExists "nightly" ]
            query
                "previewSchedule"
                "/api/schedules/preview"
                "The times at which a schedule would be due, from now on. Nothing is stored."
                (body ScheduleRequests.preview)
                (sends<SchedulePreview> "The next due times.")
                Schedules.preview
            |> taking """{"cron":"0 2 * * *","timeZone":"Europe/Berlin","count":5}"""
            get
                "getSchedule"
                "/api/schedules/{name}"
                "One schedule and its position."
                scheduleName
                (sends<Schedule> "The schedule.")
                Schedules.get
            |> refusing [ noSchedule ]
            change
                put
                Operators
                "schedule.change"
                "changeSchedule"
                "/api/schedules/{name}"
                "Changes a schedule: fields that are not given get their defaults. Its counters and its pause are kept. A schedule that is declared in code cannot be changed."
                (named ScheduleRequests.change)
                (sends<Schedule> "The schedule as it is now.")
                Schedules.change
            |> taking changed
            |> refusing [ noSchedule; declared ]
            change
                delete
                Operators
                "schedule.delete"
                "deleteSchedule"
                "/api/schedules/{name}"
                "Deletes a schedule. Its runs are kept. A schedule that is declared in code cannot be deleted."
                scheduleName
                (sendsNothing "It was deleted.")
                Schedules.delete
            |> refusing [ noSchedule; declared ]
            get
                "listScheduleRuns"
                "/api/schedules/{name}/runs"
                "The workflows that a schedule has started and that have not been deleted, latest due time first."
                (input {
                    let! name = scheduleName
                    and! page = page
                    return name, page
                })
                (sends<ScheduleRunPage> "A page.")
                Schedules.runs
            |> refusing [ noSchedule ]
            operation
                "pauseSchedule"
                "pause"
                "Pauses a schedule: it starts no runs until it is resumed. Runs that have already started continue."
                (sends<Schedule> "The schedule as it is now.")
                Schedules.pause
            operation
                "resumeSchedule"
                "resume"
                "Resumes a schedule. Runs that would have been due in the meantime are not made up for."
                (sends<Schedule> "The schedule as it is now.")
                Schedules.resume
            operation
                "triggerSchedule"
                "trigger"
                "Starts a run of a schedule now, regardless of its due times, even while it is paused."
                (sends<TriggeredRun> "The run.")
                Schedules.trigger
        ]
        |> about "Schedules"
