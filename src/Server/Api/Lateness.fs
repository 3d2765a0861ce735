namespace GopherFlow.Server

open System
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Definitions
open GopherFlow.Rules
open GopherFlow.Storage

/// Workflows that should have continued by now: `late`. Overdue workflows are read from the index of due work, long steps from the index of
/// owned workflows.
module internal Lateness =

    /// How long a workflow may be overdue before it is reported.
    let private gracePeriod = TimeSpan.FromSeconds 30.

    /// Shorter steps are never reported.
    let private shortest = TimeSpan.FromMinutes 1.

    /// A step is reported when it takes more than this many times the usual time.
    let private usualFactor = 2.

    [<Literal>]
    let private Most = 50

    let private overdue (services: Services) (now: DateTimeOffset) (cancellation: CancellationToken) =
        task {
            let! unfinished = Activity.unfinished services cancellation
            let! ids = services.Store.UpcomingAsync(unfinished, Most, cancellation)
            let! found = Workflows.listed services.Store ids cancellation

            return
                found
                |> Seq.filter (fun row -> row.NextActivation.HasValue && row.NextActivation.Value + gracePeriod <= now)
                |> List.ofSeq
        }

    let private running (now: DateTimeOffset) =
        WorkflowSearch(
            Filter = WorkflowFilter(Statuses = [ WorkflowStatus.Executing ], ModifiedBefore = Nullable(now - shortest)),
            Limit = Most,
            WithVariables = false
        )

    /// Each with its usual time; steps without a usual time are left out.
    let private long (services: Services) (now: DateTimeOffset) (cancellation: CancellationToken) =
        task {
            let! found = services.Store.SearchAsync(running now, cancellation)
            let long = ResizeArray<WorkflowRecord * TimeSpan>()

            for row in found.Workflows do
                match! services.UsualTimes.Of(row.WorkflowType, row.State, cancellation) with
                | Some usual when now - row.Modified > usualFactor * usual -> long.Add(row, usual)
                | _ -> ()

            return List.ofSeq long
        }

    /// GET /api/late.
    let late (services: Services) () : Handler =
        fun http ->
            task {
                let now = services.Clock.GetUtcNow()
                let! overdue = overdue services now http.RequestAborted
                let! long = long services now http.RequestAborted

                let listed rows =
                    Responses.list (Services.canRun services) now rows

                let answer: Late = {
                    Overdue = listed overdue
                    More = overdue.Length = Most
                    LongRuns =
                        List.map2
                            (fun (workflow: Workflow) (row: WorkflowRecord, usual: TimeSpan) -> {
                                Workflow = workflow
                                Since = row.Modified
                                UsualSeconds = usual.TotalSeconds
                            })
                            (listed (List.map fst long))
                            long
                }

                return Content answer
            }
