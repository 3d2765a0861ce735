namespace GopherFlow.Server

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Rules
open GopherFlow.Storage

/// How long a visit to a state usually runs: the mean over the last 20 finished workflows of the type. It is read on demand and cached for
/// five minutes. The cost does not grow with the number of workflows.
[<Sealed>]
type UsualTimes(store: IWorkflowStore, clock: TimeProvider) =

    let workflows = 20
    let life = TimeSpan.FromMinutes 5.

    /// The maximum number of cache entries.
    let most = 1000

    let known =
        ConcurrentDictionary<struct (string * string), struct (DateTimeOffset * TimeSpan option)>()

    let lastFinished (workflowType: string) =
        WorkflowSearch(
            Filter = WorkflowFilter(WorkflowTypes = [ workflowType ], Statuses = [ WorkflowStatus.Finished ]),
            Limit = workflows,
            MaxRowsRead = 1000,
            WithVariables = false
        )

    let read (workflowType: string) (state: string) (cancellation: CancellationToken) : Task<TimeSpan option> =
        task {
            let! found = store.SearchAsync(lastFinished workflowType, cancellation)
            let mutable visits = 0L
            let mutable ran = TimeSpan.Zero

            for workflow in found.Workflows do
                let! sums = store.HistorySumsAsync(workflow.Id, cancellation)

                for sum in sums do
                    if sum.From = state && sum.To <> state && sum.Ran > TimeSpan.Zero then
                        visits <- visits + sum.Count
                        ran <- ran + sum.Ran

            return if visits = 0L then None else Some(ran / float visits)
        }

    /// None if no visit has ended.
    member _.Of(workflowType: string, state: string, cancellation: CancellationToken) : Task<TimeSpan option> =
        task {
            let key = struct (workflowType, state)
            let now = clock.GetUtcNow()

            match known.TryGetValue key with
            | true, struct (until, usual) when now < until -> return usual
            | _ ->
                let! usual = read workflowType state cancellation

                if known.Count >= most then
                    known.Clear()

                known[key] <- struct (now + life, usual)
                return usual
        }
