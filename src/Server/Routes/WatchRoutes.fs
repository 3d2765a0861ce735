namespace GopherFlow.Server

open GopherFlow.Contract

/// What runs, what is set, and what happens now.
module internal WatchRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            get
                "getThroughput"
                "/api/throughput"
                "How many workflows ended in each minute of the last hour, by the steps of all executors. It costs the same however many there are."
                nothing
                (sends<Throughput> "The minutes.")
                Activity.throughput
            get
                "listUpcoming"
                "/api/upcoming"
                "The workflows that are due next, the first due before the others, without their variables when those are large."
                (limit 20 100)
                (sends<Workflow list> "The workflows.")
                Activity.upcoming
            get
                "getLate"
                "/api/late"
                "What should have gone on by now: due and not taken, or in a step for far longer than usual. It costs the same however many workflows there are."
                nothing
                (sends<Late> "What is late; at most 50 of each.")
                Lateness.late
            get
                "listExecutors"
                "/api/executors"
                "Executors, the one last active first; at most 100."
                nothing
                (sends<Executor list> "The executors.")
                Executors.list
            get
                "getExecutorWork"
                "/api/executors/{id}/work"
                "What an executor runs now."
                (pathId "id" "an executor")
                (sends<ExecutorWork> "Its workflows; at most 100.")
                Executors.work
            getAsAdmin
                "listSettings"
                "/api/settings"
                "The settings under which this server runs, without secrets."
                nothing
                (sends<Setting list> "The settings.")
                SettingsInUse.list
            getAs
                "listen"
                "/api/events"
                "What is committed, as server-sent events: hello, workflow, definition, scripts, and resync when events may be missing. Ends with the caller's session or key."
                LiveEvents.input
                (sendsOther "text/event-stream" "The events, until one side ends them.")
                LiveEvents.stream
            |> refusing [ Problem.tooManyStreams "This server has 2000 streams open." ]
        ]
        |> about "Watching"
