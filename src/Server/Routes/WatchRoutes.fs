namespace GopherFlow.Server

open GopherFlow.Contract

/// Executors, settings and live events.
module internal WatchRoutes =

    open Inputs
    open Route
    open RouteParts

    let all =
        [
            get
                "getThroughput"
                "/api/throughput"
                "How many workflows ended in each minute of the last hour, by the steps of all executors. The cost does not depend on the number of workflows."
                nothing
                (sends<Throughput> "The minutes.")
                Activity.throughput
            get
                "listUpcoming"
                "/api/upcoming"
                "The workflows that are due next, earliest first. Large variables are omitted."
                (limit 20 100)
                (sends<Workflow list> "The workflows.")
                Activity.upcoming
            get
                "getLate"
                "/api/late"
                "Workflows that should have continued by now: they are due but not claimed, or have been in a step for much longer than usual. The cost does not depend on the number of workflows."
                nothing
                (sends<Late> "The late workflows; at most 50 of each kind.")
                Lateness.late
            get
                "listExecutors"
                "/api/executors"
                "Executors, the most recently active first; at most 100."
                nothing
                (sends<Executor list> "The executors.")
                Executors.list
            get
                "getExecutorWork"
                "/api/executors/{id}/work"
                "The workflows that an executor is running now."
                (pathId "id" "an executor")
                (sends<ExecutorWork> "Its workflows; at most 100.")
                Executors.work
            getAsAdmin
                "listSettings"
                "/api/settings"
                "The settings of this server, without secrets."
                nothing
                (sends<Setting list> "The settings.")
                SettingsInUse.list
            getAs
                "listen"
                "/api/events"
                "Committed changes as server-sent events: hello, workflow, definition, scripts, and resync when events may be missing. Ends when the caller's session or key ends."
                LiveEvents.input
                (sendsOther "text/event-stream" "The events, until either side ends the stream.")
                LiveEvents.stream
            |> refusing [ Problem.tooManyStreams "This server has 2000 streams open." ]
        ]
        |> about "Watching"
